import { RejoinError } from '@rejoin/base'
import type { DocumentKey, Encoding, Result } from '@rejoin/base'
import type { Committer, Work, WorkFailure } from '../committer.ts'
import { spaceKey } from '../log/records.ts'
import type { DocumentRecord, LogRow, SpaceRef } from '../log/records.ts'
import type { LogStore } from '../log/store.ts'
import type { ServerLimits } from '../limits.ts'
import { Lru } from '../lru.ts'
import type { Plan } from '../plan.ts'
import type { ServerPorts } from '../ports.ts'
import { noNeeds } from '../room/records.ts'
import { isOvergrown } from '../room/room.ts'
import type { Room } from '../room/room.ts'
import type { Rooms } from '../rooms.ts'
import type { Folded } from './fold.ts'
import type { Folder } from './folder.ts'

export interface FoldingDeps {
  readonly store: LogStore
  readonly rooms: Rooms
  readonly committer: Committer
  readonly folder: Folder
  readonly limits: ServerLimits
  readonly ports: ServerPorts
}

export interface FoldReport {
  readonly folded: number
  /** Documents that were left as they were: undecodable, incomplete, unreadable, over the budget, or without an engine. */
  readonly skipped: number
  /** Rows of the log that snapshots took the place of. */
  readonly rows: number
  /** Spaces that the store could not read or write to the end. */
  readonly spacesFailed: number
}

const nothing: FoldReport = { folded: 0, skipped: 0, rows: 0, spacesFailed: 0 }

const skippedOne: FoldReport = { ...nothing, skipped: 1 }

interface Job {
  readonly document: DocumentRecord
  readonly rows: readonly LogRow[]
}

/** Documents that could not be folded are left alone until their tail has doubled. */
const skippedMax = 10_000

/**
 * Keeps logs short: replaces a document's rows by one snapshot that reads the same. One batch at a time; the
 * pushes that come meanwhile stay in the tail.
 */
export class Folding {
  readonly #deps: FoldingDeps
  readonly #due = new Map<string, { readonly ref: SpaceRef; readonly numbers: Set<number> }>()
  readonly #skipped = new Lru<string, number>(skippedMax)
  /** Encodings that were met, and nothing here reads. */
  readonly #foreign = new Set<Encoding>()
  #last: Promise<unknown> = Promise.resolve()
  #isRunning = false
  #isClosed = false

  constructor(deps: FoldingDeps) {
    this.#deps = deps
  }

  /** A commit has lengthened tails. */
  touch(ref: SpaceRef, documents: readonly DocumentRecord[]): void {
    const overgrown = documents.filter((document) => this.#isDue(ref, document))
    if (overgrown.length === 0 || this.#isClosed) return
    const due = this.#due.get(spaceKey(ref)) ?? { ref, numbers: new Set<number>() }
    this.#due.set(spaceKey(ref), due)
    for (const { number } of overgrown) due.numbers.add(number)
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#inTurn(() => this.#drain())
  }

  /** Folds everything in these spaces of which a new replica would read more than one entry. */
  fold(spaces: readonly SpaceRef[]): Promise<FoldReport> {
    return this.#inTurn(async () => {
      let report = nothing
      for (const ref of spaces) report = add(report, await this.#orFailed(ref, () => this.#foldSpace(ref)))
      return report
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#deps.folder.close()
    await this.#last
  }

  #isDue(ref: SpaceRef, document: DocumentRecord): boolean {
    const skippedAt = this.#skipped.get(`${spaceKey(ref)}/${document.number}`) ?? 0
    const isLong = isOvergrown(document, this.#deps.limits) && document.tailEntries >= 2 * skippedAt
    return isLong && this.#canRead(document)
  }

  /** What there is no engine for stays as it is, which is said once. */
  #canRead({ encoding }: DocumentRecord): boolean {
    const { folder, ports } = this.#deps
    if (folder.encodings.includes(encoding)) return true
    if (!this.#foreign.has(encoding)) ports.log('warn', 'engine-missing', { encoding })
    this.#foreign.add(encoding)
    return false
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  async #drain(): Promise<void> {
    try {
      for (const [key, { ref, numbers }] of this.#due) {
        this.#due.delete(key)
        if (this.#isClosed) break
        await this.#orFailed(ref, async () =>
          this.#foldAll(ref, await this.#deps.store.documentsByNumber(ref, [...numbers])),
        )
      }
    } finally {
      this.#isRunning = false
    }
  }

  /** What the store fails in one space is that space's own: the others go on. */
  async #orFailed({ space }: SpaceRef, work: () => Promise<FoldReport>): Promise<FoldReport> {
    try {
      return await work()
    } catch (cause) {
      if (!(cause instanceof RejoinError)) throw cause
      this.#deps.ports.log('error', 'space-not-folded', { space, reason: cause.kind })
      return { ...nothing, spacesFailed: 1 }
    }
  }

  async #foldSpace(ref: SpaceRef): Promise<FoldReport> {
    const { store, limits } = this.#deps
    let report = nothing
    for (let after = 0; !this.#isClosed;) {
      const documents = await store.unfolded(ref, { after, limit: limits.foldDocumentsMax })
      const last = documents.at(-1)
      if (last === undefined) break
      after = last.number
      report = add(report, await this.#foldAll(ref, documents))
    }
    return report
  }

  async #foldAll(ref: SpaceRef, documents: readonly DocumentRecord[]): Promise<FoldReport> {
    let report = nothing
    for (const batch of batches(documents, this.#deps.limits)) report = add(report, await this.#foldBatch(ref, batch))
    return report
  }

  #foldBatch(ref: SpaceRef, documents: readonly DocumentRecord[]): Promise<FoldReport> {
    return this.#deps.rooms.use(ref, async (room) => {
      const { head } = await room.record()
      const jobs: Job[] = []
      let unread = nothing
      for (const document of documents) {
        const rows = this.#canRead(document) ? await this.#rowsOf(ref, document, head) : undefined
        if (rows === undefined) unread = add(unread, skippedOne)
        else if (rows.length > 1) jobs.push({ document, rows })
      }
      if (jobs.length === 0) return unread
      const folded = await this.#deps.folder.fold(
        jobs.map(({ rows }) => rows.map(({ encoding, bytes }) => ({ encoding, bytes }))),
      )
      return add(unread, await this.#commit(room, jobs, folded))
    })
  }

