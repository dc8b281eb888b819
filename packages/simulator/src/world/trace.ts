/**
 * A running hash over everything that happened in a world: each frame that arrived, each store transaction,
 * each fault, each final state. Two runs of one seed end with the same one; two ways of FNV-1a are wide enough
 * to tell runs apart, and nobody attacks.
 */
export class Trace {
  readonly #show: ((line: string) => void) | undefined
  #a = 0x811c9dc5
  #b = 0x1b873593

  /** `show` is told every event in words. */
  constructor(show?: (line: string) => void) {
    this.#show = show
  }

  note(atMs: number, event: string, bytes?: Uint8Array): void {
    const line = `${atMs.toFixed(3)} ${event}`
    for (let i = 0; i < line.length; i++) this.#add(line.charCodeAt(i))
    if (bytes !== undefined) for (const byte of bytes) this.#add(byte)
    this.#show?.(bytes === undefined ? line : `${line} (${bytes.length} bytes)`)
  }

  toString(): string {
    return hex(this.#a) + hex(this.#b)
  }

  #add(code: number): void {
    this.#a = Math.imul(this.#a ^ code, 0x01000193)
    this.#b = Math.imul(this.#b ^ code, 0x85ebca6b) ^ (this.#b >>> 13)
  }
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
