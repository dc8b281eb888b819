import { BytesError, ByteReader, ByteWriter, encodings, entryKinds } from '@rejoin/base'
import { DocumentSlots } from './document-slots.ts'
import type { RangeEntry } from './entries.ts'
import { nameAt, readCount } from './field.ts'
import type { Field } from './field.ts'

/**
 * The entries of `range` and `focused`.
 *
 * flags (1 byte)
 * - 1, 2 document, as in `push`
 * - 4 writer: number, else the last entry's — 8 n: number, else this writer's last n in the frame + 1
 * - 16, 32 kind: 0 update, 1 recovery, 2 snapshot (which has neither writer nor n)
 * - 64, 128 encoding: 0 yjs-1, 1 yjs-2, 2 automerge, 3 other
 *
 * then what they announce, in the order document, writer, n; then the bytes.
 */
const flag = { writer: 4, n: 8, kind: 16, encoding: 64 } as const
const kinds = [...entryKinds, 'snapshot'] as const

export const rangeEntries: Field<readonly RangeEntry[]> = {
  shape: `[flags(document2 writer= n+ kind2(${kinds.join(' ')}) encoding2(${encodings.join(' ')})) document writer n bytes](entriesPerFrameMax)`,
  write: (out, entries) => {
    out.number(entries.length)
    const walk = new Walk()
    for (const entry of entries) writeEntry(out, entry, walk)
  },
  read: (from, limits) => {
    const entries: RangeEntry[] = []
    const walk = new Walk()
    for (let count = readCount(from, limits, 'entriesPerFrameMax'); count > 0; count--)
      entries.push(readEntry(from, walk))
    return entries
  },
}

/** What both sides know of the entries before. */
class Walk {
  readonly documents = new DocumentSlots()
  readonly lastN = new Map<number, number>()
  writer: number | undefined

  pass(writer: number, n: number): void {
    this.writer = writer
    this.lastN.set(writer, n)
  }
}

function writeEntry(out: ByteWriter, entry: RangeEntry, walk: Walk): void {
  const mode = walk.documents.mode(entry.document)
  const update = entry.kind === 'snapshot' ? undefined : entry
  const newWriter = update !== undefined && update.writer !== walk.writer
  const newN = update !== undefined && update.n !== (walk.lastN.get(update.writer) ?? 0) + 1
  out.byte(
    mode |
      (newWriter ? flag.writer : 0) |
      (newN ? flag.n : 0) |
      (kinds.indexOf(entry.kind) * flag.kind) |
      (encodings.indexOf(entry.encoding) * flag.encoding),
  )
  walk.documents.write(out, entry.document, mode)
  if (update && newWriter) out.number(update.writer)
  if (update && newN) out.number(update.n)
  if (update) walk.pass(update.writer, update.n)
  out.bytes(entry.bytes)
}

function readEntry(from: ByteReader, walk: Walk): RangeEntry {
  const flags = from.byte()
  const kind = nameAt(kinds, (flags >> 4) & 3)
  const encoding = nameAt(encodings, flags >> 6)
  const document = walk.documents.read(from, flags & 3)
  if (kind === 'snapshot') {
    if (flags & (flag.writer | flag.n)) throw new BytesError('a snapshot has no writer')
    return { kind, document, encoding, bytes: from.bytes() }
  }
  const writer = flags & flag.writer ? from.number() : walk.writer
  if (writer === undefined) throw new BytesError('the first entry names its writer')
  const n = flags & flag.n ? from.number() : (walk.lastN.get(writer) ?? 0) + 1
  if (n < 1 || !Number.isSafeInteger(n)) throw new BytesError('entries are numbered from 1')
  walk.pass(writer, n)
  return { kind, document, writer, n, encoding, bytes: from.bytes() }
}
