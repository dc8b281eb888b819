import { toHex } from '@rejoin/base'
import type { Hash } from './library.ts'

export const hashBytes = 32
/** No number that is looked at is longer: sizes and lengths. */
const numberBytesMax = 5

/** Reads the numbers that chunks consist of. Throws where they end too early. */
export class ChunkReader {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  /** Another one at the same place. */
  fork(): ChunkReader {
    return new ChunkReader(this.#bytes, this.at)
  }

  /** An unsigned LEB128. */
  number(): number {
    let value = 0
    for (let i = 0; i < numberBytesMax; i++) {
      const byte = this.#bytes[this.at++]
      if (byte === undefined) break
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return value
    }
    throw new Error('a number is cut or too long')
  }

  /** A signed LEB128. */
  signed(): number {
    const start = this.at
    const value = this.number()
    const top = 2 ** (7 * (this.at - start))
    return value < top / 2 ? value : value - top
  }

  /** Passes over a number of either kind, however long. */
  skipNumber(): void {
    while ((this.#bytes[this.at++] ?? 0) >= 0x80);
  }

  /** How many things of a size follow; never more than the bytes can hold. */
  count(size: number): number {
    const count = this.number()
    if (count * size > this.#bytes.length - this.at) throw new Error('a chunk is cut')
    return count
  }

  /** Where they start that are passed over. */
  skip(length: number): number {
    const start = this.at
    this.at += length
    return start
  }

  hash(): Hash {
    const start = this.skip(hashBytes)
    return toHex(this.#bytes.subarray(start, this.at))
  }

  /** Whether the byte occurs from here to the end. */
  includes(byte: number, end: number): boolean {
    for (let at = this.at; at < end; at++) if (this.#bytes[at] === byte) return true
    return false
  }

  holds(start: number, part: Uint8Array): boolean {
    if (this.#bytes[start] !== part[0]) return false
    return part.every((byte, i) => this.#bytes[start + i] === byte)
  }
}
