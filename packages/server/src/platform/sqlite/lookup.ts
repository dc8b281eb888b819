import type { SQLInputValue } from 'node:sqlite'
import { damaged } from './seal.ts'
import type { Columns } from './seal.ts'
import type { Statements } from './statements.ts'

/** How rows of a table are found by a unique key. */
export interface Lookup<T> {
  readonly at: string
  /** The keys of the index, without their rows: at the place, and next to it on both sides. */
  readonly beside: readonly string[]
  readonly read: (columns: Columns) => T
}

/** `columns` end with the checksum, which `read` verifies; `key` is that of an index. */
export function lookup<T>(
  table: string,
  columns: string,
  key: readonly string[],
  read: (columns: Columns) => T,
): Lookup<T> {
  const names = key.join(', ')
  const values = `(${key.map(() => '?').join(', ')})`
  const keys = `SELECT ${names} FROM ${table} WHERE (${names})`
  return {
    at: `SELECT ${columns} FROM ${table} WHERE (${names}) = ${values}`,
    beside: [
      `${keys} = ${values}`,
      `${keys} < ${values} ORDER BY ${key.map((name) => `${name} DESC`).join(', ')} LIMIT 1`,
      `${keys} > ${values} ORDER BY ${names} LIMIT 1`,
    ],
    read,
  }
}

/**
 * Undefined if there is no such row. A key that was damaged on the disk is not found under its name; it lies where
 * the search ends, so a miss counts only if the keys there have rows, and these are sound. Throws `storage-corrupt` otherwise.
 */
export function find<T>(
  statements: Statements,
  { at, beside, read }: Lookup<T>,
  ...key: readonly SQLInputValue[]
): T | undefined {
  const row = statements.one(at, ...key)
  if (row !== undefined) return read(row)
  for (const sql of beside) {
    const neighbour = statements.one(sql, ...key)
    if (neighbour === undefined) continue
    const found = statements.one(at, ...neighbour.map(keyPart))
    if (found === undefined) throw damaged('The log is damaged: an index names a row that is not there.')
    read(found)
  }
  return undefined
}

function keyPart(value: unknown): number | string {
  if (typeof value === 'number' || typeof value === 'string') return value
  throw damaged('The log is damaged: a key is neither a number nor a text.')
}