  /** Undefined if they cannot be read. */
  async #rowsOf(ref: SpaceRef, document: DocumentRecord, head: number): Promise<readonly LogRow[] | undefined> {
    try {
      return await this.#deps.store.documentRows(ref, document.number, head)
    } catch (cause) {
      if (!(cause instanceof RejoinError)) throw cause
      this.#skip(ref, document, cause.kind)
      return undefined
    }
  }

  async #commit(room: Room, jobs: readonly Job[], folded: readonly Folded[]): Promise<FoldReport> {
    let report = nothing
    const result = await inCommit(this.#deps.committer, room, jobs, (plan) => {
      report = nothing
      for (const [i, job] of jobs.entries()) report = add(report, this.#place(room, plan, job, folded[i]))
    })
    return result.ok ? report : { ...nothing, skipped: jobs.length }
  }

  #place(room: Room, plan: Plan, { document, rows }: Job, folded: Folded | undefined): FoldReport {
    const now = plan.document(document.key)
    const last = rows.at(-1)
    if (now === undefined || last === undefined || folded === undefined || now.foldedTo !== document.foldedTo)
      return skippedOne
    if (!folded.ok || folded.value.bytes.length > this.#deps.limits.wire.snapshotBytesMax) {
      const reason = folded.ok ? 'too-large' : folded.error.kind
      this.#skip(room.ref, now, reason)
      if (reason === 'undecodable') plan.isolate(now)
      return skippedOne
    }
    const tail = rows.filter((row) => row.kind !== 'snapshot')
    const stamp = rows.reduce((greatest, row) => Math.max(greatest, row.stamp), 0)
    plan.fold(
      now,
      { ...last, kind: 'snapshot', writer: 0, n: 0, group: 0, stamp, ...folded.value },
      {
        entries: now.tailEntries - tail.length,
        bytes: now.tailBytes - tail.reduce((sum, row) => sum + row.bytes.length, 0),
      },
    )
    return { ...nothing, folded: 1, rows: rows.length }
  }

  #skip(ref: SpaceRef, document: DocumentRecord, reason: string): void {
    this.#deps.ports.log('warn', 'document-not-folded', { space: ref.space, document: document.key, reason })
    this.#skipped.set(`${spaceKey(ref)}/${document.number}`, document.tailEntries)
  }
}

function inCommit(
  committer: Committer,
  room: Room,
  jobs: readonly Job[],
  decide: Work['decide'],
): Promise<Result<void, WorkFailure>> {
  const documents: DocumentKey[] = jobs.map(({ document }) => document.key)
  const needs = { ...noNeeds, documents }
  return new Promise((done) => committer.add({ room, bytes: 0, entries: 0, needs, decide, done }))
}

/** Batches of bounded count and bytes; a document alone may be over. */
function* batches(documents: readonly DocumentRecord[], limits: ServerLimits): Generator<readonly DocumentRecord[]> {
  let batch: DocumentRecord[] = []
  let bytes = 0
  for (const document of documents) {
    const size = document.foldedBytes + document.tailBytes
    if (batch.length > 0 && (batch.length >= limits.foldDocumentsMax || bytes + size > limits.foldInputBytesMax)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(document)
    bytes += size
  }
  if (batch.length > 0) yield batch
}

const add = (a: FoldReport, b: FoldReport): FoldReport => ({
  folded: a.folded + b.folded,
  skipped: a.skipped + b.skipped,
  rows: a.rows + b.rows,
  spacesFailed: a.spacesFailed + b.spacesFailed,
})
