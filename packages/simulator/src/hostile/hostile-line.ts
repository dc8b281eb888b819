import { collectionName, deviceId, entityId, fieldName, firstGeneration, spaceId, toHex } from '@rejoin/base'
import type { DeviceId, DocumentAddress, Generation, WriterId } from '@rejoin/base'
import type { Link } from '@rejoin/client'
import { decodeServerFrame, emptyToken, encodeClientFrame, everything, protocolVersion } from '@rejoin/protocol'
import type { ClientFrame, HelloFrame, PushEntry, RangeFrame, ServerFrame, Token } from '@rejoin/protocol'
import type { Ending, LineEvidence } from './evidence.ts'
import type { HostileDeps } from './ground.ts'
import { Requests } from './requests.ts'

export interface LineHooks {
  /** Every frame that arrives, decoded if it can be. */
  heard(line: HostileLine, bytes: Uint8Array, frame: ServerFrame | undefined): void
  ended(line: HostileLine): void
  /** A frame was sent that could be said again. */
  said(bytes: Uint8Array): void
}

/** Where an entry goes. */
export interface Target {
  readonly collection: string
  readonly entity: string
  readonly field: string
}

/** One connection. It declares what it needs when it needs it, and says whatever it is told to. */
export class HostileLine implements LineEvidence {
  readonly requests = new Requests()
  readonly openedMs: number
  ending: Ending | undefined
  isWelcome = false
  readonly #deps: HostileDeps
  readonly #hooks: LineHooks
  readonly #link: Link
  readonly #slots = new Map<string, number>()
  readonly #spaceOf = new Map<number, string>()
  /** What the server's slots mean. */
  readonly #theirStreams = new Map<number, number>()
  readonly #theirDocuments = new Map<number, DocumentAddress>()
  /** When the last frame arrived, or the connection was begun. */
  heardMs: number

  /** `greet` is called when the connection is open; without it nothing is said. */
  constructor(deps: HostileDeps, hooks: LineHooks, greet: (line: HostileLine) => void) {
    this.#deps = deps
    this.#hooks = hooks
    this.openedMs = deps.elapsed()
    this.heardMs = this.openedMs
    this.#link = deps.transport.connect('hostile', {
      opened: () => {
        this.requests.opened(deps.elapsed())
        greet(this)
      },
      received: (bytes) => this.#received(bytes),
      closed: (code, reason) => {
        this.ending ??= { code, reason }
        hooks.ended(this)
      },
    })
  }

  get isLive(): boolean {
    return this.isWelcome && this.ending === undefined
  }

  get open(): LineEvidence['open'] {
    return this.requests.open()
  }

  get provenMs(): number {
    return this.requests.provenMs
  }

  /** The space of one of its streams, by its own number. */
  spaceOf(stream: number): string | undefined {
    return this.#spaceOf.get(stream)
  }

  /** The documents that a range of a space brings. */
  documentsIn(frame: RangeFrame, space: string): readonly DocumentAddress[] {
    if (this.spaceOf(this.#theirStreams.get(frame.stream) ?? -1) !== space) return []
    return frame.entries.flatMap(({ document }) => this.#theirDocuments.get(document) ?? [])
  }

  /** The stream of a range, by its own number. */
  streamOf(slot: number): number | undefined {
    return this.#theirStreams.get(slot)
  }

  hello(device: DeviceId, more: Partial<HelloFrame> = {}): void {
    const { accessToken } = this.#deps
    this.say({ kind: 'hello', protocol: protocolVersion, device, accessToken, cursors: new Uint8Array(0), ...more })
  }

  /** The same with any 16 bytes for a device. */
  greet(device: Uint8Array, more: Partial<HelloFrame> = {}): void {
    this.hello(deviceId(toHex(device)), more)
  }

  say(frame: ClientFrame): void {
    if (this.ending !== undefined) return
    this.requests.said(frame, this.#deps.elapsed())
    this.sayBytes(encodeClientFrame(frame))
  }

  sayBytes(bytes: Uint8Array): void {
    if (this.ending !== undefined) return
    this.#link.send(bytes)
    this.#hooks.said(bytes)
  }

  close(): void {
    this.#link.close()
  }

  space(name: string): number {
    return this.#slot(`space ${name}`, (slot) => this.say({ kind: 'space', slot, space: spaceId(name) }))
  }

  /** A writer in a space, whosever it is. */
  writer(space: string, writer: WriterId, clientIds: readonly number[] = []): number {
    const at = this.space(space)
    const slot = this.#slot(`writer ${space} ${writer}`, (slot) =>
      this.say({ kind: 'writer', slot, space: at, writer, clientIds: [] }),
    )
    for (let i = 0; i < clientIds.length; i += 256)
      this.say({ kind: 'writer', slot, space: at, writer, clientIds: clientIds.slice(i, i + 256) })
    return slot
  }

  document({ collection, entity, field }: Target, generation: Generation = firstGeneration): number {
    return this.#slot(`document ${collection}/${entity}/${field}/${generation.id}`, (slot) => {
      const address = {
        collection: collectionName(collection),
        entity: entityId(entity),
        part: 'shared' as const,
        field: field === '' ? ('' as const) : fieldName(field),
      }
      this.say({ kind: 'documents', documents: [{ slot, address, generation }] })
    })
  }

  subscribe(space: string, interest = everything, after = emptyToken, seen: Token = after): number {
    const stream = this.#spaceOf.size
    this.#spaceOf.set(stream, space)
    this.say({ kind: 'subscribe', stream, space: this.space(space), interest, after, seen })
    return stream
  }

  push(writer: number, ...entries: readonly PushEntry[]): void {
    this.say({ kind: 'push', writer, entries })
  }

  #slot(name: string, declare: (slot: number) => void): number {
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    const slot = this.#slots.size
    this.#slots.set(name, slot)
    declare(slot)
    return slot
  }

  #learn(frame: ServerFrame): void {
    if (frame.kind === 'welcome') this.isWelcome = true
    if (frame.kind === 'stream') this.#theirStreams.set(frame.slot, frame.stream)
    if (frame.kind === 'documents')
      for (const { slot, address } of frame.documents) this.#theirDocuments.set(slot, address)
  }

  #received(bytes: Uint8Array): void {
    this.heardMs = this.#deps.elapsed()
    const frame = decodeServerFrame(bytes)
    if (frame.ok) {
      this.requests.heard(frame.value)
      this.#learn(frame.value)
    }
    this.#hooks.heard(this, bytes, frame.ok ? frame.value : undefined)
  }
}
