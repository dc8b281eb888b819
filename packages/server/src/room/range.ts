import { invariant } from '@rejoin/base'
import { cutFrames, encodeServerFrame } from '@rejoin/protocol'
import type { DocumentDeclaration, FocusedFrame, AuthorFrame, Limits, RangeEntry, RangeFrame } from '@rejoin/protocol'
import type { LogRow } from '../log/records.ts'
import type { RowName } from './records.ts'

/** One frame ready to be sent to any connection, with the names that must be declared before it. */
export interface Packed {
  readonly documents: readonly DocumentDeclaration[]
  readonly authors: readonly AuthorFrame[]
  readonly bytes: Uint8Array
}

export type Names = ReadonlyMap<LogRow, RowName>

/** A range or a focused document as frames, none over the limits. */
export function pack(
  frame: RangeFrame | FocusedFrame,
  rows: readonly LogRow[],
  names: Names,
  limits: Limits,
): readonly Packed[] {
  const bySlot = new Map<number, DocumentDeclaration>()
  const byWriter = new Map<number, AuthorFrame>()
  for (const row of rows) {
    const name = nameOf(row, names)
    bySlot.set(name.document.slot, name.document)
    if (row.kind !== 'snapshot' && name.author !== undefined) byWriter.set(name.author.slot, name.author)
  }
  return cutFrames(frame, limits).map((part) => ({
    documents: used(part.entries.map((entry) => bySlot.get(entry.document))),
    authors: used(part.entries.map((entry) => (entry.kind === 'snapshot' ? undefined : byWriter.get(entry.writer)))),
    bytes: encodeServerFrame(part),
  }))
}

export function nameOf(row: LogRow, names: Names): RowName {
  const name = names.get(row)
  invariant(name !== undefined, 'rows are named before they are sent')
  return name
}

/** An entry row as the wire has it. */
export function entryOf(row: LogRow, names: Names): RangeEntry {
  const name = nameOf(row, names)
  const { encoding, bytes } = row
  const document = name.document.slot
  if (row.kind === 'snapshot') return { kind: 'snapshot', document, encoding, bytes }
  invariant(row.kind === 'update' || row.kind === 'recovery', 'only entries are sent')
  invariant(name.author !== undefined, 'the writer of an entry is in the log')
  return { kind: row.kind, document, writer: name.author.slot, n: row.n, encoding, bytes }
}

const used = <T>(values: readonly (T | undefined)[]): readonly T[] => [
  ...new Set(values.filter((value): value is T => value !== undefined)),
]
