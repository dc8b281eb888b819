import type { DocumentRecord, LogRow } from '@rejoin/server'
import { createHash } from 'node:crypto'

/** The chain of a space as the server's SPEC has it, written a second time: a judge that shares no code with it. */
export function chainOf(
  before: Uint8Array,
  row: Omit<LogRow, 'chain' | 'document' | 'writer'>,
  names: Pick<DocumentRecord, 'generation'> & { readonly key: string; readonly writer: string },
): Uint8Array {
  const { key, generation, writer } = names
  const digest = createHash('sha256')
    .update(before)
    .update(`${key}\n${generation.number} ${generation.id}\n${writer}\n`)
    .update(`${row.seq} ${row.kind} ${row.n} ${row.group} ${row.stamp} ${row.encoding}\n`)
    .update(row.bytes)
    .digest()
  return Uint8Array.from(digest.subarray(0, 16))
}
