import { ByteWriter } from '@rejoin/base'
import { decodeToken, encodeToken, isEmptyToken } from '@rejoin/protocol'
import type { Token, TokenParts } from '@rejoin/protocol'
import type { SpaceRef } from './log/records.ts'
import type { Hashes } from './ports.ts'

const macBytes = 16

/** Makes and recognises the tokens of this server: nobody else can name a prefix of a log. */
export class Tokens {
  readonly #hashes: Hashes
  readonly #key: Uint8Array

  constructor(hashes: Hashes, key: Uint8Array) {
    this.#hashes = hashes
    this.#key = key
  }

  make(ref: SpaceRef, epoch: string, seq: number, hash: Uint8Array): Token {
    return encodeToken({ epoch, seq, hash, mac: this.#mac(ref, { epoch, seq, hash }) })
  }

  /** The parts of a token that this server made for this space; undefined for every other, and for the empty one. */
  genuine(ref: SpaceRef, token: Token): TokenParts | undefined {
    if (isEmptyToken(token)) return undefined
    const parts = decodeToken(token)
    return sameSecret(parts.mac, this.#mac(ref, parts)) ? parts : undefined
  }

  #mac(ref: SpaceRef, parts: Pick<TokenParts, 'epoch' | 'seq' | 'hash'>): Uint8Array {
    const out = new ByteWriter(320).text(ref.tenant).text(ref.space).text(parts.epoch).number(parts.seq).raw(parts.hash)
    return this.#hashes.mac(this.#key, out.view()).slice(0, macBytes)
  }
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i])

/** Takes the same time wherever the difference is. */
function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}
