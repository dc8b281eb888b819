import { err, ok, toHex } from '@rejoin/base'
import type { DocumentKey, Random, UserId, WriterId } from '@rejoin/base'
import { PageDraft } from './page-draft.ts'
import { emptySpace, isEntryRow, spaceKey } from './records.ts'
import type { DeviceRecord, DocumentRecord, LogRow, Refusal, SpaceRecord, SpaceRef, WriterRecord } from './records.ts'
import { foldedHashesMax } from './store.ts'
import type { Fold, LogBatch, LogStore, Page, PageQuery, SpaceCommit, UnfoldedQuery } from './store.ts'
import type { OpenedStore, StoreFactory } from './factory.ts'
import { wants } from './wanted.ts'
import { setBack } from './witness.ts'
import type { Life } from './witness.ts'

/** The factory of a store that lives as long as the object: opening it again finds what was committed. */
export interface MemoryStore extends StoreFactory {
  /** A copy of the log as a backup would hold it; the witness outside the database is not part of it. */
  backup(): MemoryBackup
  restore(backup: MemoryBackup): void
}

export interface MemoryBackup {
  readonly spaces: ReadonlyMap<string, SpaceState>
  readonly devices: ReadonlyMap<string, DeviceRecord>
}

interface SpaceState {
  readonly ref: SpaceRef
  record: SpaceRecord
  rows: LogRow[]
  readonly folded: Map<number, Uint8Array>
  readonly documents: Map<number, DocumentRecord>
  readonly documentNumbers: Map<DocumentKey, number>
  readonly writers: Map<number, WriterRecord>
  readonly writerNumbers: Map<WriterId, number>
  readonly clientIds: Map<number, number>
  readonly refusals: Map<string, Refusal>
}

export function memory(): MemoryStore {
  let spaces = new Map<string, SpaceState>()
  let devices = new Map<string, DeviceRecord>()
  const witness = new Map<string, Life>()
  let key: Uint8Array | undefined
  return {
    open: (random) => {
      key ??= random.bytes(32)
      const store = new MemoryLog(
        () => spaces,
        () => devices,
        witness,
      )
      startNewLives(spaces, witness, random)
      return Promise.resolve<OpenedStore>({ log: store, key, durability: 'memory' })
    },
    backup: () => ({ spaces: copySpaces(spaces), devices: new Map(devices) }),
    restore: (backup) => {
      spaces = copySpaces(backup.spaces)
      devices = new Map(backup.devices)
    },
  }
}

function startNewLives(spaces: Map<string, SpaceState>, witness: Map<string, Life>, random: Random): void {
  for (const [key, state] of spaces) {
    const seen = witness.get(key)
    if (seen !== undefined && setBack(state.record, seen))
      state.record = { ...state.record, epoch: toHex(random.bytes(16)) }
    witness.set(key, { epoch: state.record.epoch, head: state.record.head })
  }
}

const copySpaces = (spaces: ReadonlyMap<string, SpaceState>): Map<string, SpaceState> =>
  new Map([...spaces].map(([key, state]) => [key, copySpace(state)]))

const copySpace = (state: SpaceState): SpaceState => ({
  ref: state.ref,
  record: state.record,
  rows: [...state.rows],
  folded: new Map(state.folded),
  documents: new Map(state.documents),
  documentNumbers: new Map(state.documentNumbers),
  writers: new Map(state.writers),
  writerNumbers: new Map(state.writerNumbers),
  clientIds: new Map(state.clientIds),
  refusals: new Map(state.refusals),
})

const newSpace = (ref: SpaceRef): SpaceState => ({
  ref,
  record: emptySpace,
  rows: [],
  folded: new Map(),
  documents: new Map(),
  documentNumbers: new Map(),
  writers: new Map(),
  writerNumbers: new Map(),
  clientIds: new Map(),
  refusals: new Map(),
})

class MemoryLog implements LogStore {
  readonly #spaces: () => Map<string, SpaceState>
  readonly #devices: () => Map<string, DeviceRecord>
  readonly #witness: Map<string, Life>
  #closed = false

  constructor(
    spaces: () => Map<string, SpaceState>,
    devices: () => Map<string, DeviceRecord>,
    witness: Map<string, Life>,
  ) {
    this.#spaces = spaces
    this.#devices = devices
    this.#witness = witness
  }

  async space(ref: SpaceRef): Promise<SpaceRecord> {
    return this.#state(ref).record
  }

