import { parseDocumentKey, RejoinError } from '@rejoin/base'
import type { SpaceId, UserId, WriterId } from '@rejoin/base'
import type { DocumentChanges } from '@rejoin/documents'
import type { Collection } from '@rejoin/schema'
import type { Store } from '@rejoin/storage'
import type { Entities } from '../live/entities.ts'
import type { LiveEntity } from '../live/live-entity.ts'
import type { Receipts } from '../receipts.ts'
import type { Committer } from '../replica/committer.ts'
import { nobody } from '../replica/meta.ts'
import type { Counters } from '../replica/meta.ts'
import { nameOf } from '../replica/row.ts'
import type { TransactionId } from '../replica/row.ts'
import { changeQuarantine, entityOf, readQuarantine } from './keeping.ts'
import type { KeptWrite } from './keeping.ts'
import type { LocalWrites } from './local-writes.ts'
import type { OwnWriters } from './own-writers.ts'
import type { ReceiptBook } from './receipt-book.ts'
import { Remaker } from './remaker.ts'
import { isMadeBy } from './remaking.ts'

export interface RetryingDeps {
  readonly writer: WriterId
  readonly principal: UserId
  readonly store: Store
  readonly committer: Committer
  readonly entities: Entities
  readonly counters: Counters
  readonly writers: OwnWriters
  readonly book: ReceiptBook
  readonly receipts: Receipts
  readonly local: LocalWrites
  readonly collectionNamed: (name: string) => Collection | undefined
  readonly isJoined: (space: SpaceId) => boolean
  /** So many more writes are in quarantine. */
  readonly quarantined: (writes: number) => void
}

/** Makes transactions in quarantine again when a person asks for it, as edits of today. */
export class Retrying {
  readonly #deps: RetryingDeps

  constructor(deps: RetryingDeps) {
    this.#deps = deps
  }

  /** False if there is none of this id. Rejects with why it cannot be made again; then it stays. */
  async retry(id: string): Promise<boolean> {
    const { store, entities, committer, collectionNamed, isJoined } = this.#deps
    const first = (await readQuarantine(store)).find((write) => write.id === id)
    if (first === undefined) return false
    const { space, document } = first.record
    const { collection: name, entity } = parseDocumentKey(document)
    const collection = collectionNamed(name)
    if (collection === undefined) throw new RejoinError('not-found', `There is no collection ${name} any more.`)
    if (!isJoined(space)) throw new RejoinError('not-found', `The space ${space} was left; join it first.`)
    const live = await entities.acquire(space, collection, entity)
    try {
      const isMade = await committer.exclusiveWrite(() => this.#again(id, live))
      await committer.flush()
      return isMade
    } finally {
      entities.release(live)
    }
  }

  async #again(id: string, live: LiveEntity): Promise<boolean> {
    const { store, counters, local, receipts, book, quarantined, writer } = this.#deps
    const kept = await readQuarantine(store)
    const own = kept.filter((write) => write.id === id)
    const [first] = own
    if (first === undefined) return false
    const of = nameIn(first)
    await book.open(of.writer)
    if (own.some(({ record, index }) => record.parts[index] !== own.length))
      throw new RejoinError(
        'depends',
        'A part of it was damaged on this device, so it cannot be made again; export it.',
      )
    const edits = own.map((write) => this.#editOf(write))
    const remaker = new Remaker(live.entity, (stamp) => counters.isAhead(stamp))
    const result = remaker.make(edits)
    if (result === undefined) throw dependsError()
    const made = { space: live.space, entity: entityOf(first.record.document), remaker }
    local.add(live, result, first.record.row.lane, {
      of: { ...of, healed: 0 },
      write: (batch) => {
        changeQuarantine(batch, kept, new Set(own), made)
        book.reopened(batch, of)
      },
      durable: () => {
        if (of.writer === writer) receipts.reopened(of.transaction)
        quarantined(-own.length)
      },
    })
    return true
  }

  /** Throws where it is not to be made again. */
  #editOf({ record, index }: KeptWrite): DocumentChanges {
    const { principal, writers } = this.#deps
    const { row, document, unanswered } = record
    const changes = record.changes[index] ?? 'unreadable'
    if (row.principal !== principal && row.principal !== nobody)
      throw new RejoinError('forbidden', `It was written by ${row.principal}, and is not sent under another name.`)
    if (unanswered) throw new RejoinError('depends', unansweredMessage, { hint: unansweredHint })
    if (changes === 'too-large') throw new RejoinError('too-large', 'It is too large to be made again; export it.')
    if (changes === 'unreadable' || !changes.whole || !isMadeBy(writers.clientIds(row.writer), { changes }))
      throw new RejoinError('depends', 'What it did cannot be told whole, so it cannot be made again; export it.')
    const { part, field } = parseDocumentKey(document)
    return { part, field, changes: changes.changes }
  }
}

const nameIn = ({ record: { row }, index }: KeptWrite): TransactionId => {
  const write = row.writes[index]
  return write === undefined ? { writer: row.writer, transaction: 0 } : nameOf(row, write)
}

const unansweredMessage = 'It was sent before the space was left, and the server may have it.'
const unansweredHint = 'Join the space and see whether it is there; then discard it, or write it anew.'

const dependsError = (): RejoinError =>
  new RejoinError('depends', 'It builds on something that is not there, so it cannot be made again.', {
    hint: 'Retry what it builds on first, or write it anew and discard it.',
  })
