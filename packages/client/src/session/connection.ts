import { documentKey } from '@rejoin/base'
import type { DocumentAddress, Generation, SpaceId, UserId, WriterId } from '@rejoin/base'
import { decodeServerFrame, encodeClientFrame, SlotDeclarer, SlotTable } from '@rejoin/protocol'
import type { ClientFrame, DocumentDeclaration, FrameError, Limits, ServerFrame } from '@rejoin/protocol'
import type { Outlet } from './outlet.ts'

export interface Author {
  readonly writer: WriterId
  readonly user: UserId
}

/** A writer of ours in one space, as answers name it. */
export interface OwnWriter {
  readonly writer: WriterId
  readonly space: SpaceId
}

/**
 * One connection's frames: names become slots on the way out, and the server's slots become names again.
 * Lives as long as the link; the next link starts with a new one.
 */
export class Connection {
  readonly #outlet: Outlet
  #limits: Limits
  #spaces: SlotDeclarer
  #writers: SlotDeclarer
  #documents: SlotDeclarer
  readonly #ownWriters = new Map<number, OwnWriter>()
  /** Declarations that go out before the next frame, in one. */
  #newDocuments: DocumentDeclaration[] = []
  #newDocumentsBytes = 0
  readonly #declaredClientIds = new Map<number, number>()
  readonly #theirDocuments: SlotTable<DocumentDeclaration>
  readonly #theirWriters: SlotTable<Author>
  readonly #theirStreams: SlotTable<number>

  constructor(outlet: Outlet, limits: Limits) {
    this.#outlet = outlet
    this.#limits = limits
    this.#spaces = new SlotDeclarer(limits.spaceSlotsMax)
    this.#writers = new SlotDeclarer(limits.writerSlotsMax)
    this.#documents = new SlotDeclarer(limits.documentSlotsMax)
    this.#theirDocuments = new SlotTable(limits.documentSlotsMax, 'document', newer)
    this.#theirWriters = new SlotTable(limits.writerSlotsMax, 'writer', newer)
    this.#theirStreams = new SlotTable(limits.streamsMax, 'stream', newer)
  }

  /** The server's own limits, of its welcome; nothing was declared before it. */
  keepTo(limits: Limits): void {
    this.#limits = limits
    this.#outlet.keepTo(limits.framesPerSecondMax)
    this.#spaces = new SlotDeclarer(limits.spaceSlotsMax)
    this.#writers = new SlotDeclarer(limits.writerSlotsMax)
    this.#documents = new SlotDeclarer(limits.documentSlotsMax)
  }

  get limits(): Limits {
    return this.#limits
  }

  send(frame: ClientFrame): void {
    this.#declareDocuments()
    this.#outlet.send(encodeClientFrame(frame))
  }

  /** Calls when every frame so far has left; never, if the connection ends before. */
  whenIdle(act: () => void): void {
    this.#outlet.whenIdle(act)
  }

  /** The link is gone. */
  close(): void {
    this.#outlet.close()
  }

  spaceSlot(space: SpaceId): number {
    const { slot, declare } = this.#spaces.use(space)
    if (declare) this.send({ kind: 'space', slot, space })
    return slot
  }

  /** Declares the writer, and client ids that it has used since it was declared last. */
  writerSlot(space: SpaceId, writer: WriterId, clientIds: readonly number[]): number {
    const { slot, declare } = this.#writers.use(`${space}|${writer}`)
    let declared = declare ? 0 : (this.#declaredClientIds.get(slot) ?? 0)
    if (!declare && declared === clientIds.length) return slot
    this.#ownWriters.set(slot, { writer, space })
    do {
      const some = clientIds.slice(declared, declared + this.#limits.clientIdsMax)
      this.send({ kind: 'writer', slot, space: this.spaceSlot(space), writer, clientIds: some })
      declared += some.length
    } while (declared < clientIds.length)
    this.#declaredClientIds.set(slot, declared)
    return slot
  }

  documentSlot(address: DocumentAddress, generation: Generation): number {
    const { slot, declare } = this.#documents.use(`${documentKey(address)}|${generation.id}`)
    if (!declare) return slot
    const { documentsPerFrameMax, frameBytesMax } = this.#limits
    this.#newDocuments.push({ slot, address, generation })
    this.#newDocumentsBytes += documentKey(address).length + generation.id.length + slotBytesMax
    if (this.#newDocuments.length >= documentsPerFrameMax || this.#newDocumentsBytes >= frameBytesMax / 2)
      this.#declareDocuments()
    return slot
  }

  #declareDocuments(): void {
    if (this.#newDocuments.length === 0) return
    const documents = this.#newDocuments
    this.#newDocuments = []
    this.#newDocumentsBytes = 0
    this.#outlet.send(encodeClientFrame({ kind: 'documents', documents }))
  }

  ownWriter(slot: number): OwnWriter | undefined {
    return this.#ownWriters.get(slot)
  }

  decode(bytes: Uint8Array, limits: Limits): ReturnType<typeof decodeServerFrame> {
    return decodeServerFrame(bytes, limits)
  }

  /** Takes in what a frame declares. Returns what is wrong with it, if anything. */
  learn(frame: ServerFrame): FrameError | undefined {
    switch (frame.kind) {
      case 'documents': {
        for (const declaration of frame.documents) {
          const learned = this.#theirDocuments.declare(declaration.slot, declaration)
          if (!learned.ok) return learned.error
        }
        return undefined
      }
      case 'writer': {
        const learned = this.#theirWriters.declare(frame.slot, { writer: frame.writer, user: frame.user })
        return learned.ok ? undefined : learned.error
      }
      case 'stream': {
        const learned = this.#theirStreams.declare(frame.slot, frame.stream)
        return learned.ok ? undefined : learned.error
      }
      default:
        return undefined
    }
  }

  document(slot: number): ReturnType<SlotTable<DocumentDeclaration>['get']> {
    return this.#theirDocuments.get(slot)
  }

  author(slot: number): ReturnType<SlotTable<Author>['get']> {
    return this.#theirWriters.get(slot)
  }

  stream(slot: number): ReturnType<SlotTable<number>['get']> {
    return this.#theirStreams.get(slot)
  }
}

/** More than the numbers of a declaration take. */
const slotBytesMax = 32

/** A slot declared again, after the table forgot it or with further facts, means what was said last. */
const newer = <T>(_old: T, declared: T): T => declared
