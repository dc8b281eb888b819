import { documentKey, eachNumber, firstNumbers, invariant, overlap, parseDocumentKey, rootKey } from '@rejoin/base'
import type { DocumentKey, Entry, Intervals, UserId, WriterId } from '@rejoin/base'
import type { AuthorFrame, DocumentDeclaration } from '@rejoin/protocol'
import { isEntryRow, refusalsReadMax } from '../log/records.ts'
import type { DocumentRecord, LogRow, Refusal, SpaceRecord, SpaceRef, WriterRecord } from '../log/records.ts'
import type { LogStore } from '../log/store.ts'
import { Lru } from '../lru.ts'
import type { Loaded } from '../plan.ts'
import type { SlotNumbers } from './slots.ts'

/** What a piece of work will ask the log about. */
export interface Needs {
  readonly documents: readonly DocumentKey[]
  readonly writers: readonly WriterId[]
  readonly clientIds: readonly number[]
  /** Ids whose stored answer may be wanted. */
  readonly answers: readonly { readonly writer: WriterId; readonly intervals: Intervals }[]
}

export const noNeeds: Needs = { documents: [], writers: [], clientIds: [], answers: [] }

export function needsOf(entries: readonly Entry[], clientIds: readonly number[]): Needs {
  const documents = new Set<DocumentKey>()
  const writers = new Set<WriterId>()
  const answers: Needs['answers'][number][] = []
  for (const entry of entries) {
    documents.add(documentKey(entry.document))
    documents.add(rootKey(entry.document))
    writers.add(entry.id.writer)
    if (entry.after) writers.add(entry.after.writer)
    answers.push({ writer: entry.id.writer, intervals: [entry.id.n, entry.id.n] })
  }
  return { documents: [...documents], writers: [...writers], clientIds, answers }
}

interface NamedDocument {
  readonly record: DocumentRecord
  readonly declaration: DocumentDeclaration
}

interface NamedWriter {
  readonly record: WriterRecord
  readonly author: AuthorFrame
}

/** The records of one space that were used last, as the log holds them, with the slots that name them on the wire. */
export class Records {
  readonly #ref: SpaceRef
  readonly #store: LogStore
  readonly #slots: SlotNumbers
  readonly #documents: Lru<number, NamedDocument>
  readonly #documentNumbers: Lru<DocumentKey, number>
  readonly #writers: Lru<number, NamedWriter>
  readonly #writerNumbers: Lru<WriterId, number>

  constructor(ref: SpaceRef, store: LogStore, slots: SlotNumbers, documentsMax: number, writersMax: number) {
    this.#ref = ref
    this.#store = store
    this.#slots = slots
    this.#documents = new Lru(documentsMax)
    this.#documentNumbers = new Lru(documentsMax)
    this.#writers = new Lru(writersMax)
    this.#writerNumbers = new Lru(writersMax)
  }

