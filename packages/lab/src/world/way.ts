import type { Time } from './time.ts'

/** One direction of a connection: first in, first out, so fast and no faster. */
export class Way {
  readonly #time: Time
  readonly #bytesPerMs: number
  #sentMs = 0
  #thereMs = 0
  /** Bytes that went in. */
  bytes = 0

  constructor(time: Time, bytesPerMs: number) {
    this.#time = time
    this.#bytesPerMs = bytesPerMs
  }

  put(size: number, delayMs: number, deliver: () => void): void {
    this.bytes += size
    this.#sentMs = Math.max(this.#sentMs, this.#time.elapsed) + size / this.#bytesPerMs
    this.#thereMs = Math.max(this.#thereMs, this.#sentMs + delayMs)
    this.#time.at(this.#thereMs, deliver)
  }
}
