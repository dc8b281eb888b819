import {
  BytesError,
  ByteReader,
  ByteWriter,
  encodings,
  entryKinds,
  isStamp,
  noStamp,
  wallOf,
  stampAt,
} from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import { DocumentSlots } from './document-slots.ts'
import type { PushEntry } from './entries.ts'
import { nameAt, readCount, tooLarge } from './field.ts'
import type { Field } from './field.ts'
import type { PushFrame } from './client-frames.ts'
import type { Limits } from './limits.ts'

/**
 * The body of `push`: writer slot, count, entries. An entry is told by what its neighbours do not imply: a steady
 * stream costs flags and length, and the step of the stamp when the clock went on.
 *
 * flags (1 byte)
 * - 1, 2 document: 0 the last entry's, 1 that + 1, 2 number, 3 the one before (see `DocumentSlots`)
 * - 4 stamp: number of milliseconds after the last entry's, counter 0; else the last entry's (the first: none)
 * - 8, 16 after: 0 none, 1 the frame's last entry of this document, 2 the same writer's `n - number`, 3 writer slot, number
 * - 32, 64 group: 0 alone, 1 the last entry's, 2 this one begins a group of two
 * - 128 rare: a second byte of flags: 1 n: number, else the last n + 1 (the first: 1); 2 stamp: number;
 *   4 group: first number, size; 8 kind × 16 + encoding: byte, else the last entry's (the first: update, yjs-1)
 *
 * then what they announce, in the order n, document, stamp, after, group, kind and encoding; then the bytes.
 */
const flag = { stampStep: 4, after: 8, group: 32, rare: 128 } as const
const rare = { n: 1, stamp: 2, group: 4, kind: 8, all: 15 } as const
const afterMode = { none: 0, lastOfDocument: 1, sameWriter: 2, otherWriter: 3 } as const
const groupMode = { alone: 0, same: 1, pair: 2, explicit: 3 } as const

type PushBody = Omit<PushFrame, 'kind'>

export const pushBody: Field<PushBody> = {
  shape:
    '{writer:number entries:[flags(document2 stamp1 after2 group2 rare(n stamp group kind)) n document stamp after group ' +
    `kind(${entryKinds.join(' ')})*16+encoding(${encodings.join(' ')}) bytes](entriesPerFrameMax)}`,
  write: (out, { writer, entries }) => {
    out.number(writer).number(entries.length)
    const walk = new Walk(writer)
    for (const entry of entries) writeEntry(out, entry, walk)
  },
  read: (from, limits) => {
    const walk = new Walk(from.number())
    const entries: PushEntry[] = []
    for (let count = readCount(from, limits, 'entriesPerFrameMax'); count > 0; count--)
      entries.push(readEntry(from, walk, limits))
    return { writer: walk.writer, entries }
  },
}

/** What both sides know of the entries before. */
class Walk {
  readonly writer: number
  readonly documents = new DocumentSlots()
  readonly lastOf = new Map<number, number>()
  n = 0
  stamp: Stamp = noStamp
  group = 0
  groupSize = 1
  kind = 0

  constructor(writer: number) {
    this.writer = writer
  }

  pass(
    { document, n, stamp, group, groupSize }: Pick<PushEntry, 'document' | 'n' | 'stamp' | 'group' | 'groupSize'>,
    kind: number,
  ): void {
    this.lastOf.set(document, n)
    this.n = n
    this.stamp = stamp
    this.group = group
    this.groupSize = groupSize
    this.kind = kind
  }
}

function writeEntry(out: ByteWriter, entry: PushEntry, walk: Walk): void {
  const { n, document, stamp, after, group, groupSize, bytes } = entry
  const kind = entryKinds.indexOf(entry.kind) * 16 + encodings.indexOf(entry.encoding)
  const documentMode = walk.documents.mode(document)
  const stepMs = stamp === walk.stamp ? 0 : stepBetween(walk.stamp, stamp)
  const afterIs = afterModeOf(entry, walk)
  const groupIs = groupModeOf(entry, walk)
  const rareFlags =
    (n === walk.n + 1 ? 0 : rare.n) |
    (stepMs === undefined ? rare.stamp : 0) |
    (groupIs === groupMode.explicit ? rare.group : 0) |
    (kind === walk.kind ? 0 : rare.kind)
  out.byte(
    documentMode |
      (stepMs === undefined || stepMs === 0 ? 0 : flag.stampStep) |
      (afterIs * flag.after) |
      (groupIs === groupMode.explicit ? 0 : groupIs * flag.group) |
      (rareFlags === 0 ? 0 : flag.rare),
  )
  if (rareFlags !== 0) out.byte(rareFlags)
  if (rareFlags & rare.n) out.number(n)
  walk.documents.write(out, document, documentMode)
  if (stepMs === undefined) out.number(stamp)
  else if (stepMs > 0) out.number(stepMs)
  if (after && afterIs === afterMode.sameWriter) out.number(n - after.n)
  if (after && afterIs === afterMode.otherWriter) out.number(after.writer).number(after.n)
  if (groupIs === groupMode.explicit) out.number(group).number(groupSize)
  if (rareFlags & rare.kind) out.byte(kind)
  out.bytes(bytes)
  walk.pass(entry, kind)
}

