import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TestRejoin, World } from '../client/world.ts'
import { ClientScene } from './client-scene.ts'
import type { Disturbance, Mending } from './client-scene.ts'
import { clientScenarios } from './client-scenarios.ts'
import type { ClientScenario } from './scenario.ts'
import { inFolder } from './folder.ts'

const kinds = ['storage-full', 'storage-unavailable', 'storage-corrupt'] as const

async function shownBy(world: World, replica: TestRejoin): Promise<string> {
  const views = await world.time.of(replica.notes.list())
  const hashes: string[] = []
  for (const { id } of views) {
    const note = await world.time.of(replica.notes.open(id))
    hashes.push(note?.hash() ?? 'none')
    await world.time.of(note?.close() ?? Promise.resolve())
  }
  return JSON.stringify([views, hashes])
}

/** What the device shows and counts in the end, without anything that chance decides. */
interface End {
  readonly views: string
  readonly rejected: number
  /** What became of each write that was on the disk. */
  readonly receipts: string
}

/** Everything comes to rest in another process on the same file, level and equal to a device that was never disturbed. */
async function endOf(scene: ClientScene): Promise<End> {
  const { world } = scene
  scene.repair()
  const replica = await scene.open()
  await world.level(replica)
  const bob = await world.open()
  await world.level(bob)
  expect(await shownBy(world, replica)).toBe(await shownBy(world, bob))
  const receipts: (string | undefined)[] = []
  for (const id of scene.kept) receipts.push(await world.time.of(replica.receipts.find(id)))
  for (const found of receipts) expect(['stored', 'rejected']).toContain(found)
  const { rejected, ...status } = replica.status.now
  expect(status).toMatchObject({ pending: 0, damaged: 0, lost: 0, storage: 'ok', problem: undefined })
  expect(await world.time.of(replica.quarantine.list())).toHaveLength(rejected)
  const views = JSON.stringify(await world.time.of(replica.notes.list()))
  await world.time.of(bob.close())
  await scene.close()
  return { views, rejected, receipts: receipts.join() }
}

/** The scenario with one disturbance. Returns how many calls there were, and the end. */
async function run(scenario: ClientScenario, disturbance: Disturbance): Promise<{ calls: number; end: End }> {
  return inFolder(async (folder) => {
    const scene = await ClientScene.begin(join(folder, 'replica.sqlite'), disturbance)
    await scenario.run(scene)
    const calls = scene.counted
    const { world, receipts } = scene
    expect(scene.failed > 0).toBe(disturbance.nth <= calls)
    if (disturbance.mending !== 'by a restart' && scenario.restsInTheEnd) {
      scene.repair()
      await world.level(scene.replica)
      for (const { state } of receipts) expect(['stored', 'rejected']).toContain(state)
    }
    const before = receipts.map(({ state }) => state)
    await scene.close()
    // What never came to disk is said to be lost, and nothing else is.
    for (const [index, receipt] of receipts.entries()) {
      const device = await world.time.of(receipt.device.then(() => 'kept').catch(() => 'lost'))
      expect(device).toBe(receipt.state === 'memory' ? 'lost' : 'kept')
      if (before[index] !== 'memory') expect(receipt.state).not.toBe('memory')
    }
    if (scene.failed > 0) expect(scene.complaints.length + world.logged.filter(isComplaint).length).toBeGreaterThan(0)
    return { calls, end: await endOf(scene) }
  })
}

const isComplaint = ({ event }: { readonly event: string }): boolean =>
  /^(store|packing|views|outbox)\..*failed$/.test(event)

const undisturbed = { nth: Number.MAX_SAFE_INTEGER, kind: kinds[0], mending: 'after one call' } as const

/** Every call with every kind of failure and every way out of it; here one way out that lasts, and one kind. */
const isCampaign = process.env['PROPERTY_SEED'] === 'random'
const timeout = isCampaign ? 600_000 : 60_000

function disturbancesOf(nth: number): readonly Disturbance[] {
  const kind = kinds[nth % kinds.length] ?? kinds[0]
  const lasting = nth % 2 === 0 ? 'when told' : 'by a restart'
  if (!isCampaign)
    return [
      { nth, kind, mending: 'after one call' },
      { nth, kind, mending: lasting },
    ]
  const ways: readonly Mending[] = ['after one call', 'when told', 'by a restart']
  return kinds.flatMap((each) => ways.map((mending) => ({ nth, kind: each, mending })))
}

test.each(clientScenarios)(
  '[CL82] whichever call fails, all is as if it had not: $name',
  { timeout },
  async (scenario) => {
    const whole = await run(scenario, undisturbed)
    expect(whole.calls).toBeGreaterThanOrEqual(scenario.callsMin)
    for (let nth = 1; nth <= whole.calls; nth++)
      for (const disturbance of disturbancesOf(nth)) {
        const where = JSON.stringify(disturbance)
        const { end } = await run(scenario, disturbance).catch((cause: unknown) => {
          throw new Error(where, { cause })
        })
        if (disturbance.mending !== 'by a restart') expect(end, where).toEqual(whole.end)
      }
  },
)
