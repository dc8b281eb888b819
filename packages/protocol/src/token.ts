import { ByteReader, ByteWriter, BytesError, err, fromHex, invariant, isOpaqueId, ok, toHex } from '@rejoin/base'
import type { Result } from '@rejoin/base'

/**
 * Identifies a prefix of a space's log: (epoch, seq, hash, MAC). Clients store and compare tokens and read
 * `seqOf` and `epochOf`; only a server makes or verifies them. The bytes are immutable: never write to them.
 */
export type Token = Uint8Array & { readonly token: true }

export interface TokenParts {
  /** Random id of the log's life: 16 bytes as hex. */
  readonly epoch: string
  /** The last sequence number of the prefix; 0 for an empty log. */
  readonly seq: number
  /** The chain up to `seq`: 16 bytes. */
  readonly hash: Uint8Array
  /** The server's seal over the other three with tenant and space: 16 bytes. */
  readonly mac: Uint8Array
}

const partBytes = 16
/** Three parts of 16 bytes and a number of at most eight. */
export const tokenBytesMax: number = 3 * partBytes + 8

/** "Nothing yet": the cursor of a replica that never pulled this interest. */
export const emptyToken: Token = new Uint8Array(0) as Token

export const isEmptyToken = (token: Token): boolean => token.length === 0

export function encodeToken(parts: TokenParts): Token {
  const epoch = fromHex(parts.epoch)
  invariant(epoch !== undefined && isOpaqueId(parts.epoch), 'an epoch is 16 bytes as hex')
  invariant(parts.hash.length === partBytes && parts.mac.length === partBytes, 'hash and MAC have 16 bytes each')
  return new ByteWriter(tokenBytesMax).raw(epoch).number(parts.seq).raw(parts.hash).raw(parts.mac).finish() as Token
}

/** The parts of a token that is not empty. The hash and MAC are views into it. */
export function decodeToken(token: Token): TokenParts {
  const parts = readParts(token)
  invariant(parts, 'a token is made by encodeToken or parseToken')
  return parts
}

/** Checks bytes from the wire or the disk; the empty token is one. Genuineness only the server can judge. */
export const parseToken = (bytes: Uint8Array): Result<Token, string> =>
  bytes.length === 0 || readParts(bytes) !== undefined ? ok(bytes as Token) : err('not a token of a log')

/** 0 for the empty token. */
export const seqOf = (token: Token): number => (isEmptyToken(token) ? 0 : decodeToken(token).seq)

/** Empty text for the empty token. */
export const epochOf = (token: Token): string => toHex(token.subarray(0, partBytes))

export const sameToken = (a: Token, b: Token): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])

/**
 * Negative if `a` identifies a shorter prefix than `b`, positive if a longer one, 0 if their lengths are equal
 * (which does not make them the same prefix: see `sameToken`). The empty token is before every other.
 * Undefined if the epochs differ: then neither is ahead.
 */
export function compareTokens(a: Token, b: Token): number | undefined {
  if (!isEmptyToken(a) && !isEmptyToken(b) && epochOf(a) !== epochOf(b)) return undefined
  if (isEmptyToken(a) || isEmptyToken(b)) return Math.sign(a.length - b.length)
  return Math.sign(seqOf(a) - seqOf(b))
}

function readParts(bytes: Uint8Array): TokenParts | undefined {
  const reader = new ByteReader(bytes)
  try {
    const epoch = toHex(reader.raw(partBytes))
    const parts = { epoch, seq: reader.number(), hash: reader.raw(partBytes), mac: reader.raw(partBytes) }
    reader.end()
    return parts
  } catch (error) {
    if (error instanceof BytesError) return undefined
    throw error
  }
}
