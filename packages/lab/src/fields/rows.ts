import type { Stamp } from '@rejoin/base'
import { map, movableList, register, set } from '@rejoin/schema'
import type { FieldDeclaration, MapDraft } from '@rejoin/schema'
import type { Deed } from './deed.ts'
import { doMerging } from './merging.ts'
import type { FieldKind, Shape, Value } from './shape.ts'
import { doWhole } from './whole.ts'

/** Elements, items with their places, lines and votes are a row each; all else is one value. */
export const declareRows = (shape: Shape): Record<string, FieldDeclaration> =>
  Object.fromEntries(Object.entries(shape).map(([name, { kind }]) => [name, declared(kind)]))

function declared(kind: FieldKind): FieldDeclaration {
  switch (kind) {
    case 'set':
      return set()
    case 'order':
      return movableList()
    case 'log':
    case 'votes':
      return map()
    // A counter that has a value for each writer is no counter that rows have: theirs is read, changed and written back.
    default:
      return register()
  }
}

/** A row of a log. */
interface Line {
  readonly line: string
  /** When it was written. */
  readonly at: Stamp
}

type Fields = Readonly<Record<string, unknown>>

/** Does it as a careful app on a store of rows does. What it names and is not there any more, or is so already, is left alone. */
export function doRows(
  draft: Fields,
  shape: Shape,
  deed: Exclude<Deed, { do: 'delete' }>,
  nextStamp: () => Stamp,
): void {
  if (deed.do === 'append') return append(draft[deed.field] as MapDraft<unknown, unknown>, deed.line, nextStamp())
  const kind = shape[deed.field]?.kind
  if (kind === 'set' || kind === 'order' || kind === 'votes') doMerging(draft, deed)
  else doWhole(draft, shape, deed)
}

/** Behind every line that is shown, also if one of them has a time that the clock has not come to. */
function append(log: MapDraft<unknown, unknown>, line: string, now: Stamp): void {
  const last = log.names().reduce((max, name) => Math.max(max, (log.get(name) as Line).at), 0)
  const row: Line = { line, at: Math.max(now, last + 1) }
  log.set(`${row.at} ${line}`, row)
}

/** Lines are shown in the order of their times. */
export function shownRows(kind: FieldKind, stored: unknown): Value {
  if (kind !== 'log') return stored as Value
  const rows = Object.values((stored ?? {}) as Readonly<Record<string, Line>>)
  return rows.sort((a, b) => a.at - b.at || (a.line < b.line ? -1 : 1)).map(({ line }) => line)
}
