import { RejoinError } from '@rejoin/base'
import type { DocumentKey, SpaceId } from '@rejoin/base'
import type { DocumentDeclaration, Token } from '@rejoin/protocol'
import type { LogRow } from '../log/records.ts'
import type { Page, PageQuery } from '../log/store.ts'
import type { ServerLimits } from '../limits.ts'
import { packRange } from './audience.ts'
import type { Batch, Audience } from './audience.ts'
import type { Outlet } from './outlet.ts'
import { entryOf, pack } from './range.ts'
import type { Names, Packed } from './range.ts'

/** What a stream needs of its room. */
export interface Source {
  readonly space: SpaceId
  readonly limits: ServerLimits
  head(): number
  headToken(): Token
  tokenAt(seq: number, hash: Uint8Array): Token
  page(query: PageQuery): Promise<Page>
  documentRows(key: DocumentKey): Promise<readonly LogRow[]>
  name(rows: readonly LogRow[]): Promise<Names>
  /** Calls `flush` of the stream a little later, together with others. */
  flushSoon(subscription: Subscription): void
}

/**
 * One open stream: how far it has come, and what it may still send. It is either level, and takes each commit as
 * it is offered, or it pulls pages of the log until it is. Without credit, or on a connection that does not read, it waits.
 */
export class Subscription {
  readonly stream: number
  readonly audience: Audience
  readonly #source: Source
  readonly #outlet: Outlet
  readonly #slot: number
  /** The cursor that the client was last sent. */
  #sent: number
  /** How far the stream has come; what lies between concerns nobody or came from this very connection. */
  #at: number
  #balance: number
  #isPulling = false
  #isFocusing = false
  /** Documents that a person waits for, while there is no credit or another one is on its way. */
  readonly #wanted = new Map<DocumentKey, DocumentDeclaration>()
  #isOpen = true

  constructor(source: Source, audience: Audience, outlet: Outlet, stream: number, cursor: number) {
    this.#source = source
    this.audience = audience
    this.#outlet = outlet
    this.stream = stream
    this.#slot = outlet.slotFor(stream, audience.slot)
    this.#sent = cursor
    this.#at = cursor
    this.#balance = source.limits.wire.creditBytes
    audience.subscriptions.add(this)
  }

  get outlet(): Outlet {
    return this.#outlet
  }

  get slot(): number {
    return this.#slot
  }

  close(): void {
    this.#isOpen = false
    this.audience.subscriptions.delete(this)
  }

  credit(bytes: number): void {
    this.#balance = Math.min(this.#balance + bytes, this.#source.limits.wire.creditBytes)
    this.resume()
  }

