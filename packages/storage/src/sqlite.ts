import { err, ok, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { sameBytes } from './bytes.ts'
import { checkBatch, checkKey, checkScan } from './key.ts'
import { openDurable } from './platform/durable.ts'
import type { DatabaseSync, DurableFormat, StatementSync } from './platform/durable.ts'
import { failureOf, rethrow } from './platform/failure.ts'
import { fileIn } from './platform/folder.ts'
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
  version: 1,
  schema: 'CREATE TABLE kv (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID',
}

/**
 * A replica's store in one SQLite file. A path that ends in `.sqlite` or `.db` names the file; any other names the
 * folder, which is made if it is not there. Rejects as `openDurable` throws; when the file is open elsewhere,
 * that is `storage-unavailable`.
 */
export async function sqliteStore(folderOrFile: string, options: SqliteStoreOptions = {}): Promise<Store> {
  const file = fileIn(folderOrFile, fileName)
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
    return this.#run(() => rowsOf(select.all(from, to, limit)))
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
    for (const [key, value] of batch.put ?? []) put.run(key, value)
    commit.run()
  }

  /** SQLite has already rolled back after some errors and not after others. */
  #endTransaction(): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
  }

  #value(key: string): Uint8Array | undefined {
    return valueOf(this.#sql.get.get(key))
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

// Only this store writes the table, and each statement names its columns: these are the types they have.
const rowsOf = (found: unknown): readonly Row[] => found as readonly Row[]
const valueOf = (found: unknown): Uint8Array | undefined => (found as readonly [Uint8Array] | undefined)?.[0]

/** Prepared once for the life of the store; rows come as arrays, in the form that the port returns. */
interface Statements {
  readonly get: StatementSync
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
  const inRange = 'SELECT key, value FROM kv WHERE key >= ? AND key < ? ORDER BY key'
  return {
    get: reading('SELECT value FROM kv WHERE key = ?'),
    scanUp: reading(`${inRange} LIMIT ?`),
    scanDown: reading(`${inRange} DESC LIMIT ?`),
    begin: database.prepare('BEGIN IMMEDIATE'),
    commit: database.prepare('COMMIT'),
    remove: database.prepare('DELETE FROM kv WHERE key = ?'),
    removeRange: database.prepare('DELETE FROM kv WHERE key >= ? AND key < ?'),
    put: database.prepare(
      'INSERT INTO kv (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ),
  }
}
