import { invariant } from '@rejoin/base'
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { Columns } from './seal.ts'

/** Prepares each statement once, when it is first used. */
export class Statements {
  readonly #database: DatabaseSync
  readonly #prepared = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepare(sql).run(...values)
  }

  one(sql: string, ...values: SQLInputValue[]): Columns | undefined {
    const row: unknown = this.#prepare(sql).get(...values)
    return row === undefined ? undefined : columns(row)
  }

  all(sql: string, ...values: SQLInputValue[]): Columns[] {
    return this.#prepare(sql)
      .all(...values)
      .map(columns)
  }

  *each(sql: string, ...values: SQLInputValue[]): Generator<Columns> {
    for (const row of this.#prepare(sql).iterate(...values)) yield columns(row)
  }

  #prepare(sql: string): StatementSync {
    const known = this.#prepared.get(sql)
    if (known !== undefined) return known
    const made = this.#database.prepare(sql)
    made.setReturnArrays(true)
    this.#prepared.set(sql, made)
    return made
  }
}

function columns(row: unknown): Columns {
  invariant(Array.isArray(row), 'a row is an array of columns')
  return row
}
