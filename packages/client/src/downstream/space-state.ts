import type { SpaceId } from '@rejoin/base'
import {
  compareTokens,
  emptyToken,
  epochOf,
  isEmptyToken,
  joinInterests,
  sameInterest,
  sameToken,
  seqOf,
} from '@rejoin/protocol'
import type { Interest, Token } from '@rejoin/protocol'
import type { BatchBuilder } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import { encodeSpace } from '../replica/space-record.ts'
import type { SpaceRecord } from '../replica/space-record.ts'

/** An interest in a space and how far it is level. */
export interface Stream {
  interest: Interest
  /** What was received and handed to the store, in order. */
  token: Token
  /** What of it is on disk and applied. */
  durable: Token
  /** This stream's number on the current connection; undefined while it is not subscribed. */
  number: number | undefined
  /** Bytes of range frames taken in since the last credit. */
  uncredited: number
}

/** What a replica knows of one space besides its documents. */
export class SpaceState {
  readonly space: SpaceId
  readonly kind: string
  #seen: Token
  readonly streams: Stream[]
  /** The server accepts pushes for the space on this connection. */
  linked = false

  constructor(space: SpaceId, record: SpaceRecord) {
    this.space = space
    this.kind = record.kind
    this.#seen = record.seen
    this.streams = record.cursors.map(({ interest, token }) => newStream(interest, token))
  }

  /** Greatest token ever seen of this space. */
  get seen(): Token {
    return this.#seen
  }

  /** The server has said where the log ends, and every stream is there, durably. */
  get level(): boolean {
    if (!this.linked) return false
    return (
      seqOf(this.#seen) === 0 ||
      this.streams.every(({ number, durable }) => number !== undefined && sameToken(durable, this.#seen))
    )
  }

  /** The space was left: nothing of it is to be written any more. */
  left = false

  /** The server found what we have seen to be a prefix of its log, which may have begun another life since. */
  continued(head: Token): void {
    if (!isEmptyToken(head) && epochOf(head) !== epochOf(this.#seen)) this.#seen = head
    else this.see(head)
  }

  /** Keeps the token if it is the greatest; a token of another epoch replaces only when the log restarted. */
  see(token: Token): void {
    const order = seqOf(this.#seen) === 0 ? 1 : compareTokens(token, this.#seen)
    if (order !== undefined && order > 0) this.#seen = token
  }

  /** The server's log is not the one we knew: everything is asked for again from its beginning. */
  restart(stream: Stream, head: Token): void {
    rewind(stream)
    this.#seen = head
  }

  /** Something of what was received is lost here: everything is asked for again. */
  rewind(): void {
    for (const stream of this.streams) rewind(stream)
  }

  /** Opens a further stream unless the interest is there already. Returns the new one. */
  widen(interest: Interest): Stream | undefined {
    const covered = this.streams.some((stream) =>
      sameInterest(joinInterests(stream.interest, interest), stream.interest),
    )
    if (covered) return undefined
    const stream = newStream(interest, emptyToken)
    this.streams.push(stream)
    return stream
  }

  /** Two streams that stand at the same place can go on as one. Returns what the merged ones were. */
  mergeLevel(): readonly Stream[] {
    const first = this.streams[0]
    if (first === undefined || this.streams.length < 2 || isEmptyToken(first.durable)) return []
    const others = this.streams.filter((stream) => stream !== first && isAtOnePlace(stream, first))
    if (others.length === 0 || !isSettled(first)) return []
    const merged = [{ ...first }, ...others]
    for (const other of others) {
      first.interest = joinInterests(first.interest, other.interest)
      this.streams.splice(this.streams.indexOf(other), 1)
    }
    first.number = undefined
    return merged
  }

  disconnected(): void {
    this.linked = false
    for (const stream of this.streams) stream.number = undefined
  }

  write(batch: BatchBuilder): void {
    const cursors = this.streams.map(({ interest, token }) => ({ interest, token }))
    batch.put(keys.space(this.space), encodeSpace({ kind: this.kind, seen: this.#seen, cursors }))
  }
}

export const newStream = (interest: Interest, token: Token): Stream => ({
  interest,
  token,
  durable: token,
  number: undefined,
  uncredited: 0,
})

function rewind(stream: Stream): void {
  stream.token = emptyToken
  stream.durable = emptyToken
}

/** Nothing that it received is still on its way to the disk. */
const isSettled = (stream: Stream): boolean => sameToken(stream.token, stream.durable)

const isAtOnePlace = (a: Stream, b: Stream): boolean => isSettled(a) && sameToken(a.durable, b.durable)

/** Where a complete range stands to what the stream has. */
export type RangeVerdict = 'known' | 'next' | 'lost'

export function judgeRange(stream: Stream, from: number, token: Token): RangeVerdict {
  const cursor = seqOf(stream.token)
  if (seqOf(token) <= cursor && !isEmptyToken(stream.token)) return 'known'
  return from <= cursor ? 'next' : 'lost'
}
