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

/**
 * How many operations a change can ask for, where the reader stands behind its actor: as many as its longest column has
 * rows. Throws on what is no change.
 */
export function countOperations(reader: ChunkReader): number {
  // Its number, that of its first operation, and its time.
  for (let skipped = 0; skipped < 3; skipped++) reader.skipNumber()
  reader.skip(reader.count(1))
  for (let actors = reader.count(1); actors > 0; actors--) reader.skip(reader.count(1))
  const columns: (readonly [type: number, length: number])[] = []
  for (let left = reader.count(2); left > 0; left--) {
    const name = reader.number()
    if (name % 16 >= compressed) throw new Error('a column of a change is compressed')
    columns.push([name % 8, reader.number()])
  }
  let most = 0
  for (const [type, length] of columns) {
    const end = reader.at + length
    if (type !== types.raw) most = Math.max(most, countRows(reader, type, end))
    reader.at = end
  }
  return most
}

/** Rows are runs: so many times one value, so many values, or so many without any. */
function countRows(reader: ChunkReader, type: number, end: number): number {
  let [rows, grouped] = [0, 0]
  while (reader.at < end) {
    const run = type === types.flags ? 0 : reader.signed()
    if (run === 0) {
      rows += reader.number()
      continue
    }
    const times = Math.max(run, 1)
    for (let values = Math.max(-run, 1); values > 0 && reader.at < end; values--) {
      rows += times
      if (type === types.text) reader.skip(reader.count(1))
      else if (type === types.group) grouped += times * reader.number()
      else reader.skipNumber()
    }
  }
  return Math.max(rows, grouped)
}
