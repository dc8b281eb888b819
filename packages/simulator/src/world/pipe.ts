import type { VirtualTime } from './time.ts'

interface Parcel {
  readonly size: number
  /** Not before this time, however fast the pipe is. */
  readonly readyAt: number
  readonly deliver: () => void
}

/** One direction of a connection: first in, first out, as fast as the network lets it. */
export class Pipe {
  readonly #time: VirtualTime
  readonly #bytesPerMs: () => number
  readonly #queue: Parcel[] = []
  #cancel: (() => void) | undefined
  #freeAt = 0
  #buffered = 0

  constructor(time: VirtualTime, bytesPerMs: () => number) {
    this.#time = time
    this.#bytesPerMs = bytesPerMs
  }

  /** Bytes that the network has not taken yet: none while it is fast. */
  get buffered(): number {
    return Number.isFinite(this.#bytesPerMs()) ? this.#buffered : 0
  }

  put(size: number, delayMs: number, deliver: () => void): void {
    this.#queue.push({ size, readyAt: this.#time.elapsed + delayMs, deliver })
    this.#buffered += size
    if (this.#cancel === undefined) this.pump()
  }

  /** The network has become faster or slower. */
  pump(): void {
    this.#cancel?.()
    this.#cancel = undefined
    const [first] = this.#queue
    const rate = this.#bytesPerMs()
    if (first === undefined || rate === 0) return
    const { elapsed } = this.#time
    const at = Math.max(first.readyAt, Math.max(elapsed, this.#freeAt) + first.size / rate)
    this.#cancel = this.#time.after(at - elapsed, () => {
      this.#cancel = undefined
      this.#queue.shift()
      this.#buffered -= first.size
      this.#freeAt = this.#time.elapsed
      first.deliver()
      if (this.#cancel === undefined) this.pump()
    })
  }
}