  async load(record: SpaceRecord, needs: readonly Needs[]): Promise<Loaded> {
    const documents = await this.#loadDocuments(needs.flatMap((need) => need.documents))
    const writers = await this.#loadWriters(needs.flatMap((need) => need.writers))
    return {
      record,
      documents,
      writers,
      users: await this.#loadUsers(
        needs.flatMap((need) => need.writers),
        writers,
      ),
      clientIds: await this.#store.clientIds(
        this.#ref,
        // Entries of one push share the array.
        [...new Set([...new Set(needs.map((need) => need.clientIds))].flat())],
      ),
      refusals: await this.#loadRefusals(
        needs.flatMap((need) => need.answers),
        writers,
      ),
    }
  }

  /** The names of these rows, whether or not all of them fit into what is kept. */
  async name(rows: readonly LogRow[]): Promise<ReadonlyMap<LogRow, RowName>> {
    const documents = await this.#all(
      this.#documents,
      rows.map((row) => row.document),
      async (numbers) => this.keepDocuments(await this.#store.documentsByNumber(this.#ref, numbers)),
    )
    const writers = await this.#all(
      this.#writers,
      rows.map((row) => row.writer),
      async (numbers) => this.keepWriters(await this.#store.writersByNumber(this.#ref, numbers)),
    )
    return namesOf(rows, documents, writers)
  }

  /** The names of rows that were just committed with these records. */
  named(
    rows: readonly LogRow[],
    documents: readonly DocumentRecord[],
    writers: readonly WriterRecord[],
  ): ReadonlyMap<LogRow, RowName> {
    return namesOf(rows, this.keepDocuments(documents), this.keepWriters(writers))
  }

  async document(key: DocumentKey): Promise<DocumentRecord | undefined> {
    return (await this.#loadDocuments([key])).get(key)
  }

  async declarationOf(key: DocumentKey): Promise<DocumentDeclaration | undefined> {
    const record = await this.document(key)
    return record && this.#documents.get(record.number)?.declaration
  }

  writerNumber(writer: WriterId): number | undefined {
    return this.#writerNumbers.get(writer)
  }

  /** Takes in what a commit wrote, and says all of it by number: the first may have been pushed out by the last. */
  keepDocuments(records: readonly DocumentRecord[]): ReadonlyMap<number, NamedDocument> {
    const kept = new Map<number, NamedDocument>()
    for (const record of records) {
      const old = this.#documents.get(record.number)
      const isSame = old?.record.generation.id === record.generation.id
      const named = { record, declaration: old && isSame ? old.declaration : this.#declare(record) }
      kept.set(record.number, named)
      this.#documents.set(record.number, named)
      this.#documentNumbers.set(record.key, record.number)
    }
    return kept
  }

  keepWriters(records: readonly WriterRecord[]): ReadonlyMap<number, NamedWriter> {
    const kept = new Map<number, NamedWriter>()
    for (const record of records) {
      const author = this.#writers.get(record.number)?.author ?? {
        kind: 'writer',
        slot: this.#slots.nextWriter(),
        writer: record.writer,
        user: record.user,
      }
      kept.set(record.number, { record, author })
      this.#writers.set(record.number, { record, author })
      this.#writerNumbers.set(record.writer, record.number)
    }
    return kept
  }

  forget(): void {
    this.#documents.clear()
    this.#documentNumbers.clear()
    this.#writers.clear()
    this.#writerNumbers.clear()
  }

  #declare(record: DocumentRecord): DocumentDeclaration {
    return { slot: this.#slots.nextDocument(), address: parseDocumentKey(record.key), generation: record.generation }
  }

  async #loadDocuments(keys: readonly DocumentKey[]): Promise<ReadonlyMap<DocumentKey, DocumentRecord>> {
    const found = new Map<DocumentKey, DocumentRecord>()
    const missing: DocumentKey[] = []
    for (const key of new Set(keys)) {
      const record = this.#documents.get(this.#documentNumbers.get(key) ?? 0)?.record
      if (record === undefined) missing.push(key)
      else found.set(key, record)
    }
    const records = missing.length === 0 ? [] : await this.#store.documents(this.#ref, missing)
    this.keepDocuments(records)
    for (const record of records) found.set(record.key, record)
    return found
  }

  async #loadWriters(ids: readonly WriterId[]): Promise<ReadonlyMap<WriterId, WriterRecord>> {
    const found = new Map<WriterId, WriterRecord>()
    const missing: WriterId[] = []
    for (const id of new Set(ids)) {
      const record = this.#writers.get(this.#writerNumbers.get(id) ?? 0)?.record
      if (record === undefined) missing.push(id)
      else found.set(id, record)
    }
    const records = missing.length === 0 ? [] : await this.#store.writers(this.#ref, missing)
    this.keepWriters(records)
    for (const record of records) found.set(record.writer, record)
    return found
  }

  /** Writers that are new in this space may be known in another one of the tenant. */
  async #loadUsers(
    ids: readonly WriterId[],
    known: ReadonlyMap<WriterId, WriterRecord>,
  ): Promise<ReadonlyMap<WriterId, UserId>> {
    const users = new Map<WriterId, UserId>()
    for (const id of new Set(ids)) {
      const user = known.has(id) ? undefined : await this.#store.userOf(this.#ref.tenant, id)
      if (user !== undefined) users.set(id, user)
    }
    return users
  }

  async #loadRefusals(
    answers: Needs['answers'],
    writers: ReadonlyMap<WriterId, WriterRecord>,
  ): Promise<ReadonlyMap<string, Refusal>> {
    const found = new Map<string, Refusal>()
    for (const { writer, intervals } of answers) {
      const record = writers.get(writer)
      if (record === undefined || record.refused.length === 0) continue
      const numbers = [...eachNumber(firstNumbers(overlap(record.refused, intervals), refusalsReadMax))]
      if (numbers.length === 0) continue
      for (const refusal of await this.#store.refusals(this.#ref, record.number, numbers))
        found.set(`${record.number}/${refusal.n}`, refusal)
    }
    return found
  }

  /** What is kept of these numbers, and the rest loaded. */
  async #all<Named>(
    known: { get(number: number): Named | undefined },
    numbers: readonly number[],
    load: (numbers: readonly number[]) => Promise<ReadonlyMap<number, Named>>,
  ): Promise<ReadonlyMap<number, Named>> {
    const found = new Map<number, Named>()
    const missing: number[] = []
    for (const number of new Set(numbers)) {
      const named = known.get(number)
      if (named !== undefined) found.set(number, named)
      else if (number !== 0) missing.push(number)
    }
    if (missing.length > 0) for (const [number, named] of await load(missing)) found.set(number, named)
    return found
  }
}

function namesOf(
  rows: readonly LogRow[],
  documents: ReadonlyMap<number, NamedDocument>,
  writers: ReadonlyMap<number, NamedWriter>,
): ReadonlyMap<LogRow, RowName> {
  const names = new Map<LogRow, RowName>()
  for (const row of rows) {
    if (!isEntryRow(row.kind)) continue
    const document = documents.get(row.document)
    invariant(document !== undefined, 'every entry has a document')
    names.set(row, {
      key: document.record.key,
      document: document.declaration,
      author: writers.get(row.writer)?.author,
    })
  }
  return names
}

/** How the wire names a row. A snapshot's writer is named too, but nobody is told. */
export interface RowName {
  readonly key: DocumentKey
  readonly document: DocumentDeclaration
  readonly author: AuthorFrame | undefined
}
