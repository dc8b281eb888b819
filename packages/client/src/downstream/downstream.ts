import { documentKey, parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, EntryId, Log, SpaceId } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import { compareTokens } from '@rejoin/protocol'
import type { FrameError, RangeEntry, RangeFrame, Token } from '@rejoin/protocol'
import { isLost } from '../engines.ts'
import type { Authors } from '../live/authors.ts'
import type { Entities } from '../live/entities.ts'
import type { LiveEntity } from '../live/live-entity.ts'
import type { Committer } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import { encodeRow } from '../replica/row.ts'
import type { StoredRow } from '../replica/row.ts'
import type { Counters } from '../replica/meta.ts'
import type { Author, Connection } from '../session/connection.ts'
import type { OwnWriters } from '../upstream/own-writers.ts'
import type { DisputeBook } from '../views/dispute-book.ts'
import type { Views } from '../views/views.ts'
import { judgeRange } from './space-state.ts'
import type { SpaceState, Stream } from './space-state.ts'

export interface DownstreamDeps {
  readonly committer: Committer
  readonly counters: Counters
  readonly entities: Entities
  readonly writers: OwnWriters
  readonly authors: Authors
  readonly disputes: DisputeBook
  readonly views: Views
  readonly log: Log
  /** Whether the entry was sealed here and awaits its answer. */
  readonly awaits: (space: SpaceId, id: EntryId) => boolean
  /** The log holds an entry of ours: as good as its acknowledgement. */
  readonly found: (space: SpaceId, ids: readonly EntryId[]) => void
  /** A tail has grown. */
  readonly grown: (live: LiveEntity, document: DocumentKey) => void
  /** Bytes that no engine can read came for an entity in memory: it must be loaded again, without them. */
  readonly spoiled: (live: LiveEntity) => void
  /** The entity has bytes that no engine can read. */
  readonly unreadable: (space: SpaceId, entity: string) => void
  /** After a range is durable and applied. */
  readonly applied: (space: SpaceState, stream: Stream) => void
}

interface Arrival {
  /** Undefined for what is ours, and for a snapshot, which nobody wrote. */
  readonly author: Author | undefined
  readonly document: DocumentKey
  readonly row: StoredRow
}

/**
 * Takes in complete ranges: one store transaction with the rows and the cursor, then the open documents,
 * then whoever watches.
 */
export class Downstream {
  readonly #deps: DownstreamDeps

  constructor(deps: DownstreamDeps) {
    this.#deps = deps
  }

  /** `lost` if something before this range is missing: the stream must be asked for again. */
  take(connection: Connection, space: SpaceState, stream: Stream, range: RangeFrame): FrameError | 'lost' | undefined {
    const verdict = judgeRange(stream, range.from, range.token)
    if (verdict === 'known') {
      this.#deps.applied(space, stream)
      return undefined
    }
    if (verdict === 'lost') return 'lost'
    const arrivals: Arrival[] = []
    const found: EntryId[] = []
    for (const entry of range.entries) {
      const arrival = this.#arrival(connection, space, entry, found)
      if (arrival === undefined) continue
      if ('message' in arrival) return arrival
      arrivals.push(arrival)
    }
    stream.token = range.token
    space.see(range.token)
    if (found.length > 0) this.#deps.found(space.space, found)
    this.#store(space, stream, arrivals, range.token)
    return undefined
  }

  #arrival(
    connection: Connection,
    space: SpaceState,
    entry: RangeEntry,
    found: EntryId[],
  ): Arrival | FrameError | undefined {
    const document = connection.document(entry.document)
    if (!document.ok) return document.error
    // Bytes of the frame are a view into a larger buffer, which the row must not keep alive.
    const update: Update = { encoding: entry.encoding, bytes: entry.bytes.slice() }
    const key = documentKey(document.value.address)
    if (entry.kind === 'snapshot')
      return { author: undefined, document: key, row: { kind: 'stored', entry: undefined, update } }
    const author = connection.author(entry.writer)
    if (!author.ok) return author.error
    const id = { writer: author.value.writer, n: entry.n }
    const isOurs = this.#deps.writers.has(id.writer)
    if (isOurs) {
      if (this.#deps.writers.isAnswered(space.space, id)) return undefined
      if (this.#deps.awaits(space.space, id)) {
        found.push(id)
        return undefined
      }
    }
    return { author: isOurs ? undefined : author.value, document: key, row: { kind: 'stored', entry: id, update } }
  }

  #store(space: SpaceState, stream: Stream, arrivals: readonly Arrival[], token: Token): void {
    const { committer, counters, views, authors } = this.#deps
    committer.contribute({
      write: (batch) => {
        if (space.left) return
        for (const { author, document, row } of arrivals) {
          if (author !== undefined) authors.learn(batch, space.space, author.writer, author.user)
          batch.put(keys.row(space.space, document, counters.nextRow()), encodeRow(row))
          views.touch(batch, space.space, document)
        }
        space.write(batch)
        if (arrivals.length > 0) counters.write(batch)
      },
      durable: () => {
        if (space.left) return
        this.#apply(space.space, arrivals)
        // A stream that was sent back to the beginning meanwhile is not there.
        if (compareTokens(token, stream.token) !== 1) stream.durable = token
        this.#deps.applied(space, stream)
      },
    })
  }

  #apply(space: SpaceId, arrivals: readonly Arrival[]): void {
    const changed = new Map<LiveEntity, Map<DocumentKey, Update[]>>()
    for (const { document, row } of arrivals) {
      const { collection, entity } = parseDocumentKey(document)
      const live = this.#deps.entities.find(space, collection, entity)
      if (live === undefined) continue
      const documents = changed.get(live) ?? new Map<DocumentKey, Update[]>()
      changed.set(live, documents)
      const updates = documents.get(document) ?? []
      documents.set(document, updates)
      updates.push(row.update)
    }
    for (const [live, documents] of changed) {
      let isRead = true
      for (const [document, updates] of documents) {
        isRead = this.#applyTo(live, document, updates) && isRead
        this.#deps.grown(live, document)
      }
      if (isRead) this.#deps.disputes.noteLive(live, 'delivered')
      this.#deps.entities.changed(live)
    }
  }

  /** Bytes that no engine can read isolate their document; the others go on. Returns whether all could be read. */
  #applyTo(live: LiveEntity, document: DocumentKey, updates: readonly Update[]): boolean {
    let isRead = true
    try {
      live.apply(document, updates)
    } catch (cause) {
      isRead = false
      if (!isLost(cause)) this.#spoiled(live, document, cause)
    }
    const tail = live.documents.get(document)
    if (tail !== undefined) {
      tail.tailRows += updates.length
      for (const { bytes } of updates) tail.tailBytes += bytes.length
    }
    return isRead
  }

  #spoiled(live: LiveEntity, document: DocumentKey, cause: unknown): void {
    this.#deps.log('error', 'document.undecodable', { document, reason: String(cause) })
    this.#deps.unreadable(live.space, `${live.collection.name}/${live.id}`)
    this.#deps.spoiled(live)
  }
}
