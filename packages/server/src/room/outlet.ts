import type { SpaceId } from '@rejoin/base'
import type { Token } from '@rejoin/protocol'
import type { Failure } from '../session/failure.ts'
import type { Packed } from './range.ts'

/** A connection as its streams see it. Declares names before their first use. */
export interface Outlet {
  /** Sends a packed frame of the stream; returns its size in bytes. */
  sendPacked(stream: number, slot: number, packed: Packed): number
  /** A slot for a stream: `shared`, unless this connection has given that one to another stream. */
  slotFor(stream: number, shared: number): number
  /** Whether so much is unsent that its streams should pull later. */
  isLagging(): boolean
  /** Whether this connection itself pushed the entry and was told that it is accepted. */
  isOwn(space: SpaceId, writer: number, n: number): boolean
  /** A stream cannot go on. */
  endStream(stream: number, failure: Failure): void
  subscribed(stream: number, verdict: 'continue' | 'restart', head: Token): void
}
