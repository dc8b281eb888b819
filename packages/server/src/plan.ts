import {
  documentKey,
  eachNumber,
  firstGeneration,
  firstNumbers,
  hasNumber,
  insertRun,
  invariant,
  noIntervals,
  overlap,
  without,
} from '@rejoin/base'
import type { DocumentKey, Entry, Intervals, UserId, WriterId } from '@rejoin/base'
import { admit } from './admit.ts'
import type { AdmitOptions, Decision, Known, Refused, Submission } from './admit.ts'
import type { Answer, AskAnswer } from './answer.ts'
import { chainAfter } from './chain.ts'
import { ClientIdOwners } from './client-ids.ts'
import { WriterDrafts } from './drafts.ts'
import type { WriterDraft } from './drafts.ts'
import { noEpoch, refusalsReadMax } from './log/records.ts'
import type { DocumentRecord, LogRow, Refusal, SpaceRecord, SpaceRef, WriterRecord } from './log/records.ts'
import type { Fold, SpaceCommit } from './log/store.ts'
import type { Hashes } from './ports.ts'

/** What was read from the log for one commit: at least every record that its submissions name. */
export interface Loaded {
  readonly record: SpaceRecord
  readonly documents: ReadonlyMap<DocumentKey, DocumentRecord>
  readonly writers: ReadonlyMap<WriterId, WriterRecord>
  readonly users: ReadonlyMap<WriterId, UserId>
  readonly clientIds: ReadonlyMap<number, number>
  /** By `writer number/n`. */
  readonly refusals: ReadonlyMap<string, Refusal>
}

export interface PlanOptions extends AdmitOptions {
  readonly hashes: Hashes
  readonly writerRunsMax: number
  /** 16 random bytes as hex, for a space that has no epoch yet. */
  newEpoch(): string
}

export interface Planned {
  readonly commit: SpaceCommit
  readonly rows: readonly LogRow[]
  readonly documents: readonly DocumentRecord[]
  readonly writers: readonly WriterRecord[]
}

/** The next commit of one space, while it is being decided. Nothing counts until the store has committed it. */
export class Plan implements Known {
  readonly #ref: SpaceRef
  readonly #loaded: Loaded
  readonly #options: PlanOptions
  readonly #rows: LogRow[] = []
  readonly #documents = new Map<DocumentKey, DocumentRecord>()
  readonly #writers: WriterDrafts
  readonly #clientIds: ClientIdOwners
  readonly #refusals = new Map<string, Refusal>()
  readonly #folds: Fold[] = []
  #record: SpaceRecord

  constructor(ref: SpaceRef, loaded: Loaded, options: PlanOptions) {
    this.#ref = ref
    this.#loaded = loaded
    this.#writers = new WriterDrafts(loaded.writers)
    this.#clientIds = new ClientIdOwners(loaded.clientIds)
    this.#options = options
    this.#record = loaded.record
  }

  writer(writer: WriterId): WriterRecord | undefined {
    return this.#writers.get(writer)
  }

  userOf(writer: WriterId): UserId | undefined {
    return this.#loaded.users.get(writer)
  }

  document(key: DocumentKey): DocumentRecord | undefined {
    return this.#documents.get(key) ?? this.#loaded.documents.get(key)
  }

  takenClientId(clientIds: readonly number[], writer: WriterId): number | undefined {
    return this.#clientIds.taken(clientIds, this.writer(writer)?.number)
  }

