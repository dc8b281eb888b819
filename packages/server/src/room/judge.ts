import { isEmptyToken } from '@rejoin/protocol'
import type { Token, TokenParts } from '@rejoin/protocol'
import { noHash } from '../log/records.ts'
import type { SpaceRecord, SpaceRef } from '../log/records.ts'
import { sameBytes } from '../tokens.ts'
import type { Tokens } from '../tokens.ts'

export interface Presented {
  /** The cursor. */
  readonly after: Token
  /** The greatest token ever seen. */
  readonly seen: Token
}

export type Verdict =
  | { readonly kind: 'continue'; readonly after: number }
  /** The client knows another log. `setBackIn`: the epoch in which this one was set back, unnoticed so far. */
  | { readonly kind: 'restart'; readonly setBackIn: string | undefined }

/** Whether the log that the client knows is a beginning of this one: judged on the greatest token it ever saw. */
export async function judge(
  ref: SpaceRef,
  record: SpaceRecord,
  presented: Presented,
  tokens: Tokens,
  hashAt: (seq: number) => Promise<Uint8Array | undefined>,
): Promise<Verdict> {
  const { after } = presented
  const seen = isEmptyToken(presented.seen) ? after : presented.seen
  if (isEmptyToken(seen)) return { kind: 'continue', after: 0 }
  const parts = tokens.genuine(ref, seen)
  if (parts === undefined) return { kind: 'restart', setBackIn: undefined }
  const hash = await hashOf(record, parts.seq, hashAt)
  if (hash === undefined || !sameBytes(hash, parts.hash)) {
    const contradicts = hash !== undefined || parts.seq > record.head
    return { kind: 'restart', setBackIn: contradicts && parts.epoch === record.epoch ? record.epoch : undefined }
  }
  if (isEmptyToken(after)) return { kind: 'continue', after: 0 }
  const cursor = tokens.genuine(ref, after)
  if (cursor === undefined || cursor.seq > parts.seq) return { kind: 'restart', setBackIn: undefined }
  const isSame = cursor.epoch === parts.epoch || (await isPrefix(record, cursor, hashAt))
  return isSame ? { kind: 'continue', after: cursor.seq } : { kind: 'restart', setBackIn: undefined }
}

async function isPrefix(
  record: SpaceRecord,
  cursor: TokenParts,
  hashAt: (seq: number) => Promise<Uint8Array | undefined>,
): Promise<boolean> {
  const hash = await hashOf(record, cursor.seq, hashAt)
  return hash !== undefined && sameBytes(hash, cursor.hash)
}

async function hashOf(
  record: SpaceRecord,
  seq: number,
  hashAt: (seq: number) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array | undefined> {
  if (seq === 0) return noHash
  if (seq === record.head) return record.hash
  return seq < record.head ? hashAt(seq) : undefined
}
