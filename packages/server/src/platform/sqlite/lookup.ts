import type { SQLInputValue } from 'node:sqlite'
import type { Columns } from './seal.ts'
import type { Statements } from './statements.ts'

/** How rows of a table are found by a unique key. */
export interface Lookup<T> {
  readonly at: string
  readonly before: string
  readonly behind: string
  readonly read: (columns: Columns) => T
}

/** `columns` end with the checksum, which `read` verifies; `key` is that of an index. */
export function lookup<T>(
  table: string,
  columns: string,
  key: readonly string[],
  read: (columns: Columns) => T,
): Lookup<T> {
  const select = `SELECT ${columns} FROM ${table} WHERE (${key.join(', ')})`
  const values = `(${key.map(() => '?').join(', ')})`
  return {
    at: `${select} = ${values}`,
    before: `${select} < ${values} ORDER BY ${key.map((name) => `${name} DESC`).join(', ')} LIMIT 1`,
    behind: `${select} > ${values} ORDER BY ${key.join(', ')} LIMIT 1`,
    read,
  }
}

/**
 * Undefined if there is no such row. A key that was damaged on the disk is not found under its name; it lies where
 * the search ends, so a miss counts only if the rows on both sides are sound. Throws `storage-corrupt` otherwise.
 */
export function find<T>(
  statements: Statements,
  { at, before, behind, read }: Lookup<T>,
  ...key: readonly SQLInputValue[]
): T | undefined {
  const row = statements.one(at, ...key)
  if (row !== undefined) return read(row)
  for (const sql of [before, behind]) {
    const neighbour = statements.one(sql, ...key)
    if (neighbour !== undefined) read(neighbour)
  }
  return undefined
}
