import { err, ok, RejoinError } from '@rejoin/base'
import type { DocumentKey, Log, Result, TenantId, UserId, WriterId } from '@rejoin/base'
import type { DatabaseSync } from 'node:sqlite'
import { emptySpace, isEntryRow, spaceKey } from '../../log/records.ts'
import type {
  DeviceRecord,
  DocumentRecord,
  LogRow,
  Refusal,
  SpaceRecord,
  SpaceRef,
  WriterRecord,
} from '../../log/records.ts'
import type { LogBatch, LogFailure, LogStore, Page, PageQuery, UnfoldedQuery } from '../../log/store.ts'
import { Lru } from '../../lru.ts'
import {
  documentColumns,
  refusalColumns,
  rowColumns,
  spaceColumns,
  toBytes,
  toClientId,
  toDocument,
  toLife,
  toRef,
  toRefusal,
  toRow,
  toSpace,
  toSpaceNumber,
  toUser,
  toWriter,
  writerColumns,
} from './columns.ts'
import type { Columns } from './columns.ts'
import { failureOf, reading } from './failure.ts'
import { readPage } from './pages.ts'
import { Statements } from './statements.ts'
import type { WitnessFile } from './witness-file.ts'
import { writeSpace } from './writes.ts'

/** Spaces whose row numbers are kept at hand. */
const numbersMax = 10_000

/** The log in one SQLite database, opened durably. Calls run at once, on the loop. */
export class SqliteLog implements LogStore {
  readonly #database: DatabaseSync
  readonly #statements: Statements
  readonly #witness: WitnessFile
  readonly #log: Log
  readonly #numbers = new Lru<string, number>(numbersMax)
  #isClosed = false

  constructor(database: DatabaseSync, witness: WitnessFile, log: Log) {
    this.#database = database
    this.#statements = new Statements(database)
    this.#witness = witness
    this.#log = log
  }

  async space(ref: SpaceRef): Promise<SpaceRecord> {
    const row = this.#one(`SELECT ${spaceColumns} FROM spaces WHERE tenant = ? AND space = ?`, ref.tenant, ref.space)
    return row === undefined ? emptySpace : toSpace(row)
  }

  async spaces(): Promise<readonly SpaceRef[]> {
    return this.#all('SELECT tenant, space FROM spaces').map(toRef)
  }

  async documents(ref: SpaceRef, keys: readonly DocumentKey[]): Promise<readonly DocumentRecord[]> {
    return this.#find(ref, keys, `SELECT ${documentColumns} FROM documents WHERE space = ? AND key = ?`).map(toDocument)
  }

