import { RejoinError } from '@rejoin/base'
import type { ChunkReader } from './chunk-reader.ts'

/**
 * How many operations so many bytes of updates may hold. Deletions of a row of elements take no room but for the first,
 * so 60 bytes can ask for as many operations as there are numbers, each of which takes memory when it is read.
 */
export const operationsMax = (bytes: number): number => 2 ** 20 + 4 * bytes

/** Throws `too-large` if nobody would take in a deletion of so many. */
export function refuseTooMany(count: number): void {
  const most = operationsMax(0)
  if (count > most) throw new RejoinError('too-large', `${count} elements are deleted at once; ${most} can be.`)
}

/** The last three bits of a column's name. */
const types = { group: 0, flags: 4, text: 5, raw: 7 } as const
/** The next bit, which only columns of documents have. */
const compressed = 8
/** What the operations do, and how many others each of them replaces. */
const columns = { actions: 0x42, replaced: 0x70 } as const
const deletion = 3

/** So many rows with one value, which is told of columns of small numbers. */
interface Run {
  readonly rows: number
  readonly value: number
}

/**
 * How many operations a change can ask for, where the reader stands behind its actor: as many as its longest column has
 * rows. Throws on what is no change, and on one that deletes nothing: Automerge takes it in, and fails on it later.
 */
export function countOperations(reader: ChunkReader): number {
  // Its number, that of its first operation, and its time.
  for (let skipped = 0; skipped < 3; skipped++) reader.skipNumber()
  reader.skip(reader.count(1))
  for (let actors = reader.count(1); actors > 0; actors--) reader.skip(reader.count(1))
  const count = reader.count(2)
  const names = reader.fork()
  for (let left = 2 * count; left > 0; left--) reader.skipNumber()
  let most = 0
  let actions: readonly Run[] = none
  let replaced: readonly Run[] = none
  for (let left = count; left > 0; left--) {
    const name = names.number()
    const end = names.number() + reader.at
    if (name % 16 >= compressed) throw new Error('a column of a change is compressed')
    // Most changes delete nothing, and need no more than to be counted.
    if (name === columns.actions && reader.includes(deletion, end)) actions = readRuns(reader.fork(), name % 8, end)
    if (name === columns.replaced && actions.length > 0) replaced = readRuns(reader.fork(), name % 8, end)
    if (name % 8 !== types.raw) most = Math.max(most, countRows(reader, name % 8, end))
    reader.at = end
  }
  if (deletesNothing(actions, replaced)) throw new Error('a change deletes nothing')
  return most
}

const none: readonly never[] = []

/** How many rows there are; of a group, also as many as its values add up to: they stand in other columns. */
function countRows(reader: ChunkReader, type: number, end: number): number {
  let rows = 0
  let grouped = 0
  while (reader.at < end) {
    const run = type === types.flags ? 0 : reader.signed()
    if (run === 0) {
      rows += reader.number()
      continue
    }
    const times = Math.max(run, 1)
    for (let values = Math.max(-run, 1); values > 0 && reader.at < end; values--) {
      rows += times
      grouped += times * readValue(reader, type)
    }
  }
  return type === types.group ? Math.max(rows, grouped) : rows
}

/** Runs are so many times one value, so many values, or so many rows without any. */
function readRuns(reader: ChunkReader, type: number, end: number): readonly Run[] {
  const runs: Run[] = []
  while (reader.at < end) {
    const run = type === types.flags ? 0 : reader.signed()
    if (run === 0) {
      runs.push({ rows: reader.number(), value: 0 })
      continue
    }
    for (let values = Math.max(-run, 1); values > 0 && reader.at < end; values--)
      runs.push({ rows: Math.max(run, 1), value: readValue(reader, type) })
  }
  return runs
}

function readValue(reader: ChunkReader, type: number): number {
  if (type === types.group || type === columns.actions % 8) return reader.number()
  if (type === types.text) reader.skip(reader.count(1))
  else reader.skipNumber()
  return 0
}

/** Whether there is a deletion that replaces no operation. */
function deletesNothing(actions: readonly Run[], replaced: readonly Run[]): boolean {
  let row = 0
  let [index, end] = [-1, 0]
  for (const { rows, value } of actions) {
    const last = row + rows
    while (row < last) {
      while (end <= row && index < replaced.length) end += replaced[++index]?.rows ?? 0
      if (value === deletion && (replaced[index]?.value ?? 0) === 0) return true
      row = end > row ? Math.min(end, last) : last
    }
  }
  return false
}
