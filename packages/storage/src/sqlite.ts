import { err, ok, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { sameBytes } from './bytes.ts'
import { checkBatch, checkKey, checkScan } from './key.ts'
import { openDurable } from './platform/durable.ts'
import type { DatabaseSync, DurableFormat, StatementSync } from './platform/durable.ts'
import { failureOf, rethrow } from './platform/failure.ts'
import { fileIn } from './platform/folder.ts'
import { keySum } from './platform/key-sum.ts'
import { refuseDamagedLog } from './platform/wal.ts'
import type { Batch, Row, Scan, Store, StoreFailure } from './store.ts'

export { openDurable } from './platform/durable.ts'
export { placeFile } from './platform/folder.ts'
export type { DurableFormat, DurableOptions } from './platform/durable.ts'

export interface SqliteStoreOptions {
  /** The most memory for pages, in bytes; 8 MiB if left out. */
  readonly cacheBytes?: number
  /** The file may not grow past this; a commit that would is refused as `storage-full`. No limit if left out. */
  readonly fileBytesMax?: number
}

/** The file made in a folder that is given. */
const fileName = 'replica.sqlite'

const replicaFormat: DurableFormat = {
  name: 'Rejoin replica',
  id: 0x524a4e52,
  version: 3,
  // A value carries the checksum of who wrote it; `sum` is that of the key, which a row is nothing without.
  schema: 'CREATE TABLE kv (key TEXT PRIMARY KEY, value BLOB, sum INTEGER) WITHOUT ROWID',
}

/**
 * A replica's store in one SQLite file. A path that ends in `.sqlite` or `.db` names the file; any other names the
 * folder, which is made if it is not there. Rejects as `openDurable` throws; when the file is open elsewhere,
 * that is `storage-unavailable`.
 */
export async function sqliteStore(folderOrFile: string, options: SqliteStoreOptions = {}): Promise<Store> {
  const file = fileIn(folderOrFile, fileName)
  refuseDamagedLog(file)
  return new SqliteStore(openDurable(file, { ...options, format: replicaFormat }), file)
}

class SqliteStore implements Store {
  readonly durability = 'device'
  readonly #database: DatabaseSync
  readonly #file: string
  readonly #sql: Statements
  #closed = false

  constructor(database: DatabaseSync, file: string) {
    this.#database = database
    this.#file = file
    this.#sql = statements(database)
  }

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    keys.forEach(checkKey)
    return this.#run(() => keys.map((key) => this.#value(key)))
  }

  async scan(scan: Scan): Promise<readonly Row[]> {
    checkScan(scan)
    const { from, to, limit = -1, reverse = false } = scan
    const select = reverse ? this.#sql.scanDown : this.#sql.scanUp
    return this.#run(() => {
      const rows = this.#sound(select.all(from, to, limit), reverse)
      if (reverse) this.#checkFrom(to)
      else this.#checkBelow(from)
      // Not at the far bound: a damaged key that ended the scan lies right behind the last row.
      const [end] = rows.at(-1) ?? []
      if (rows.length === limit) return rows
      if (reverse) this.#checkBelow(end ?? to)
      else this.#checkFrom(end ?? from)
      return rows
    })
  }

  async commit(batch: Batch): Promise<Result<void, StoreFailure>> {
    checkBatch(batch)
    this.#mustBeOpen()
    try {
      const changed = batch.expect?.find(([key, expected]) => !sameBytes(this.#value(key), expected))
      if (changed !== undefined)
        return err({ kind: 'conflict', message: `${changed[0]} does not hold what was expected.` })
      this.#write(batch)
      return ok(undefined)
    } catch (error) {
      this.#endTransaction()
      const failure = failureOf(error, this.#file)
      if (failure === undefined) throw error
      return err(failure)
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#database.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #write(batch: Batch): void {
    const { begin, commit, remove, removeRange, put } = this.#sql
    begin.run()
    for (const key of batch.remove ?? []) remove.run(key)
    for (const range of batch.removeRange ?? []) removeRange.run(range.from, range.to)
    for (const [key, value] of batch.put ?? []) put.run(key, value, keySum(key))
    commit.run()
  }

  /** SQLite has already rolled back after some errors and not after others. */
  #endTransaction(): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
  }

  #value(key: string): Uint8Array | undefined {
    const [row] = this.#sound(this.#sql.get.all(key))
    if (row !== undefined) return row[1]
    this.#checkBelow(key)
    this.#checkFrom(key)
    return undefined
  }

  /**
   * A key that is damaged is not found under its name, and may end a scan too early. It lies where the search ended:
   * so what is not there counts only if the rows on both sides of the gap are sound.
   */
  #checkBelow(bound: string): void {
    this.#sound(this.#sql.below.all(bound), true)
  }

  #checkFrom(bound: string): void {
    this.#sound(this.#sql.from.all(bound))
  }

  /** The rows as the port returns them. Throws unless each key is as it was written, and in its place. */
  #sound(found: readonly unknown[], reverse = false): readonly Row[] {
    let last: string | undefined
    return found.map((columns): Row => {
      const [key, value, sum] = keyedOf(columns)
      const isInPlace = last === undefined || (reverse ? key < last : key > last)
      // A damaged row may hold anything, also what is no text.
      if (!isInPlace || typeof key !== 'string' || keySum(key) !== sum)
        throw new RejoinError(
          'storage-corrupt',
          `${this.#file} is damaged: a key is not as it was, or not in its place.`,
        )
      last = key
      return [key, value]
    })
  }

  #run<T>(work: () => T): T {
    this.#mustBeOpen()
    try {
      return work()
    } catch (cause) {
      return rethrow(cause, this.#file)
    }
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new RejoinError('closed', 'This store was closed.')
  }
}

type Keyed = readonly [key: string, value: Uint8Array, sum: number]

// Only this store writes the table, and each statement names its columns: these are the types they have.
const keyedOf = (found: unknown): Keyed => found as Keyed

/** Prepared once for the life of the store; rows come as arrays, in the form that the port returns. */
interface Statements {
  readonly get: StatementSync
  /** The two rows next to a bound, below it and from it on, without their values. */
  readonly below: StatementSync
  readonly from: StatementSync
  readonly scanUp: StatementSync
  readonly scanDown: StatementSync
  readonly begin: StatementSync
  readonly commit: StatementSync
  readonly remove: StatementSync
  readonly removeRange: StatementSync
  readonly put: StatementSync
}

function statements(database: DatabaseSync): Statements {
  const reading = (sql: string): StatementSync => {
    const statement = database.prepare(sql)
    statement.setReturnArrays(true)
    return statement
  }
  const inRange = 'SELECT key, value, sum FROM kv WHERE key >= ? AND key < ? ORDER BY key'
  return {
    get: reading('SELECT key, value, sum FROM kv WHERE key = ?'),
    below: reading('SELECT key, NULL, sum FROM kv WHERE key < ? ORDER BY key DESC LIMIT 2'),
    from: reading('SELECT key, NULL, sum FROM kv WHERE key >= ? ORDER BY key LIMIT 2'),
    scanUp: reading(`${inRange} LIMIT ?`),
    scanDown: reading(`${inRange} DESC LIMIT ?`),
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    remove: database.prepare('DELETE FROM kv WHERE key = ?'),
    removeRange: database.prepare('DELETE FROM kv WHERE key >= ? AND key < ?'),
    put: database.prepare(
      'INSERT INTO kv (key, value, sum) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ),
  }
}
