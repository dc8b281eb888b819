import { hasNumber, insertRun } from '@rejoin/base'
import type { SpaceId } from '@rejoin/base'
import { DeclaredSlots, encodeServerFrame } from '@rejoin/protocol'
import type { ServerFrame, Token } from '@rejoin/protocol'
import type { ServerLimits } from '../limits.ts'
import type { Outlet } from '../room/outlet.ts'
import type { Packed } from '../room/range.ts'
import type { Failure } from './failure.ts'

interface Line {
  send(bytes: Uint8Array): void
  buffered(): number
}

export interface OutletHooks {
  nextSlot(): number
  endStream(stream: number, failure: Failure): void
  /** The connection does not read fast enough; asks `drained` again until it is. */
  lagging(): void
  /** The connection goes on asking and does not read the answers; said once. */
  overrun(): void
}

/** The sending half of a connection: what it was told so far, and which entries are its own. */
export class StreamOutlet implements Outlet {
  readonly #line: Line
  readonly #limits: ServerLimits
  readonly #hooks: OutletHooks
  readonly #documents: DeclaredSlots
  readonly #writers: DeclaredSlots
  /** Which of the client's streams a slot was given to, for ever. */
  readonly #streams = new Map<number, number>()
  readonly #declared = new Set<number>()
  readonly #own = new Map<string, number[]>()
  #isLagging = false
  /** Bytes of answers since the connection has been lagging. */
  #besideBytes = 0
  #isOverrun = false

  constructor(line: Line, limits: ServerLimits, hooks: OutletHooks) {
    this.#line = line
    this.#limits = limits
    this.#hooks = hooks
    this.#documents = new DeclaredSlots(limits.wire.documentSlotsMax)
    this.#writers = new DeclaredSlots(limits.wire.writerSlotsMax)
  }

  /** Answers do not wait for the connection to read; but one that asks on and on and reads nothing is ended. */
  send(frame: ServerFrame): void {
    const bytes = this.#put(frame)
    if (!this.isLagging()) return
    this.#besideBytes += bytes
    if (this.#isOverrun || this.#besideBytes <= this.#limits.bufferedBytesMax) return
    this.#isOverrun = true
    this.#hooks.overrun()
  }

  subscribed(stream: number, verdict: 'continue' | 'restart', head: Token): void {
    this.send({ kind: 'subscribed', stream, verdict, head })
  }

  sendPacked(stream: number, slot: number, packed: Packed): number {
    if (!this.#declared.has(slot)) {
      this.#declared.add(slot)
      this.#put({ kind: 'stream', slot, stream })
    }
    const documents = packed.documents.filter((document) => this.#documents.use(document.slot))
    const size = this.#limits.wire.documentsPerFrameMax
    for (let i = 0; i < documents.length; i += size)
      this.#put({ kind: 'documents', documents: documents.slice(i, i + size) })
    for (const author of packed.authors) if (this.#writers.use(author.slot)) this.#put(author)
    this.#line.send(packed.bytes)
    return packed.bytes.length
  }

  slotFor(stream: number, shared: number): number {
    const taken = this.#streams.get(shared)
    const slot = taken === undefined || taken === stream ? shared : this.#hooks.nextSlot()
    this.#streams.set(slot, stream)
    return slot
  }

  isLagging(): boolean {
    if (!this.#isLagging && this.#line.buffered() > this.#limits.bufferedBytesMax) {
      this.#isLagging = true
      this.#hooks.lagging()
    }
    return this.#isLagging
  }

  /** Whether the connection has read enough to go on. */
  drained(): boolean {
    if (this.#line.buffered() > this.#limits.bufferedBytesMax / 2) return false
    this.#isLagging = false
    this.#besideBytes = 0
    return true
  }

  isOwn(space: SpaceId, writer: number, n: number): boolean {
    if (this.#own.size === 0) return false
    const own = this.#own.get(`${space}/${writer}`)
    return own !== undefined && hasNumber(own, n)
  }

  /** The connection is about to be told that its entry is accepted. */
  addOwn(space: SpaceId, writer: number, n: number): void {
    const key = `${space}/${writer}`
    const own = this.#own.get(key) ?? []
    this.#own.set(key, own)
    insertRun(own, n, n)
  }

  /** A stream begins anew, behind entries that its client may have dropped: they are sent as all others. */
  forgetOwn(space: SpaceId): void {
    for (const key of this.#own.keys()) if (key.startsWith(`${space}/`)) this.#own.delete(key)
  }

  endStream(stream: number, failure: Failure): void {
    this.#hooks.endStream(stream, failure)
  }

  /** Returns its size. */
  #put(frame: ServerFrame): number {
    const bytes = encodeServerFrame(frame)
    this.#line.send(bytes)
    return bytes.length
  }
}