  /** One answer for each entry. */
  decide(submission: Submission): Answer[] {
    const decision = admit(submission, this, this.#options)
    const { writerRunsMax } = this.#options
    switch (decision.kind) {
      case 'accept':
        if (this.#writers.runsWith(submission, 'accepted') > writerRunsMax) return retryAll(submission, 'rate-limited')
        return this.#accept(submission)
      case 'known':
        return submission.entries.map((entry) => this.#knownAnswer(submission.writer, entry))
      case 'retry':
        return retryAll(submission, decision.reason)
      case 'refuse':
        if (this.#writers.runsWith(submission, 'refused') > writerRunsMax) return retryAll(submission, 'rate-limited')
        return this.#refuse(submission, decision)
      case 'foreign':
        return submission.entries.map(({ id }) => ({ kind: 'refused', n: id.n, refused: foreign }))
    }
  }

  /** What is known of the ids of one writer, for its user; nobody else hears of them. */
  ask(writer: WriterId, user: UserId, asked: Intervals): AskAnswer {
    const owner = this.writer(writer)?.user ?? this.userOf(writer)
    const record = this.writer(writer)
    if (owner !== user || record === undefined) return { accepted: noIntervals, unknown: asked, refused: [], rest: [] }
    const { accepted, refused } = record
    const all = overlap(asked, refused)
    const now = firstNumbers(all, refusalsReadMax)
    return {
      accepted: overlap(asked, accepted),
      unknown: without(without(asked, accepted), refused),
      refused: [...eachNumber(now)].map((n) => this.#refusedBefore(record, n)),
      rest: without(all, now),
    }
  }

  /** Puts a snapshot in the place of a document's rows, and moves the chain. */
  fold(document: DocumentRecord, snapshot: LogRow, tail: { readonly entries: number; readonly bytes: number }): void {
    const { digest } = this.#options.hashes
    this.#folds.push({ document: document.number, snapshot })
    this.#append(
      {
        kind: 'fold',
        document: document.number,
        writer: 0,
        n: snapshot.seq,
        group: 0,
        stamp: 0,
        encoding: snapshot.encoding,
        bytes: digest(snapshot.bytes),
      },
      { key: document.key, generation: document.generation, writer: '' },
    )
    this.#documents.set(document.key, {
      ...document,
      foldedTo: snapshot.seq,
      foldedBytes: snapshot.bytes.length,
      tailEntries: tail.entries,
      tailBytes: tail.bytes,
    })
  }

  isolate(document: DocumentRecord): void {
    this.#documents.set(document.key, { ...document, isolated: true })
  }

  /** Begins a new life of the log, which was set back: its numbers are given out a second time. */
  leaveEpoch(epoch: string): void {
    if (this.#record.epoch === epoch) this.#record = { ...this.#record, epoch: this.#options.newEpoch() }
  }

  /** Undefined if nothing is to be written. */
  finish(): Planned | undefined {
    const writers = this.#writers.changed()
    const isSame = this.#record === this.#loaded.record
    if (isSame && this.#documents.size === 0 && writers.length === 0 && this.#refusals.size === 0) return undefined
    this.leaveEpoch(noEpoch)
    const documents = [...this.#documents.values()]
    const commit: SpaceCommit = {
      ref: this.#ref,
      expectHead: this.#loaded.record.head,
      record: this.#record,
      rows: this.#rows,
      documents,
      writers,
      clientIds: this.#clientIds.changed(),
      refusals: [...this.#refusals.values()],
      folds: this.#folds,
    }
    return { commit, rows: this.#rows, documents, writers }
  }

  #accept(submission: Submission): Answer[] {
    const writer = this.#writerOf(submission)
    this.#logWriter(writer, submission.clientIds)
    return submission.entries.map((entry) => {
      const document = this.#documentOf(entry)
      this.#append(
        {
          kind: entry.kind,
          document: document.number,
          writer: writer.number,
          n: entry.id.n,
          group: entry.group,
          stamp: entry.stamp,
          encoding: entry.encoding,
          bytes: entry.bytes,
        },
        { key: document.key, generation: document.generation, writer: writer.writer },
      )
      insertRun(writer.accepted, entry.id.n, entry.id.n)
      this.#documents.set(document.key, {
        ...document,
        tailEntries: document.tailEntries + 1,
        tailBytes: document.tailBytes + entry.bytes.length,
      })
      return { kind: 'accepted', n: entry.id.n }
    })
  }

  /** Whose writer this is takes a number of its own, once; authorship comes from there for ever. */
  #logWriter(writer: WriterDraft, clientIds: readonly number[]): void {
    this.#clientIds.register(clientIds, writer.number)
    if (writer.logged) return
    writer.logged = true
    this.#append(
      {
        kind: 'writer',
        document: 0,
        writer: writer.number,
        n: 0,
        group: 0,
        stamp: 0,
        encoding: 'yjs-1',
        bytes: utf8.encode(writer.user),
      },
      { key: '', generation: firstGeneration, writer: writer.writer },
    )
  }

  #append(row: Omit<LogRow, 'seq' | 'chain'>, names: Parameters<typeof chainAfter>[3]): void {
    const seq = this.#record.head + 1
    const hash = chainAfter(this.#options.hashes, this.#record.hash, { ...row, seq }, names)
    this.#rows.push({ ...row, seq, chain: hash })
    this.#record = { ...this.#record, head: seq, hash }
  }

  #refuse(submission: Submission, decision: Decision & { readonly kind: 'refuse' }): Answer[] {
    const blamed = submission.entries[decision.at]?.id.n
    const writer = this.#writerOf(submission)
    return submission.entries.map(({ id }) => {
      const refused = id.n === blamed ? decision.refused : withGroup(decision.refused, blamed)
      insertRun(writer.refused, id.n, id.n)
      this.#refusals.set(`${writer.number}/${id.n}`, { writer: writer.number, n: id.n, ...refused })
      return { kind: 'refused', n: id.n, refused, generation: id.n === blamed ? decision.generation : undefined }
    })
  }