  async spaces(): Promise<readonly SpaceRef[]> {
    return [...this.#spaces().values()].map((state) => state.ref)
  }

  async documents(ref: SpaceRef, keys: readonly DocumentKey[]): Promise<readonly DocumentRecord[]> {
    const { documentNumbers, documents } = this.#state(ref)
    return present(keys.map((key) => documents.get(documentNumbers.get(key) ?? 0)))
  }

  async documentsByNumber(ref: SpaceRef, numbers: readonly number[]): Promise<readonly DocumentRecord[]> {
    const { documents } = this.#state(ref)
    return present(numbers.map((number) => documents.get(number)))
  }

  async writers(ref: SpaceRef, ids: readonly WriterId[]): Promise<readonly WriterRecord[]> {
    const { writerNumbers, writers } = this.#state(ref)
    return present(ids.map((id) => writers.get(writerNumbers.get(id) ?? 0)))
  }

  async writersByNumber(ref: SpaceRef, numbers: readonly number[]): Promise<readonly WriterRecord[]> {
    const { writers } = this.#state(ref)
    return present(numbers.map((number) => writers.get(number)))
  }

  async userOf(tenant: string, writer: WriterId): Promise<UserId | undefined> {
    for (const state of this.#spaces().values()) {
      if (state.ref.tenant !== tenant) continue
      const user = state.writers.get(state.writerNumbers.get(writer) ?? 0)?.user
      if (user !== undefined) return user
    }
    return undefined
  }

  async clientIds(ref: SpaceRef, ids: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const { clientIds } = this.#state(ref)
    const taken = new Map<number, number>()
    for (const id of ids) {
      const writer = clientIds.get(id)
      if (writer !== undefined) taken.set(id, writer)
    }
    return taken
  }

  async refusals(ref: SpaceRef, writer: number, numbers: readonly number[]): Promise<readonly Refusal[]> {
    const { refusals } = this.#state(ref)
    return present(numbers.map((n) => refusals.get(`${writer}/${n}`)))
  }

  async hashAt(ref: SpaceRef, seq: number): Promise<Uint8Array | undefined> {
    const { rows, folded } = this.#state(ref)
    const row = rows[firstAfter(rows, seq - 1)]
    return row?.seq === seq ? row.chain : folded.get(seq)
  }

  async page(ref: SpaceRef, query: PageQuery): Promise<Page> {
    const { rows, documents } = this.#state(ref)
    const wanted = wants(query.wanted)
    const page = new PageDraft(query)
    for (let i = firstAfter(rows, query.after); i < rows.length; i++) {
      const row = rows[i]
      if (row === undefined || row.seq > query.upTo) break
      if (page.endsBefore(row)) break
      const key = documents.get(row.document)?.key
      if (key !== undefined && wanted(key)) page.add(row)
    }
    return page.finish()
  }

  async documentRows(ref: SpaceRef, document: number, upTo: number): Promise<readonly LogRow[]> {
    return this.#state(ref).rows.filter((row) => row.document === document && row.seq <= upTo && isEntryRow(row.kind))
  }

  async unfolded(ref: SpaceRef, query: UnfoldedQuery): Promise<readonly DocumentRecord[]> {
    return [...this.#state(ref).documents.values()]
      .filter(({ isolated, number }) => !isolated && number > query.after)
      .filter(({ tailEntries, foldedTo }) => tailEntries > (foldedTo > 0 ? 0 : 1))
      .sort((a, b) => a.number - b.number)
      .slice(0, query.limit)
  }

  async device(tenant: string, user: string, device: string): Promise<DeviceRecord | undefined> {
    return this.#devices().get(`${tenant}/${user}/${device}`)
  }

  async commit(batch: LogBatch): ReturnType<LogStore['commit']> {
    if (this.#closed) return err({ kind: 'storage-unavailable', message: 'The store is closed.' })
    for (const commit of batch.spaces)
      if (this.#state(commit.ref).record.head !== commit.expectHead)
        return err({ kind: 'conflict', message: `The head of ${commit.ref.space} has moved.` })
    for (const commit of batch.spaces) this.#write(commit)
    for (const device of batch.devices ?? [])
      this.#devices().set(`${device.tenant}/${device.user}/${device.device}`, device)
    return ok(undefined)
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #write(commit: SpaceCommit): void {
    const key = spaceKey(commit.ref)
    const state = this.#state(commit.ref)
    this.#spaces().set(key, state)
    state.record = commit.record
    for (const row of commit.rows ?? []) state.rows.push({ ...row, bytes: row.bytes.slice() })
    for (const document of commit.documents ?? []) {
      state.documents.set(document.number, document)
      state.documentNumbers.set(document.key, document.number)
    }
    for (const writer of commit.writers ?? []) {
      state.writers.set(writer.number, writer)
      state.writerNumbers.set(writer.writer, writer.number)
    }
    for (const { id, writer } of commit.clientIds ?? []) state.clientIds.set(id, writer)
    for (const refusal of commit.refusals ?? []) state.refusals.set(`${refusal.writer}/${refusal.n}`, refusal)
    for (const fold of commit.folds ?? []) replaceRows(state, fold)
    this.#witness.set(key, { epoch: commit.record.epoch, head: commit.record.head })
  }

  #state(ref: SpaceRef): SpaceState {
    return this.#spaces().get(spaceKey(ref)) ?? newSpace(ref)
  }
}

function replaceRows(state: SpaceState, fold: Fold): void {
  const isFolded = (row: LogRow): boolean => row.document === fold.document && row.seq <= fold.snapshot.seq
  for (const row of state.rows) if (isFolded(row)) state.folded.set(row.seq, row.chain)
  state.folded.delete(fold.snapshot.seq)
  for (const seq of state.folded.keys()) if (seq < state.record.head - foldedHashesMax) state.folded.delete(seq)
  const rest = state.rows.filter((row) => !isFolded(row))
  rest.splice(firstAfter(rest, fold.snapshot.seq), 0, fold.snapshot)
  state.rows = rest
}

/** Index of the first row with a number above `seq`. */
function firstAfter(rows: readonly LogRow[], seq: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.seq ?? Infinity) <= seq) low = middle + 1
    else high = middle
  }
  return low
}

const present = <T>(values: readonly (T | undefined)[]): readonly T[] =>
  values.filter((value): value is T => value !== undefined)
