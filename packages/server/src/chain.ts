import { ByteWriter, encodings } from '@rejoin/base'
import type { DocumentKey, Generation } from '@rejoin/base'
import { rowKinds } from './log/records.ts'
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
  const out = new ByteWriter(row.bytes.length + 256)
    .raw(previous)
    .number(row.seq)
    .byte(rowKinds.indexOf(row.kind))
    .text(names.key)
    .number(names.generation.number)
    .text(names.generation.id)
    .text(names.writer)
    .number(row.n)
    .number(row.group)
    .number(row.stamp)
    .byte(encodings.indexOf(row.encoding))
    .bytes(row.bytes)
  return hashes.digest(out.view()).slice(0, hashBytes)
}