  #knownAnswer(writer: WriterId, entry: Entry): Answer {
    const record = this.writer(writer)
    invariant(record !== undefined, 'a known id has a writer')
    const { n } = entry.id
    return hasNumber(record.accepted, n) ? { kind: 'accepted', n } : this.#refusedBefore(record, n, entry)
  }

  #refusedBefore(record: WriterRecord, n: number, entry?: Entry): Answer & { readonly kind: 'refused' } {
    const key = `${record.number}/${n}`
    const { kind, message } = this.#refusals.get(key) ?? this.#loaded.refusals.get(key) ?? reasonLost
    const document = kind === 'generation' && entry ? this.document(documentKey(entry.document)) : undefined
    return { kind: 'refused', n, refused: { kind, message }, generation: document?.generation }
  }

  #writerOf({ writer, user }: Submission): WriterDraft {
    const draft = this.#writers.change(writer)
    if (draft !== undefined) return draft
    const number = this.#record.writers + 1
    this.#record = { ...this.#record, writers: number }
    return this.#writers.begin({ number, writer, user, logged: false, accepted: [], refused: [] })
  }

  #documentOf({ document, generation, encoding }: Entry): DocumentRecord {
    const key = documentKey(document)
    const known = this.document(key)
    if (known !== undefined) return known
    const number = this.#record.documents + 1
    this.#record = { ...this.#record, documents: number }
    const empty = { foldedTo: 0, foldedBytes: 0, tailEntries: 0, tailBytes: 0, isolated: false }
    return { number, key, generation, encoding, ...empty }
  }
}

const utf8 = new TextEncoder()
const reasonLost: Refused = { kind: 'rule', message: 'This entry was refused before; the reason was not kept.' }
const foreign: Refused = { kind: 'forbidden', message: 'This writer belongs to another user.' }

const retryAll = ({ entries }: Submission, reason: (Answer & { readonly kind: 'retry' })['reason']): Answer[] =>
  entries.map(({ id }) => ({ kind: 'retry', n: id.n, reason }))

function withGroup(refused: Refused, blamed: number | undefined): Refused {
  invariant(blamed !== undefined, 'a refused group has an entry to blame')
  return { kind: refused.kind, message: `Refused with its group, because of entry ${blamed}: ${refused.message}` }
}
