import { auditTape } from '../oracle/audit.ts'
import { Replay } from '../oracle/replay.ts'
import { engineOf, kinds, spaces } from '../world/app.ts'
import type { EngineName } from '../world/app.ts'
import type { World } from '../world/world.ts'
import type { Read } from './pages.ts'

/** Whether the log as it was written is sound, and reads as the replicas show it. */
export function checkTape(world: World, expected: ReadonlyMap<string, Read>): void {
  const { tape, oracle, wrong, schedule } = world
  const mayRepeat = forgetfulIn(world)
  const { automerge } = schedule.conditions
  const engines = new Map<string, EngineName>(kinds.map((kind) => [kind, engineOf(kind, automerge)]))
  const engineOfDocument = (document: string): EngineName => engines.get(document.split('/', 1)[0] ?? '') ?? 'yjs'
  for (const space of spaces) {
    const rows = tape.rows(space)
    wrong.push(...auditTape(space, rows, { mayRepeat, engineOf: engineOfDocument }))
    const replay = new Replay(rows)
    for (const place of oracle.places) {
      const page = place.space === space ? expected.get(`${space}/${place.kind}/${place.id}`)?.page : undefined
      if (page !== undefined) wrong.push(...replay.wrongIn(`${place.kind}/${place.id}`, page))
    }
  }
}

/**
 * Whose store was damaged, set back or copied: that sends again under new ids what it does not know to have sent. Who
 * wrote what was never answered is not known here.
 */
function forgetfulIn({ people, acknowledged }: World): (writer: string) => boolean {
  const forgetful = new Set(people.filter(({ hasForgotten }) => hasForgotten).map(({ replica }) => replica.name))
  const replicas = new Map(acknowledged.map(({ writer, replica }) => [writer, replica]))
  return (writer) => {
    const replica = replicas.get(writer)
    return replica === undefined ? forgetful.size > 0 : forgetful.has(replica)
  }
}

/** Whether the log as it stands has nothing twice, and every entry that a replica was told it has. */
export async function checkLog({ server, tape, acknowledged, wrong }: World): Promise<void> {
  const running = server.server
  if (running === undefined) return
  for (const space of tape.spaces) {
    const ids = new Set<string>()
    let last = 0
    for await (const { seq, kind, writer, n } of running.entries(space)) {
      if (seq <= last) wrong.push(`[I5] ${space} has ${seq} after ${last}`)
      last = seq
      if (kind === 'snapshot') continue
      if (ids.has(`${writer}/${n}`)) wrong.push(`[I4] ${space} has entry ${writer}/${n} twice`)
      ids.add(`${writer}/${n}`)
    }
    const accepted = await running.accepted(space)
    for (const entry of acknowledged) {
      if (entry.space !== space) continue
      const runs = [...accepted].find(([writer]) => writer === entry.writer)?.[1] ?? []
      const isThere = runs.some((first, i) => i % 2 === 0 && first <= entry.n && entry.n <= (runs[i + 1] ?? 0))
      if (!isThere)
        wrong.push(`[I1] entry ${entry.writer}/${entry.n} was acknowledged to ${entry.replica} and is not in ${space}`)
    }
  }
}
