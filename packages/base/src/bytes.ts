/**
 * The binary form of rows and frames: unsigned LEB128 numbers, length-prefixed bytes and UTF-8 text.
 * The reader is total on hostile input: it never reads outside its slice, never allocates more than the
 * input holds, and fails with one error class.
 */

/** What a reader throws on bytes that the writer cannot have made. Decoders turn it into a `Result`. */
export class BytesError extends Error {
  override readonly name = 'BytesError'
}

const utf8 = new TextEncoder()
/** How many bytes of text are short. */
const shortMax = 16
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export class ByteWriter {
  #bytes: Uint8Array
  #length = 0

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  byte(value: number): this {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
    return this
  }

  /** A whole number from 0 to 2^53 - 1, in one to eight bytes. */
  number(value: number): this {
    this.#reserve(8)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.#length++] = rest
    return this
  }

  fixed32(value: number): this {
    this.#reserve(4)
    for (let shift = 0; shift < 32; shift += 8) this.#bytes[this.#length++] = (value >>> shift) & 0xff
    return this
  }

  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  bytes(bytes: Uint8Array): this {
    return this.number(bytes.length).raw(bytes)
  }

  text(text: string): this {
    return this.bytes(utf8.encode(text))
  }

  /** What was written so far, without a copy: valid until the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #reserve(count: number): void {
    const needed = this.#length + count
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get remaining(): number {
    return this.#bytes.length - this.#position
  }

  byte(): number {
    const value = this.#bytes[this.#position]
    if (value === undefined) throw new BytesError('truncated')
    this.#position++
    return value
  }

  number(): number {
    const first = this.byte()
    return first < 0x80 ? first : longer(this, first)
  }

  fixed32(): number {
    if (this.remaining < 4) throw new BytesError('truncated')
    const word = wordAt(this.#bytes, this.#position)
    this.#position += 4
    return word >>> 0
  }

  /** A view into the input, not a copy. */
  raw(count: number): Uint8Array {
    if (count > this.remaining) throw new BytesError('truncated')
    const start = this.#position
    this.#position += count
    return this.#bytes.subarray(start, this.#position)
  }

  bytes(): Uint8Array {
    return this.raw(this.number())
  }

  text(): string {
    const length = this.number()
    if (length > this.remaining) throw new BytesError('truncated')
    if (length <= shortMax) {
      const text = this.#ascii(length)
      if (text !== undefined) return text
    }
    try {
      return strictUtf8.decode(this.raw(length))
    } catch (cause) {
      if (cause instanceof BytesError) throw cause
      throw new BytesError('invalid UTF-8')
    }
  }

  /** A short text without a view and a call of the decoder, which take longer than to read it. */
  #ascii(length: number): string | undefined {
    const end = this.#position + length
    let text = ''
    for (let at = this.#position; at < end; at++) {
      const unit = this.#bytes[at] as number
      if (unit >= 0x80) return undefined
      text += String.fromCharCode(unit)
    }
    this.#position = end
    return text
  }

  /** Refuses bytes after the end of what was meant. */
  end(): void {
    if (this.remaining > 0) throw new BytesError('trailing bytes')
  }
}

/** A number of two bytes or more; most have one. */
function longer(reader: ByteReader, first: number): number {
  let value = first & 0x7f
  let scale = 0x80
  for (let count = 1; count < 8; count++) {
    const byte = reader.byte()
    value += (byte & 0x7f) * scale
    if (byte < 0x80) {
      if (!Number.isSafeInteger(value)) throw new BytesError('number over 2^53 - 1')
      if (byte === 0) throw new BytesError('number not in its shortest form')
      return value
    }
    scale *= 0x80
  }
  throw new BytesError('number over 2^53 - 1')
}

/** Four bytes, the least first, as a signed number. */
export const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24)
