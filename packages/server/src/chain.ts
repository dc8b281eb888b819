import { invariant } from '@rejoin/base'
import type { DocumentKey, Generation } from '@rejoin/base'
import type { LogRow } from './log/records.ts'
import type { Hashes } from './ports.ts'

/** Bytes of a chain hash: SHA-256, truncated. */
export const hashBytes = 16

/** What a row says about its document or writer beyond the numbers, bound by the chain. */
export interface RowNames {
  readonly key: DocumentKey | ''
  readonly generation: Generation
  readonly writer: string
}

/**
 * The chain of a space: the hash at a row covers the row and the hash before it, so two logs with an equal
 * hash at a number are equal up to it. Rows that a fold removes keep their part in it.
 */
export function chainAfter(
  hashes: Hashes,
  previous: Uint8Array,
  row: Omit<LogRow, 'chain'>,
  names: RowNames,
): Uint8Array {
  const { key, generation, writer } = names
  const text = `${key}\n${generation.number} ${generation.id}\n${writer}\n`
  const numbers = `${row.seq} ${row.kind} ${row.n} ${row.group} ${row.stamp} ${row.encoding}\n`
  return hashes.digest(join(previous, text + numbers, row.bytes)).slice(0, hashBytes)
}

/** Grows to the largest row; the names and numbers above are ASCII and under this. */
const headBytesMax = 1024
const utf8 = new TextEncoder()
let scratch = new Uint8Array(4096)

/** One run of bytes for the digest, in memory that is used again: this runs for every entry. */
function join(previous: Uint8Array, head: string, bytes: Uint8Array): Uint8Array {
  const needed = previous.length + headBytesMax + bytes.length
  if (scratch.length < needed) scratch = new Uint8Array(needed)
  scratch.set(previous)
  const { written, read } = utf8.encodeInto(head, scratch.subarray(previous.length, previous.length + headBytesMax))
  invariant(read === head.length, 'the names of a row fit')
  const at = previous.length + written
  scratch.set(bytes, at)
  return scratch.subarray(0, at + bytes.length)
}
