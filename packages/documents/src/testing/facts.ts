import type { Change } from '../engine.ts'
import type { History, Write } from './history.ts'
import type { HistoryFacts } from './statistics.ts'

/** Of a history of one document; its replicas are those that wrote. */
export const factsOf = ({ writes }: History): HistoryFacts => ({
  replicas: new Set(writes.map(({ replica }) => replica)).size,
  operations: writes.length,
  isConcurrent: writes.some((one, i) => writes.slice(0, i).some((other) => isUnseen(one, other) && meet(one, other))),
})

const isUnseen = (one: Write, other: Write): boolean => other.replica !== one.replica && !one.before.includes(other)

/** Whether two writes touch one key, or one sequence. */
function meet(one: Write, other: Write): boolean {
  const places = new Set(one.changes.map(placeOf))
  return other.changes.some((change) => places.has(placeOf(change)))
}

const placeOf = (change: Change): string => (change.root === 'registers' ? `registers ${change.key}` : change.root)