function readEntry(from: ByteReader, walk: Walk, limits: Limits): PushEntry {
  const flags = from.byte()
  const rareFlags = flags & flag.rare ? from.byte() : 0
  if (rareFlags > rare.all) throw new BytesError('unknown flags')
  const n = rareFlags & rare.n ? from.number() : walk.n + 1
  if (n < 1 || !Number.isSafeInteger(n)) throw new BytesError('entries are numbered from 1')
  const document = walk.documents.read(from, flags & 3)
  const stamp = readStamp(from, walk.stamp, (flags & flag.stampStep) !== 0, (rareFlags & rare.stamp) !== 0)
  const after = readAfter(from, (flags >> 3) & 3, n, walk.lastOf.get(document), walk.writer)
  const { group, groupSize } = readGroup(from, (flags >> 5) & 3, (rareFlags & rare.group) !== 0, n, walk)
  if (groupSize > limits.groupEntriesMax) throw tooLarge('groupEntriesMax', groupSize, limits)
  const kindByte = rareFlags & rare.kind ? from.byte() : walk.kind
  const kind = nameAt(entryKinds, kindByte >> 4)
  const encoding = nameAt(encodings, kindByte & 15)
  const entry = { n, kind, document, after, group, groupSize, stamp, encoding, bytes: from.bytes() }
  walk.pass(entry, kindByte)
  return entry
}

/** Whole milliseconds from one stamp to a later one with counter 0; undefined if a step cannot say it. */
function stepBetween(last: Stamp, stamp: Stamp): number | undefined {
  const step = wallOf(stamp) - wallOf(last)
  return step > 0 && stampAt(wallOf(stamp)) === stamp ? step : undefined
}

function readStamp(from: ByteReader, last: Stamp, isStep: boolean, isWhole: boolean): Stamp {
  if (isStep && isWhole) throw new BytesError('a stamp is told once')
  const stamp = isWhole ? from.number() : isStep ? readStep(from, last) : last
  if (!isStamp(stamp)) throw new BytesError('not a stamp')
  return stamp
}

function readStep(from: ByteReader, last: Stamp): Stamp {
  const stamp = stampAt(wallOf(last) + from.number())
  if (stamp <= last) throw new BytesError('a step of a stamp goes forward')
  return stamp
}

function afterModeOf({ n, document, after }: PushEntry, walk: Walk): number {
  if (after === undefined) return afterMode.none
  if (after.writer !== walk.writer || after.n >= n) return afterMode.otherWriter
  return after.n === walk.lastOf.get(document) ? afterMode.lastOfDocument : afterMode.sameWriter
}

function readAfter(
  from: ByteReader,
  mode: number,
  n: number,
  last: number | undefined,
  writer: number,
): PushEntry['after'] {
  if (mode === afterMode.none) return undefined
  if (mode === afterMode.otherWriter) return { writer: from.number(), n: positive(from.number()) }
  if (mode === afterMode.sameWriter) return { writer, n: positive(n - positive(from.number())) }
  if (last === undefined) throw new BytesError('no entry of this document before this one')
  return { writer, n: last }
}

function groupModeOf({ n, group, groupSize }: PushEntry, walk: Walk): number {
  if (group === 0 && groupSize === 1) return groupMode.alone
  if (group === walk.group && groupSize === walk.groupSize) return groupMode.same
  return group === n && groupSize === 2 ? groupMode.pair : groupMode.explicit
}

function readGroup(
  from: ByteReader,
  mode: number,
  isExplicit: boolean,
  n: number,
  walk: Walk,
): { group: number; groupSize: number } {
  if (isExplicit && mode !== 0) throw new BytesError('a group is told once')
  if (isExplicit) return checkGroup(n, from.number(), from.number())
  if (mode === groupMode.alone) return { group: 0, groupSize: 1 }
  if (mode === groupMode.same) return checkGroup(n, walk.group, walk.groupSize)
  if (mode === groupMode.pair) return { group: n, groupSize: 2 }
  throw new BytesError('unknown flags')
}

/** A group has two members at least, with consecutive numbers, and this entry is one of them. */
function checkGroup(n: number, group: number, groupSize: number): { group: number; groupSize: number } {
  if (group < 1 || groupSize < 2 || n < group || n >= group + groupSize)
    throw new BytesError('not an entry of its group')
  return { group, groupSize }
}

function positive(n: number): number {
  if (n < 1) throw new BytesError('entries are numbered from 1')
  return n
}
