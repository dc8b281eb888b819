import { invariant, unreachable } from '@rejoin/base'
import type { DeviceId, Entry, Intervals, SpaceId } from '@rejoin/base'
import { protocolVersion, SlotTable } from '@rejoin/protocol'
import type {
  ClientFrame,
  DocumentDeclaration,
  FrameError,
  HelloFrame,
  Limits,
  PresenceFrame,
  PushFrame,
  SubscribeFrame,
  WriterFrame,
} from '@rejoin/protocol'
import type { ServerLimits } from '../limits.ts'
import { assemble } from './group.ts'
import { Pace } from './pace.ts'
import type { Failure } from './failure.ts'
import { fail, isFailure } from './failure.ts'
import type { Principal } from '../identity/principal.ts'
import { mergeWriters } from './writer-slot.ts'
import type { WriterSlot } from './writer-slot.ts'

/** What a connection's shell does for its session, in this order. */
export type Effect =
  | { readonly kind: 'greet'; readonly hello: HelloFrame }
  | { readonly kind: 'authenticate'; readonly accessToken: string }
  | { readonly kind: 'push'; readonly space: SpaceId; readonly writer: WriterSlot; readonly entries: readonly Entry[] }
  | { readonly kind: 'ask'; readonly space: SpaceId; readonly writer: WriterSlot; readonly intervals: Intervals }
  | { readonly kind: 'subscribe'; readonly space: SpaceId; readonly frame: SubscribeFrame }
  | { readonly kind: 'unsubscribe'; readonly stream: number }
  | { readonly kind: 'credit'; readonly stream: number; readonly bytes: number }
  | { readonly kind: 'focus'; readonly stream: number; readonly document: DocumentDeclaration }
  | {
      readonly kind: 'presence'
      readonly space: SpaceId
      readonly document: DocumentDeclaration
      readonly bytes: Uint8Array
    }
  | { readonly kind: 'pong' }
  | { readonly kind: 'fail'; readonly failure: Failure }

export type Phase =
  | { readonly kind: 'new' }
  | { readonly kind: 'greeting'; readonly device: DeviceId }
  | { readonly kind: 'open'; readonly device: DeviceId }
  | { readonly kind: 'ended' }

/**
 * What one connection has said so far: names behind its slots, groups on their way, and whether it keeps to
 * the limits. Knows no socket and no log; what is to be done comes out as effects.
 */
export class Session {
  readonly #limits: Limits
  readonly #unansweredEntriesMax: number
  readonly #spaces: SlotTable<SpaceId>
  readonly #writers: SlotTable<WriterSlot>
  readonly #documents: SlotTable<DocumentDeclaration>
  readonly #streams = new Set<number>()
  readonly #pace: Pace
  readonly #presencePace: Pace
  #unansweredEntries = 0
  #unansweredBytes = 0
  #phase: Phase = { kind: 'new' }
  #principal: Principal | undefined

