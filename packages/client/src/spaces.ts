import { eachNumber, RejoinError, spaceId } from '@rejoin/base'
import type { Clock, DocumentKey, SpaceId, WriterId } from '@rejoin/base'
import { emptyToken, interestIn } from '@rejoin/protocol'
import type { Interest } from '@rejoin/protocol'
import type { Store } from '@rejoin/storage'
import type { Collections, InterestOption } from './api.ts'
import { SpaceState } from './downstream/space-state.ts'
import type { Stream } from './downstream/space-state.ts'
import type { Entities } from './live/entities.ts'
import { BatchBuilder } from './replica/committer.ts'
import type { Committer } from './replica/committer.ts'
import { keys, numberOf, partsOf, under } from './replica/keys.ts'
import { encodeQuarantine } from './replica/quarantine-record.ts'
import { decodeRow, transactionsOf } from './replica/row.ts'
import type { LocalRow } from './replica/row.ts'
import type { ReceiptBook } from './upstream/receipt-book.ts'
import type { Views } from './views/views.ts'

export interface SpacesDeps {
  readonly collections: Collections
  /** The default space of each kind. */
  readonly named: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly store: Store
  readonly committer: Committer
  readonly entities: Entities
  readonly views: Views
  readonly book: ReceiptBook
  /** A stream was opened; the server should hear of it. */
  readonly opened: (space: SpaceState, stream: Stream) => void
  readonly left: (space: SpaceState) => void
  readonly rejected: (writer: WriterId, transactions: readonly number[]) => void
}

const leftMessage = 'The space was left before the server had this write.'

/** The spaces that this replica has joined: which kinds they are, and what of them it wants. */
export class Spaces {
  readonly #deps: SpacesDeps
  readonly states: Map<SpaceId, SpaceState>

  constructor(deps: SpacesDeps, states: Map<SpaceId, SpaceState>) {
    this.#deps = deps
    this.states = states
  }

  /** The spaces of a kind, the default one first. */
  ofKind(kind: string): readonly SpaceId[] {
    const first = this.#deps.named[kind]
    const joined = [...this.states.values()].filter((space) => space.kind === kind).map(({ space }) => space)
    return first === undefined ? joined : [spaceId(first), ...joined.filter((space) => space !== first)]
  }

  /** Joins the default space of every kind that a collection lives in. */
  async joinNamed(): Promise<void> {
    for (const kind of new Set(Object.values(this.#deps.collections).map((collection) => collection.space))) {
      const named = this.#deps.named[kind]
      if (named !== undefined) await this.join(spaceId(named), kind, undefined)
    }
  }

  async join(space: SpaceId, kind: string, option: InterestOption | undefined): Promise<void> {
    const known = this.states.get(space)
    if (known !== undefined && known.kind !== kind)
      throw new RejoinError('bad-config', `The space ${space} is joined as ${known.kind} already, not as ${kind}.`)
    const state = known ?? new SpaceState(space, { kind, seen: emptyToken, cursors: [] })
    const stream = state.widen(this.#interestOf(kind, option), emptyToken)
    this.states.set(space, state)
    if (stream === undefined) return
    this.#deps.committer.contribute({ write: (batch) => state.write(batch), durable: () => undefined })
    await this.#deps.committer.flush()
    this.#deps.opened(state, stream)
  }

  async widen(space: SpaceId, more: InterestOption): Promise<void> {
    const state = this.states.get(space)
    if (state === undefined) throw new RejoinError('not-found', `The space ${space} is not joined; call join first.`)
    await this.join(space, state.kind, more)
  }

  /** Drops every local copy; what the server does not have goes to quarantine. Returns how many writes that were. */
  async leave(space: SpaceId): Promise<number> {
    const state = this.states.get(space)
    if (state === undefined) return 0
    const { committer, entities, views, left } = this.#deps
    return committer.exclusive(async () => {
      const quarantined = await this.#clear(space)
      this.states.delete(space)
      entities.drop(space)
      views.drop(space)
      left(state)
      return quarantined
    })
  }

  async #clear(space: SpaceId): Promise<number> {
    const { store, book, rejected } = this.#deps
    const batch = new BatchBuilder()
    const transactions = new Map<WriterId, number[]>()
    for (const [key, bytes] of await store.scan(under('row', space))) {
      batch.remove(key)
      const row = decodeRow(bytes)
      if (!row.ok || row.value.kind !== 'local') continue
      const [, , document = '', number = ''] = partsOf(key)
      batch.remove(keys.waiting(numberOf(number)))
      batch.put(keys.quarantine(numberOf(number)), this.#quarantined(space, document as DocumentKey, row.value))
      const numbers = transactions.get(row.value.writer) ?? []
      transactions.set(row.value.writer, numbers)
      numbers.push(...eachNumber(transactionsOf(row.value)))
    }
    for (const table of ['base', 'view']) for (const [key] of await store.scan(under(table, space))) batch.remove(key)
    for (const [key] of await store.scan(under('entry'))) if (partsOf(key)[2] === space) batch.remove(key)
    batch.remove(keys.space(space))
    for (const [writer, numbers] of transactions) book.rejected(batch, writer, numbers)
    const outcome = await store.commit(batch.build())
    if (!outcome.ok) throw new RejoinError(outcome.error.kind === 'conflict' ? 'storage-unavailable' : outcome.error.kind, outcome.error.message)
    for (const [writer, numbers] of transactions) rejected(writer, numbers)
    return new Set([...transactions].flatMap(([writer, numbers]) => numbers.map((n) => `${writer}-${n}`))).size
  }

  #quarantined(space: SpaceId, document: DocumentKey, row: LocalRow): Uint8Array {
    return encodeQuarantine({ space, document, kind: 'not-found', message: leftMessage, at: this.#deps.clock.now(), row })
  }

  #interestOf(kind: string, option: InterestOption | undefined): Interest {
    const own = Object.values(this.#deps.collections).filter((collection) => collection.space === kind)
    const whole = option?.entities === undefined ? own.map(({ name }) => name) : []
    return interestIn(option?.collections ?? whole, option?.entities ?? [])
  }
}