  /** A commit that begins where the stream is; `rows` are those of its interest. */
  offer(batch: Batch, rows: readonly LogRow[]): void {
    if (this.#at !== batch.from) return this.pull()
    if (this.#isPulling) return
    const others = rows.filter((row) => !this.#isOwn(row))
    if (others.length === 0) return this.#cover(batch.to)
    if (!this.#maySend()) return
    const isShared = others.length === rows.length
    const packed = isShared
      ? this.audience.packed(this.#slot, this.#sent)
      : this.#pack(batch.token, others, batch.names)
    this.#at = batch.to
    this.#send(packed, batch.to)
  }

  /** There is credit again, or the connection reads again. */
  resume(): void {
    this.#focusNext()
    this.pull()
    this.flush()
  }

  /** Pulls what is missing, as far as credit and the connection allow. */
  pull(): void {
    if (this.#isPulling || !this.#mayPull()) return
    this.#isPulling = true
    void this.#pullAll().finally(() => {
      this.#isPulling = false
      // A commit may have been offered since the last look.
      this.pull()
    })
  }

  /** Sends the cursor, if the stream is level and has covered numbers without saying so. */
  flush(): void {
    if (!this.#isOpen || this.#isPulling || this.#sent >= this.#at || this.#at !== this.#source.head()) return
    if (this.#outlet.isLagging()) return this.#source.flushSoon(this)
    this.#send(this.#pack(this.#source.headToken(), [], noNames), this.#at)
  }

  /** Sends all of one document, ahead of everything else; one at a time, so that each sees what the last has cost. */
  async focus(key: DocumentKey, declaration: DocumentDeclaration): Promise<void> {
    if (!this.#maySend() || this.#isFocusing) {
      if (this.#wanted.size < wantedMax) this.#wanted.set(key, declaration)
      return
    }
    this.#isFocusing = true
    await this.#orEnd(() => this.#sendFocused(key, declaration))
    this.#isFocusing = false
    this.#focusNext()
  }

  async #sendFocused(key: DocumentKey, declaration: DocumentDeclaration): Promise<void> {
    this.#wanted.delete(key)
    const to = this.#source.head()
    const rows = await this.#source.documentRows(key)
    const names = await this.#source.name(rows)
    if (!this.#isOpen) return
    // Meanwhile other streams of this connection may have sent.
    if (this.#outlet.isLagging()) return void this.#wanted.set(key, declaration)
    const entries = rows.map((row) => entryOf(row, names))
    const frame = {
      kind: 'focused',
      stream: this.#slot,
      document: declaration.slot,
      to,
      entries,
      more: 'no',
    } as const
    for (const packed of pack(frame, rows, names, this.#source.limits.wire))
      this.#sendOne({ ...packed, documents: [declaration, ...packed.documents] })
  }

  #focusNext(): void {
    if (!this.#maySend()) return
    for (const [key, declaration] of this.#wanted) return void this.focus(key, declaration)
  }

  #cover(to: number): void {
    this.#at = to
    this.#source.flushSoon(this)
  }

  async #pullAll(): Promise<void> {
    const { limits } = this.#source
    await this.#orEnd(async () => {
      while (this.#mayPull()) {
        const page = await this.#source.page({
          after: this.#at,
          upTo: this.#source.head(),
          wanted: this.audience.interest,
          bytesMax: Math.min(limits.pageBytesMax, Math.max(1, this.#balance)),
          rowsMax: limits.pageRowsMax,
        })
        const rows = page.rows.filter((row) => !this.#isOwn(row))
        const names = await this.#source.name(rows)
        // Meanwhile other streams of this connection may have sent: the page is read again when that has been read.
        if (!this.#isOpen || this.#outlet.isLagging()) return
        this.#at = page.to
        this.#send(this.#pack(this.#source.tokenAt(page.to, page.hash), rows, names), page.to)
      }
    })
  }

  /** A log that cannot be read ends the stream; the client subscribes again. */
  async #orEnd(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (cause) {
      if (!(cause instanceof RejoinError)) throw cause
      this.#outlet.endStream(this.stream, { error: cause.kind, message: cause.message, afterMs: 0 })
    }
  }

  #pack(token: Token, rows: readonly LogRow[], names: Names): readonly Packed[] {
    return packRange({ slot: this.#slot, from: this.#sent, token }, rows, names, this.#source.limits.wire)
  }

  #send(packed: readonly Packed[], to: number): void {
    for (const one of packed) this.#sendOne(one)
    this.#sent = to
  }

  #sendOne(packed: Packed): void {
    this.#balance -= this.#outlet.sendPacked(this.stream, this.#slot, packed)
  }

  #isOwn(row: LogRow): boolean {
    return row.kind !== 'snapshot' && this.#outlet.isOwn(this.#source.space, row.writer, row.n)
  }

  #mayPull(): boolean {
    return this.#maySend() && this.#at < this.#source.head()
  }

  #maySend(): boolean {
    return this.#isOpen && this.#balance > 0 && !this.#outlet.isLagging()
  }
}

const noNames: Names = new Map()
/** Documents that may wait for credit, on one stream. */
const wantedMax = 64
