import type { DocumentKey, SpaceId, UserId } from '@rejoin/base'
import { encodeServerFrame } from '@rejoin/protocol'
import type { Interest, Token } from '@rejoin/protocol'
import { emptySpace, isEntryRow } from '../log/records.ts'
import type { DocumentRecord, LogRow, SpaceRecord, SpaceRef } from '../log/records.ts'
import type { LogStore, Page, PageQuery } from '../log/store.ts'
import type { ServerLimits } from '../limits.ts'
import type { Loaded, Planned } from '../plan.ts'
import type { ServerPorts } from '../ports.ts'
import type { Tokens } from '../tokens.ts'
import { Audience } from './audience.ts'
import { Audiences } from './audiences.ts'
import { judge } from './judge.ts'
import type { Presented, Verdict } from './judge.ts'
import type { Outlet } from './outlet.ts'
import type { Names } from './range.ts'
import { Records } from './records.ts'
import type { Needs } from './records.ts'
import type { SlotNumbers } from './slots.ts'
import { Subscription } from './subscription.ts'
import type { Source } from './subscription.ts'

export interface RoomDeps {
  readonly store: LogStore
  readonly tokens: Tokens
  readonly slots: SlotNumbers
  readonly limits: ServerLimits
  readonly ports: ServerPorts
}

/** The hub of one space that is in use: what the log says now, and the streams that follow it. Holds no entries. */
export class Room implements Source {
  readonly ref: SpaceRef
  readonly records: Records
  readonly limits: ServerLimits
  readonly #deps: RoomDeps
  readonly #audiences = new Audiences()
  readonly #toFlush = new Set<Subscription>()
  #record: SpaceRecord | undefined
  #headToken: Token | undefined
  #isStale = false
  #holds = 0

  constructor(ref: SpaceRef, deps: RoomDeps) {
    this.ref = ref
    this.limits = deps.limits
    this.#deps = deps
    const { documentsCachedMax, writersCachedMax } = deps.limits
    this.records = new Records(ref, deps.store, deps.slots, documentsCachedMax, writersCachedMax)
  }

  get space(): SpaceId {
    return this.ref.space
  }

  /** A room in use stays in memory. */
  hold(): void {
    this.#holds++
  }

  release(): void {
    this.#holds--
  }

  isIdle(): boolean {
    return this.#holds === 0 && this.#audiences.size === 0
  }

  async record(): Promise<SpaceRecord> {
    if (this.#record !== undefined && !this.#isStale) return this.#record
    this.#record = await this.#deps.store.space(this.ref)
    this.#headToken = undefined
    this.#isStale = false
    return this.#record
  }

  async load(needs: readonly Needs[]): Promise<Loaded> {
    return this.records.load(await this.record(), needs)
  }

  /** Takes in a commit that is durable. */
  apply(planned: Planned): void {
    this.#record = planned.commit.record
    this.#headToken = undefined
    this.records.keepDocuments(planned.documents)
    this.records.keepWriters(planned.writers)
  }

  /** Hands a durable commit to the streams that are level, after its acks are on their way. */
  broadcast(planned: Planned): void {
    const rows = planned.rows.filter((row) => isEntryRow(row.kind))
    const names = this.records.named(rows, planned.documents, planned.writers)
    const batch = { from: planned.commit.expectHead, to: this.head(), token: this.headToken(), rows, names }
    if (batch.to === batch.from) return
    const wanted = this.#audiences.rowsFor(rows, names)
    for (const audience of this.#audiences) audience.offer(batch, wanted.get(audience) ?? [])
  }

  /** Reads everything anew before the next decision: what is in memory may be wrong. */
  forget(): void {
    this.#isStale = true
    this.records.forget()
  }

  head(): number {
    return this.#record?.head ?? 0
  }

  headToken(): Token {
    const { epoch, head, hash } = this.#record ?? emptySpace
    this.#headToken ??= this.#deps.tokens.make(this.ref, epoch, head, hash)
    return this.#headToken
  }

  tokenAt(seq: number, hash: Uint8Array): Token {
    return this.#deps.tokens.make(this.ref, (this.#record ?? emptySpace).epoch, seq, hash)
  }

  async judge(presented: Presented): Promise<Verdict> {
    const record = await this.record()
    return judge(this.ref, record, presented, this.#deps.tokens, (seq) => this.#deps.store.hashAt(this.ref, seq))
  }

  subscribe(outlet: Outlet, stream: number, interest: Interest, cursor: number): Subscription {
    let audience = this.#audiences.with(interest)
    if (audience === undefined) {
      audience = new Audience(interest, this.#deps.slots.nextStream(), this.limits.wire)
      this.#audiences.add(audience)
    }
    return new Subscription(this, audience, outlet, stream, cursor)
  }

  unsubscribe(subscription: Subscription): void {
    subscription.close()
    const { audience } = subscription
    if (audience.subscriptions.size === 0) this.#audiences.delete(audience)
  }

  /** Ends every stream: they subscribe again, and are judged anew. */
  endStreams(message: string): void {
    for (const audience of this.#audiences)
      for (const { outlet, stream } of [...audience.subscriptions])
        outlet.endStream(stream, { error: 'unavailable', message, afterMs: 0 })
  }

  /** Shows a session's presence to the others who follow the document. */
  async presence(from: Outlet, session: string, user: UserId, key: DocumentKey, bytes: Uint8Array): Promise<void> {
    const declaration = await this.records.declarationOf(key)
    if (declaration === undefined) return
    const document = declaration.slot
    for (const audience of this.#audiences) {
      if (!audience.wants(key)) continue
      for (const { outlet, stream, slot } of audience.subscriptions) {
        if (outlet === from || outlet.isLagging()) continue
        const frame = encodeServerFrame({ kind: 'presence', stream: slot, document, session, user, bytes })
        outlet.sendPacked(stream, slot, { documents: [declaration], authors: [], bytes: frame })
      }
    }
  }

  page(query: PageQuery): Promise<Page> {
    return this.#deps.store.page(this.ref, query)
  }

  async documentRows(key: DocumentKey): Promise<readonly LogRow[]> {
    const document = await this.records.document(key)
    return document === undefined ? [] : this.#deps.store.documentRows(this.ref, document.number, this.head())
  }

  name(rows: readonly LogRow[]): Promise<Names> {
    return this.records.name(rows)
  }

  flushSoon(subscription: Subscription): void {
    if (this.#toFlush.size === 0) {
      this.#deps.ports.timers.after(this.limits.emptyRangeDelayMs, () => {
        const due = [...this.#toFlush]
        this.#toFlush.clear()
        for (const one of due) one.flush()
      })
    }
    this.#toFlush.add(subscription)
  }
}

/** Long enough, and at least half as long as the snapshot: so the work stays in proportion to what was written. */
export const isOvergrown = (document: DocumentRecord, limits: ServerLimits): boolean =>
  !document.isolated &&
  (document.tailEntries >= limits.foldEntriesMin || document.tailBytes >= limits.foldBytesMin) &&
  2 * document.tailBytes >= document.foldedBytes
