import type { WriterId } from '@rejoin/base'
import { decodeClientFrame } from '@rejoin/protocol'
import type { ServerFrame, Token } from '@rejoin/protocol'

const connectionsMax = 32
const framesMax = 48
const framesBytesMax = 256 * 1024
/** Passwords of others; and pings, of which it must know when it said them. */
const unspeakable: ReadonlySet<string> = new Set(['hello', 'auth', 'ping'])

/** What it has learned: of other people's frames on their way, and of what the server sent. */
export class Memory {
  /** Declarations and what follows them, by the connection they were overheard on.  */
  readonly #overheard = new Map<string, { readonly frames: Uint8Array[]; bytes: number }>()
  /** Other people's writers, with CRDT client ids that they declared. */
  readonly others = new Map<WriterId, number[]>()
  /** Heads and cursors, by space. */
  readonly tokens = new Map<string, Token[]>()

  overhear(bytes: Uint8Array, from: string): void {
    const frame = decodeClientFrame(bytes)
    if (!frame.ok || unspeakable.has(frame.value.kind)) return
    if (frame.value.kind === 'writer') this.#writer(frame.value.writer, frame.value.clientIds)
    this.#keep(bytes, from)
  }

  /** Its own frame, to be said again later. */
  said(bytes: Uint8Array, on: string): void {
    const frame = decodeClientFrame(bytes)
    if (frame.ok && !unspeakable.has(frame.value.kind)) this.#keep(bytes, on)
  }

  /** `spaceOf` tells the space of one of its own streams. */
  learn(frame: ServerFrame, spaceOf: (stream: number) => string | undefined): void {
    if (frame.kind === 'writer') this.#writer(frame.writer, [])
    if (frame.kind === 'subscribed') this.#token(spaceOf(frame.stream) ?? '', frame.head)
  }

  /** What was said on each connection, in order. */
  connections(): readonly (readonly Uint8Array[])[] {
    return [...this.#overheard.values()].map(({ frames }) => frames)
  }

  #writer(writer: WriterId, clientIds: readonly number[]): void {
    const known = this.others.get(writer) ?? []
    this.others.set(writer, known)
    for (const id of clientIds) if (!known.includes(id)) known.push(id)
  }

  #token(space: string, token: Token): void {
    const known = this.tokens.get(space) ?? []
    this.tokens.set(space, known)
    known.push(token.slice() as Token)
    if (known.length > 8) known.shift()
  }

  #keep(bytes: Uint8Array, from: string): void {
    const heard = this.#overheard.get(from) ?? { frames: [], bytes: 0 }
    this.#overheard.set(from, heard)
    if (this.#overheard.size > connectionsMax)
      for (const [first] of [...this.#overheard].slice(0, 1)) this.#overheard.delete(first)
    if (heard.frames.length >= framesMax || heard.bytes > framesBytesMax) return
    heard.frames.push(bytes.slice())
    heard.bytes += bytes.length
  }
}
