import { err, ok } from '@rejoin/base'
import type { DocumentKey, Log, Result, TenantId, UserId, WriterId } from '@rejoin/base'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
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
  clientIdColumns,
  deviceColumns,
  documentColumns,
  hashColumns,
  placeColumns,
  refusalColumns,
  rowColumns,
  spaceColumns,
  toClientIdWriter,
  toDeviceBytes,
  toDocument,
  toHash,
  toNumber,
  toPlace,
  toRefusal,
  toRow,
  toSpace,
  toWriter,
  writerColumns,
} from './columns.ts'
import type { SpaceRow } from './columns.ts'
import { failureOf, reading } from './failure.ts'
import { find, lookup } from './lookup.ts'
import type { Lookup } from './lookup.ts'
import { documentByNumber, readPage } from './pages.ts'
import { damaged } from './seal.ts'
import type { Columns } from './seal.ts'
import { everySpace, readSpaces } from './spaces.ts'
import { Statements } from './statements.ts'
import { lifeOf } from './witness-file.ts'
import type { WitnessFile } from './witness-file.ts'
import { writeDevice, writeSpace } from './writes.ts'

/** Spaces whose row numbers are kept at hand. */
const numbersMax = 10_000

const spaceByName = lookup('spaces', spaceColumns, ['tenant', 'space'], toSpace)
const spaceByNumber = lookup('spaces', spaceColumns, ['number'], toSpace)
const documentByKey = lookup('documents', documentColumns, ['space', 'key'], toDocument)
const writerByNumber = lookup('writers', writerColumns, ['space', 'number'], toWriter)
const writerById = lookup('writers', writerColumns, ['writer', 'space'], toWriter)
const clientId = lookup('client_ids', clientIdColumns, ['space', 'id'], toClientIdWriter)
const refusal = lookup('refusals', refusalColumns, ['space', 'writer', 'n'], toRefusal)
const device = lookup('devices', deviceColumns, ['tenant', 'user', 'device'], toDeviceBytes)
const place = lookup('entries', placeColumns, ['space', 'seq'], toPlace)
const foldedHash = lookup('hashes', hashColumns, ['space', 'seq'], toHash)

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
    return this.#space(ref)?.record ?? emptySpace
  }

  async spaces(): Promise<readonly SpaceRef[]> {
    return reading(() => readSpaces(this.#statements, this.#log)).map(({ ref }) => ref)
  }

  async documents(ref: SpaceRef, keys: readonly DocumentKey[]): Promise<readonly DocumentRecord[]> {
    return this.#findAll(ref, keys, (space, key) => this.#find(documentByKey, space, key))
  }

  async documentsByNumber(ref: SpaceRef, numbers: readonly number[]): Promise<readonly DocumentRecord[]> {
    return this.#findAll(ref, numbers, (space, number) => this.#find(documentByNumber, space, number))
  }

  async writers(ref: SpaceRef, writers: readonly WriterId[]): Promise<readonly WriterRecord[]> {
    return this.#findAll(ref, writers, (space, writer) => this.#find(writerById, writer, space))
  }

  async writersByNumber(ref: SpaceRef, numbers: readonly number[]): Promise<readonly WriterRecord[]> {
    return this.#findAll(ref, numbers, (space, number) => this.#find(writerByNumber, space, number))
  }

  async userOf(tenant: TenantId, writer: WriterId): Promise<UserId | undefined> {
    const sql =
      'SELECT w.space FROM writers w JOIN spaces s ON s.number = w.space WHERE w.writer = ? AND s.tenant = ? LIMIT 1'
    const row = this.#one(sql, writer, tenant)
    return this.#find(writerById, writer, row === undefined ? 0 : toNumber(row))?.user
  }

  async clientIds(ref: SpaceRef, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const found = this.#findAll(ref, ids, (space, id): readonly [number, number] | undefined => {
      const writer = this.#find(clientId, space, id)
      return writer === undefined ? undefined : [id, writer]
    })
    return new Map(found)
  }

  async refusals(ref: SpaceRef, writer: number, numbers: readonly number[]): Promise<readonly Refusal[]> {
    return this.#findAll(ref, numbers, (space, n) => this.#find(refusal, space, writer, n))
  }

  async hashAt(ref: SpaceRef, seq: number): Promise<Uint8Array | undefined> {
    const number = this.#number(ref)
    if (number === undefined) return undefined
    return this.#find(place, number, seq)?.chain ?? this.#find(foldedHash, number, seq)
  }

  async page(ref: SpaceRef, query: PageQuery): Promise<Page> {
    const space = this.#space(ref)
    if (space === undefined) return { rows: [], to: query.after, hash: emptySpace.hash }
    return reading(() => readPage(this.#statements, space, query))
  }

  async documentRows(ref: SpaceRef, document: number, upTo: number): Promise<readonly LogRow[]> {
    const number = this.#number(ref)
    if (number === undefined) return []
    const sql = `SELECT ${rowColumns} FROM entries WHERE space = ? AND document = ? ORDER BY seq`
    const rows = this.#all(sql, number, document)
      .map(toRow)
      .filter((row) => isEntryRow(row.kind))
    const record = this.#find(documentByNumber, number, document)
    if (record !== undefined && rows.length < record.tailEntries + (record.foldedTo > 0 ? 1 : 0))
      throw damaged(`The log is damaged: rows of document ${document} are missing.`)
    return rows.filter(({ seq }) => seq <= upTo)
  }

  async unfolded(ref: SpaceRef, query: UnfoldedQuery): Promise<readonly DocumentRecord[]> {
    const number = this.#number(ref)
    if (number === undefined) return []
    const sql = `
      SELECT ${documentColumns} FROM documents
      WHERE space = ? AND number > ? AND isolated = 0 AND tail_entries > CASE WHEN folded_to > 0 THEN 0 ELSE 1 END
      ORDER BY number LIMIT ?`
    return this.#all(sql, number, query.after, query.limit).map(toDocument)
  }

  async device(tenant: TenantId, user: UserId, name: string): Promise<DeviceRecord | undefined> {
    const bytes = this.#find(device, tenant, user, name)
    return bytes && { tenant, user, device: name, bytes }
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
      const failure = failureOf(cause)
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
      const head = this.#space(ref)?.record.head ?? 0
      if (head !== expectHead)
        return { kind: 'conflict', message: `The head of ${ref.space} is ${head}, not ${expectHead}.` }
    }
    for (const commit of batch.spaces)
      this.#numbers.set(spaceKey(commit.ref), writeSpace(this.#statements, this.#number(commit.ref), commit))
    for (const record of batch.devices ?? []) writeDevice(this.#statements, record)
    return undefined
  }

  /** The witness may lag, so what goes wrong here fails nothing; the next note makes up for it. */
  #note({ spaces }: LogBatch): void {
    if (spaces.length === 0) return
    try {
      if (this.#witness.isDue()) this.#witness.rewrite(this.#all(everySpace).map(toSpace).map(lifeOf))
      else this.#witness.note(spaces.map(({ ref, record }) => ({ ref, epoch: record.epoch, head: record.head })))
    } catch (cause) {
      this.#log('error', 'witness-not-written', { message: cause instanceof Error ? cause.message : 'unknown' })
    }
  }

  #space(ref: SpaceRef): SpaceRow | undefined {
    const number = this.#numbers.get(spaceKey(ref))
    if (number !== undefined) return this.#find(spaceByNumber, number)
    const space = this.#find(spaceByName, ref.tenant, ref.space)
    if (space !== undefined) this.#numbers.set(spaceKey(ref), space.number)
    return space
  }

  #number(ref: SpaceRef): number | undefined {
    return this.#numbers.get(spaceKey(ref)) ?? this.#space(ref)?.number
  }

  /** One look-up for each value, in a space. */
  #findAll<Value, T>(
    ref: SpaceRef,
    values: readonly Value[],
    look: (space: number, value: Value) => T | undefined,
  ): readonly T[] {
    const number = this.#number(ref)
    if (number === undefined) return []
    return values.map((value) => look(number, value)).filter((found) => found !== undefined)
  }

  #find<T>(by: Lookup<T>, ...key: readonly SQLInputValue[]): T | undefined {
    return reading(() => find(this.#statements, by, ...key))
  }

  #one(sql: string, ...values: (string | number)[]): Columns | undefined {
    return reading(() => this.#statements.one(sql, ...values))
  }

  #all(sql: string, ...values: (string | number)[]): Columns[] {
    return reading(() => this.#statements.all(sql, ...values))
  }
}
