import type { WriterId } from '@rejoin/base'
import type { WaitingRow } from './load-rows.ts'

/**
 * Where that begins, of the unsealed rows of an entity in their order, which cannot do without the lost ones. Nobody
 * can say of which group a lost row was: of the last one before it, or of one that was still written to when that had
 * begun. No group is ever sent without one of its rows, also none that is taken along.
 */
export function beginningOf(lost: ReadonlySet<number>, rows: readonly WaitingRow[]): number {
  let from = Math.min(...[...lost].map((row) => lastGroupBefore(row, rows)))
  for (;;) {
    const isTied = tiedTo(from, lost, rows)
    const first = rows.find((row) => row.info.row < from && isTied(row))
    if (first === undefined) return from
    from = first.info.row
  }
}

function lastGroupBefore(lost: number, rows: readonly WaitingRow[]): number {
  const group = rows.reduce((last, { info }) => (info.group <= lost ? Math.max(last, info.group) : last), 0)
  const ofGroup = rows.filter(({ info }) => group !== 0 && info.group === group)
  return Math.min(lost, ...ofGroup.map(({ info }) => info.row))
}

/** Whether a row before `from` is of a group that goes on behind it, or may. */
function tiedTo(from: number, lost: ReadonlySet<number>, rows: readonly WaitingRow[]): (row: WaitingRow) => boolean {
  const later = rows.filter(({ info }) => info.row >= from)
  const groups = new Set(later.map(({ info }) => info.group))
  // When a lost row was begun is not known, only that it was not before the row in front of it.
  const isHidden = lost.has(from) && from < Math.max(...lost)
  const inFront = isHidden ? rows.findLast(({ info }) => info.row < from) : undefined
  const begun = new Map<WriterId, number>()
  for (const { record } of inFront === undefined ? later : [inFront, ...later]) {
    const first = record.writes[0]?.transaction ?? 0
    begun.set(record.writer, Math.min(first, begun.get(record.writer) ?? first))
  }
  // Transactions are numbered in their order: what was written to after that had begun was made in the same moment.
  return ({ info, record }) =>
    info.group !== 0 &&
    (groups.has(info.group) ||
      (record.writes.at(-1)?.transaction ?? 0) > (begun.get(record.writer) ?? Number.POSITIVE_INFINITY))
}
