import { BytesError, ByteReader, ByteWriter } from '@rejoin/base'

/**
 * How an entry names its document: two bits. Most entries concern the document of a neighbour: a text and the
 * registers beside it in turn, or many new documents one after another.
 */
const same = 0
const next = 1
const explicit = 2
const beforeLast = 3

/** The slots of one frame's entries so far; the same walk on both sides. */
export class DocumentSlots {
  #last: number | undefined
  #beforeLast: number | undefined

  mode(slot: number): number {
    if (slot === this.#last) return same
    if (slot === this.#beforeLast) return beforeLast
    return this.#last !== undefined && slot === this.#last + 1 ? next : explicit
  }

  write(out: ByteWriter, slot: number, mode: number): void {
    if (mode === explicit) out.number(slot)
    this.#move(slot)
  }

  read(from: ByteReader, mode: number): number {
    const slot = mode === explicit ? from.number() : this.#implied(mode)
    if (slot === undefined || !Number.isSafeInteger(slot))
      throw new BytesError('no entry before this one has a document')
    this.#move(slot)
    return slot
  }

  #implied(mode: number): number | undefined {
    if (mode === beforeLast) return this.#beforeLast
    return this.#last === undefined ? undefined : this.#last + (mode === next ? 1 : 0)
  }

  #move(slot: number): void {
    if (slot === this.#last) return
    this.#beforeLast = this.#last
    this.#last = slot
  }
}