  async documentsByNumber(ref: SpaceRef, numbers: readonly number[]): Promise<readonly DocumentRecord[]> {
    return this.#find(ref, numbers, `SELECT ${documentColumns} FROM documents WHERE space = ? AND number = ?`).map(
      toDocument,
    )
  }

  async writers(ref: SpaceRef, writers: readonly WriterId[]): Promise<readonly WriterRecord[]> {
    return this.#find(ref, writers, `SELECT ${writerColumns} FROM writers WHERE space = ? AND writer = ?`).map(toWriter)
  }

  async writersByNumber(ref: SpaceRef, numbers: readonly number[]): Promise<readonly WriterRecord[]> {
    return this.#find(ref, numbers, `SELECT ${writerColumns} FROM writers WHERE space = ? AND number = ?`).map(toWriter)
  }

  async userOf(tenant: TenantId, writer: WriterId): Promise<UserId | undefined> {
    const sql =
      'SELECT w.user FROM writers w JOIN spaces s ON s.number = w.space WHERE w.writer = ? AND s.tenant = ? LIMIT 1'
    const row = this.#one(sql, writer, tenant)
    return row && toUser(row)
  }

  async clientIds(ref: SpaceRef, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
    return new Map(this.#find(ref, ids, 'SELECT id, writer FROM client_ids WHERE space = ? AND id = ?').map(toClientId))
  }

  async refusals(ref: SpaceRef, writer: number, numbers: readonly number[]): Promise<readonly Refusal[]> {
    const sql = `SELECT ${refusalColumns} FROM refusals WHERE space = ? AND writer = ? AND n = ?`
    return numbers.flatMap((n) => this.#in(ref, sql, writer, n)).map(toRefusal)
  }

  async hashAt(ref: SpaceRef, seq: number): Promise<Uint8Array | undefined> {
    const row =
      this.#in(ref, 'SELECT chain FROM entries WHERE space = ? AND seq = ?', seq)[0] ??
      this.#in(ref, 'SELECT chain FROM hashes WHERE space = ? AND seq = ?', seq)[0]
    return row && toBytes(row)
  }

  async page(ref: SpaceRef, query: PageQuery): Promise<Page> {
    return reading(() => {
      const number = this.#number(ref)
      if (number === undefined) return { rows: [], to: query.after, hash: emptySpace.hash }
      return readPage(this.#statements, number, query)
    })
  }

  async documentRows(ref: SpaceRef, document: number, upTo: number): Promise<readonly LogRow[]> {
    const sql = `SELECT ${rowColumns} FROM entries WHERE space = ? AND document = ? AND seq <= ? ORDER BY seq`
    return this.#in(ref, sql, document, upTo)
      .map(toRow)
      .filter((row) => isEntryRow(row.kind))
  }

  async unfolded(ref: SpaceRef, query: UnfoldedQuery): Promise<readonly DocumentRecord[]> {
    const sql = `
      SELECT ${documentColumns} FROM documents
      WHERE space = ? AND number > ? AND isolated = 0 AND tail_entries > CASE WHEN folded_to > 0 THEN 0 ELSE 1 END
      ORDER BY number LIMIT ?`
    return this.#in(ref, sql, query.after, query.limit).map(toDocument)
  }

  async device(tenant: TenantId, user: UserId, device: string): Promise<DeviceRecord | undefined> {
    const row = this.#one(
      'SELECT bytes FROM devices WHERE tenant = ? AND user = ? AND device = ?',
      tenant,
      user,
      device,
    )
    return row && { tenant, user, device, bytes: toBytes(row) }
  }

  async commit(batch: LogBatch): Promise<Result<void, LogFailure>> {
    if (this.#isClosed) return err({ kind: 'storage-unavailable', message: 'The store is closed.' })
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      const conflict = this.#write(batch)
      this.#database.exec(conflict === undefined ? 'COMMIT' : 'ROLLBACK')
      if (conflict !== undefined) return err(conflict)
    } catch (cause) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      this.#numbers.clear()
      const failure = failureOf(cause instanceof RejoinError ? cause.cause : cause)
      if (failure === undefined) throw cause
      return err(failure)
    }
    this.#note(batch)
    return ok(undefined)
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#witness.close()
    this.#database.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #write(batch: LogBatch): LogFailure | undefined {
    for (const { ref, expectHead } of batch.spaces) {
      const number = this.#number(ref)
      const row =
        number === undefined ? undefined : this.#one(`SELECT ${spaceColumns} FROM spaces WHERE number = ?`, number)
      const head = row === undefined ? 0 : toSpace(row).head
      if (head !== expectHead)
        return { kind: 'conflict', message: `The head of ${ref.space} is ${head}, not ${expectHead}.` }
    }
    for (const commit of batch.spaces)
      this.#numbers.set(spaceKey(commit.ref), writeSpace(this.#statements, this.#number(commit.ref), commit))
    for (const { tenant, user, device, bytes } of batch.devices ?? [])
      this.#statements.run(
        'REPLACE INTO devices (tenant, user, device, bytes) VALUES (?, ?, ?, ?)',
        tenant,
        user,
        device,
        bytes,
      )
    return undefined
  }

  /** The witness may lag, so what goes wrong here fails nothing; the next note makes up for it. */
  #note({ spaces }: LogBatch): void {
    if (spaces.length === 0) return
    try {
      if (this.#witness.isDue())
        this.#witness.rewrite(this.#all('SELECT tenant, space, epoch, head FROM spaces').map(toLife))
      else this.#witness.note(spaces.map(({ ref, record }) => ({ ref, epoch: record.epoch, head: record.head })))
    } catch (cause) {
      this.#log('error', 'witness-not-written', { message: cause instanceof Error ? cause.message : 'unknown' })
    }
  }

  #number(ref: SpaceRef): number | undefined {
    const key = spaceKey(ref)
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const row = this.#one('SELECT number FROM spaces WHERE tenant = ? AND space = ?', ref.tenant, ref.space)
    if (row === undefined) return undefined
    const number = toSpaceNumber(row)
    this.#numbers.set(key, number)
    return number
  }

  /** One look-up for each value, in a space. */
  #find(ref: SpaceRef, values: readonly (string | number)[], sql: string): Columns[] {
    return values.flatMap((value) => this.#in(ref, sql, value))
  }

  /** A query whose first parameter is the number of the space. */
  #in(ref: SpaceRef, sql: string, ...values: (string | number)[]): Columns[] {
    const number = this.#number(ref)
    return number === undefined ? [] : this.#all(sql, number, ...values)
  }

  #one(sql: string, ...values: (string | number)[]): Columns | undefined {
    return reading(() => this.#statements.one(sql, ...values))
  }

  #all(sql: string, ...values: (string | number)[]): Columns[] {
    return reading(() => this.#statements.all(sql, ...values))
  }
}
