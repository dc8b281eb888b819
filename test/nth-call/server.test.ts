import { hasNumber, spaceId, writerId } from '@rejoin/base'
import { expect, test } from 'vitest'
import { inFolder } from './folder.ts'
import type { LogDisturbance } from './failing-log.ts'
import { ServerScene } from './server-scene.ts'
import { serverScenarios } from './server-scenarios.ts'
import type { ServerScenario } from './server-scenarios.ts'

const kinds = ['storage-full', 'storage-unavailable', 'storage-corrupt'] as const
const space = spaceId('course-7')

interface End {
  readonly views: string
  readonly receipts: string
  readonly documents: readonly string[]
}

/** What another server on the same folder says, when everything works: it has what was acknowledged, once. */
async function endOf(scene: ServerScene, replicas: Awaited<ReturnType<ServerScenario['run']>>): Promise<End> {
  const { world, acknowledged, receipts } = scene
  await scene.rest(...replicas)
  for (const { state } of receipts) expect(['stored', 'rejected']).toContain(state)
  await scene.replace()
  const accepted = await world.server.accepted(space)
  expect(acknowledged.length).toBeGreaterThan(0)
  for (const { writer, n } of acknowledged) expect(hasNumber(accepted.get(writerId(writer)) ?? [], n)).toBe(true)
  const ids: string[] = []
  const documents: string[] = []
  for await (const entry of world.server.entries(space)) {
    documents.push(entry.document)
    if (entry.kind !== 'snapshot') ids.push(`${entry.writer}-${entry.n}`)
  }
  expect(new Set(ids).size).toBe(ids.length)
  await world.level(...replicas)
  const late = await world.open()
  await world.level(late)
  const shown: string[] = []
  for (const replica of [...replicas, late]) shown.push(JSON.stringify(await world.time.of(replica.notes.list())))
  expect(new Set(shown).size).toBe(1)
  for (const replica of [...replicas, late]) await world.time.of(replica.close())
  await world.stop()
  return {
    views: shown[0] ?? '',
    receipts: receipts.map(({ state }) => state).join(),
    documents: [...new Set(documents)].sort(),
  }
}

async function run(scenario: ServerScenario, disturbance: LogDisturbance): Promise<{ calls: number; end: End }> {
  return inFolder(async (folder) => {
    const scene = await ServerScene.begin(folder, disturbance)
    const replicas = await scenario.run(scene)
    const { counted: calls, failed } = scene.log
    expect(failed > 0).toBe(disturbance.nth <= calls)
    return { calls, end: await endOf(scene, replicas) }
  })
}

test.each(serverScenarios)(
  '[SE42] whichever call to the log fails, all is as if it had not: $name',
  async (scenario) => {
    const whole = await run(scenario, { nth: Number.MAX_SAFE_INTEGER, times: 1, kind: kinds[0] })
    expect(whole.calls).toBeGreaterThanOrEqual(scenario.callsMin)
    for (let nth = 1; nth <= whole.calls; nth++)
      for (const times of [1, Number.POSITIVE_INFINITY]) {
        const where = `${times} from call ${nth} of ${whole.calls} on`
        const { end } = await run(scenario, { nth, times, kind: kinds[nth % kinds.length] ?? kinds[0] }).catch(
          (cause: unknown) => {
            throw new Error(where, { cause })
          },
        )
        expect(end, where).toEqual(whole.end)
      }
  },
)