  constructor({ wire: limits, unansweredEntriesMax }: ServerLimits, nowMs: number) {
    this.#limits = limits
    this.#unansweredEntriesMax = unansweredEntriesMax
    this.#spaces = new SlotTable(limits.spaceSlotsMax, 'space', (old, declared) => (old === declared ? old : undefined))
    this.#writers = new SlotTable(limits.writerSlotsMax, 'writer', mergeWriters)
    this.#documents = new SlotTable(limits.documentSlotsMax, 'document', (old, declared) =>
      isSameDocument(old, declared) ? old : undefined,
    )
    this.#pace = new Pace(limits.framesPerSecondMax, 10, nowMs)
    this.#presencePace = new Pace(limits.presencesPerSecondMax, 1, nowMs)
  }

  get phase(): Phase {
    return this.#phase
  }

  /** Who speaks here; stays known when the session has ended. */
  get principal(): Principal {
    invariant(this.#principal !== undefined, 'only a welcomed session acts')
    return this.#principal
  }

  /** A decoded frame arrived. */
  frame(frame: ClientFrame, nowMs: number): readonly Effect[] {
    if (this.#phase.kind === 'ended') return []
    if (!this.#pace.allows(nowMs)) return [fail('rate-limited', 'Too many frames a second.', 1000)]
    if (this.#phase.kind === 'new') return this.#first(frame)
    return this.#take(frame, nowMs)
  }

  /** The token of the hello was accepted. */
  welcomed(principal: Principal, streams: readonly number[]): void {
    invariant(this.#phase.kind === 'greeting', 'a session is welcomed once, after its hello')
    this.#phase = { kind: 'open', device: this.#phase.device }
    this.#principal = principal
    for (const stream of streams) this.#streams.add(stream)
  }

  /** The token of an `auth` was accepted: for the same user and tenant, or the session fails. */
  refreshed(principal: Principal): readonly Effect[] {
    if (this.#phase.kind !== 'open') return []
    const { tenant, user } = this.principal
    if (tenant !== principal.tenant || user !== principal.user)
      return [fail('unauthenticated', 'A connection keeps its user; open another one for this token.')]
    this.#principal = principal
    return []
  }

  /** Entries were answered, whatever the answer. */
  answered(entries: number, bytes: number): void {
    this.#unansweredEntries -= entries
    this.#unansweredBytes -= bytes
  }

  /** The server ended a stream: its number is free. */
  streamEnded(stream: number): void {
    this.#streams.delete(stream)
  }

  end(): void {
    this.#phase = { kind: 'ended' }
  }

  #first(frame: ClientFrame): readonly Effect[] {
    if (frame.kind !== 'hello') return [fail('bad-frame', 'The first frame must be a hello.')]
    if (frame.protocol !== protocolVersion) {
      const message = `This server speaks protocol version ${protocolVersion}, the client version ${frame.protocol}.`
      return [fail('protocol-version', message)]
    }
    this.#phase = { kind: 'greeting', device: frame.device }
    return [{ kind: 'greet', hello: frame }]
  }

  #take(frame: ClientFrame, nowMs: number): readonly Effect[] {
    switch (frame.kind) {
      case 'hello':
        return [fail('bad-frame', 'A connection says hello once.')]
      case 'auth':
        return [{ kind: 'authenticate', accessToken: frame.accessToken }]
      case 'space':
        return this.#declared(this.#spaces.declare(frame.slot, frame.space))
      case 'writer':
        return this.#declareWriter(frame)
      case 'documents':
        return frame.documents.flatMap((declared) => this.#declared(this.#documents.declare(declared.slot, declared)))
      case 'subscribe':
        return this.#subscribe(frame)
      case 'unsubscribe':
        this.#streams.delete(frame.stream)
        return [{ kind: 'unsubscribe', stream: frame.stream }]
      case 'credit':
        return [{ kind: 'credit', stream: frame.stream, bytes: frame.bytes }]
      case 'push':
        return this.#push(frame)
      case 'ask':
        return this.#withWriter(frame.writer, (writer) => [
          { kind: 'ask', space: writer.space, writer, intervals: frame.intervals },
        ])
      case 'focus':
        return this.#withDocument(frame.document, (document) => [{ kind: 'focus', stream: frame.stream, document }])
      case 'presence':
        return this.#presence(frame, nowMs)
      case 'ping':
        return [{ kind: 'pong' }]
      case 'unsupported':
        return []
      default:
        return unreachable(frame)
    }
  }

  #declareWriter(frame: WriterFrame): readonly Effect[] {
    const space = this.#spaces.get(frame.space)
    if (!space.ok) return [failed(space.error)]
    const slot = {
      slot: frame.slot,
      spaceSlot: frame.space,
      space: space.value,
      writer: frame.writer,
      clientIds: frame.clientIds,
      group: [],
    }
    const declared = this.#writers.declare(frame.slot, slot)
    if (declared.ok && declared.value.clientIds.length > clientIdsWaitingMax)
      return [fail('too-large', `A writer may have ${clientIdsWaitingMax} unregistered client ids.`)]
    return this.#declared(declared)
  }

  #subscribe(frame: SubscribeFrame): readonly Effect[] {
    const space = this.#spaces.get(frame.space)
    if (!space.ok) return [failed(space.error)]
    if (this.#streams.has(frame.stream)) return [fail('bad-frame', `Stream ${frame.stream} is open already.`)]
    if (this.#streams.size >= this.#limits.streamsMax)
      return [fail('rate-limited', `streamsMax is ${this.#limits.streamsMax}.`)]
    this.#streams.add(frame.stream)
    return [{ kind: 'subscribe', space: space.value, frame }]
  }

  #push(frame: PushFrame): readonly Effect[] {
    return this.#withWriter(frame.writer, (writer) => {
      const entries = this.#entriesOf(frame, writer)
      if (isFailure(entries)) return [entries]
      const assembled = assemble(writer.group, entries, this.#limits.groupEntriesMax)
      if (!assembled.ok) return [fail('bad-frame', assembled.error)]
      writer.group = assembled.value.rest
      this.#unansweredEntries += entries.length
      if (this.#unansweredEntries > this.#unansweredEntriesMax)
        return [fail('rate-limited', `unansweredEntriesMax is ${this.#unansweredEntriesMax}.`, 1000)]
      for (const { bytes } of entries) this.#unansweredBytes += bytes.length
      if (this.#unansweredBytes > this.#limits.unansweredBytesMax + this.#limits.frameBytesMax)
        return [fail('rate-limited', `unansweredBytesMax is ${this.#limits.unansweredBytesMax}.`, 1000)]
      return assembled.value.complete.map((group) => ({ kind: 'push', space: writer.space, writer, entries: group }))
    })
  }

  /** The entries of a push with names for slots. */
  #entriesOf(frame: PushFrame, writer: WriterSlot): readonly Entry[] | Fail {
    const entries: Entry[] = []
    for (const entry of frame.entries) {
      const document = this.#documents.get(entry.document)
      if (!document.ok) return failed(document.error)
      const after = entry.after && this.#writers.get(entry.after.writer)
      if (after?.ok === false) return failed(after.error)
      if (after !== undefined && after.value.space !== writer.space)
        return fail('bad-frame', 'An entry names a predecessor in another space.')
      if (entry.n <= (entries.at(-1)?.id.n ?? 0))
        return fail('bad-frame', 'The entries of a push must be in ascending order.')
      entries.push({
        id: { writer: writer.writer, n: entry.n },
        kind: entry.kind,
        document: document.value.address,
        generation: document.value.generation,
        after: after && entry.after && { writer: after.value.writer, n: entry.after.n },
        group: entry.group,
        groupSize: entry.groupSize,
        stamp: entry.stamp,
        encoding: entry.encoding,
        bytes: entry.bytes,
      })
    }
    return entries
  }

  #presence(frame: PresenceFrame, nowMs: number): readonly Effect[] {
    const space = this.#spaces.get(frame.space)
    if (!space.ok) return [failed(space.error)]
    if (frame.bytes.length > this.#limits.presenceBytesMax || !this.#presencePace.allows(nowMs)) return []
    return this.#withDocument(frame.document, (document) => [
      { kind: 'presence', space: space.value, document, bytes: frame.bytes },
    ])
  }

  #withWriter(slot: number, use: (writer: WriterSlot) => readonly Effect[]): readonly Effect[] {
    const writer = this.#writers.get(slot)
    return writer.ok ? use(writer.value) : [failed(writer.error)]
  }

  #withDocument(slot: number, use: (document: DocumentDeclaration) => readonly Effect[]): readonly Effect[] {
    const document = this.#documents.get(slot)
    return document.ok ? use(document.value) : [failed(document.error)]
  }

  #declared(result: { readonly ok: true } | { readonly ok: false; readonly error: FrameError }): readonly Effect[] {
    return result.ok ? [] : [failed(result.error)]
  }
}

type Fail = Effect & { readonly kind: 'fail' }

/** How many client ids of one writer may wait for its next entry. */
const clientIdsWaitingMax = 4096

const failed = (error: FrameError): Fail =>
  fail(error.kind === 'unknown-type' ? 'bad-frame' : error.kind, error.message)

const isSameDocument = (a: DocumentDeclaration, b: DocumentDeclaration): boolean =>
  a.generation.id === b.generation.id &&
  a.address.collection === b.address.collection &&
  a.address.entity === b.address.entity &&
  a.address.part === b.address.part &&
  a.address.field === b.address.field
