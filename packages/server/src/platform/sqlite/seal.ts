import { RejoinError } from '@rejoin/base'
import { crc32 } from 'node:zlib'
import type { SQLInputValue } from 'node:sqlite'

/** One row as SQLite gives it, in the order of the columns named in the query. */
export type Columns = readonly unknown[]

/**
 * The columns of a row and behind them their checksum, the place of the row included. SQLite notices damage to its
 * own structure only: a bit that turns over in a number would give an entry to another document, or an answer to
 * another writer. CRC-32 is against accidents of the disk, not against people.
 */
export const sealed = (values: readonly SQLInputValue[]): SQLInputValue[] => [...values, sumOf(values)]

/** The columns without the checksum. Throws `storage-corrupt` if they are not those that were written. */
export function unsealed(columns: Columns, what: string): Columns {
  const values = columns.slice(0, -1)
  if (sumOf(values) !== columns.at(-1)) throw damaged(`A row of ${what} is damaged: its checksum does not fit.`)
  return values
}

export const damaged = (message: string): RejoinError => new RejoinError('storage-corrupt', message)

function sumOf(values: Columns): number {
  let sum = 0
  let text = ''
  for (const value of values) {
    if (value instanceof Uint8Array) sum = crc32(value, sum)
    else text += `${String(value)}|`
  }
  return crc32(text, sum)
}
