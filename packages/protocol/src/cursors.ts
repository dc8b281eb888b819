import { ByteWriter } from '@rejoin/base'
import type { SpaceId } from '@rejoin/base'
import { interestKey } from './interest.ts'
import type { Interest } from './interest.ts'
import { sha256 } from './sha256.ts'
import { sameToken } from './token.ts'
import type { Token } from './token.ts'

/** How far a replica durably holds everything of an interest in a space. */
export interface Cursor {
  readonly space: SpaceId
  readonly interest: Interest
  readonly token: Token
}

/** By space, then by `interestKey`: the order in which streams are numbered when `welcome.level` is true. */
export const canonicalCursors = <Item extends Cursor>(cursors: readonly Item[]): Item[] =>
  cursors
    .map((cursor) => ({ cursor, key: `${cursor.space} ${interestKey(cursor.interest)}` }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ cursor }) => cursor)

/** 16 bytes, equal on both sides if and only if the cursors are, in whatever order they come. */
export function cursorsHash(cursors: readonly Cursor[]): Uint8Array {
  const out = new ByteWriter(128 * cursors.length)
  for (const { space, interest, token } of canonicalCursors(cursors))
    out.text(space).text(interestKey(interest)).bytes(token)
  return sha256(out.view()).slice(0, 16)
}

/**
 * What a client puts into `hello`: the hash; or nothing, if it has no stream or saw a token beyond a cursor (`seen`
 * is the greatest ever seen of the space): then it is not level, and must not seem so to a restored server.
 */
export function helloCursors(cursors: readonly (Cursor & { readonly seen: Token })[]): Uint8Array {
  const mayBeLevel =
    cursors.length > 0 && cursors.every(({ token, seen }) => token.length > 0 && sameToken(token, seen))
  return mayBeLevel ? cursorsHash(cursors) : new Uint8Array(0)
}
