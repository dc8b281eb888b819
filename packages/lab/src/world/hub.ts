import type { Frame, Logged } from './frame.ts'

/** Where a frame that is in the log goes. */
export type Reader = (frame: Logged) => void

/** The server: one log, in the order of arrival, from which everybody gets what they lack. */
export class Hub {
  readonly #log: Logged[] = []
  /** How many of each author's it has. */
  readonly #had: number[]
  readonly #readers = new Map<number, Reader>()

  constructor(devices: number) {
    this.#had = Array.from({ length: devices }, () => 0)
  }

  /** Whoever is connected hears of everything behind `after`, and of what comes. */
  connect(device: number, after: number, read: Reader): void {
    this.#readers.set(device, read)
    for (const logged of this.#log.slice(after)) read(logged)
  }

  disconnect(device: number): void {
    this.#readers.delete(device)
  }

  /** A frame that it has already, because its answer was lost, is not taken again. */
  receive(frame: Frame): void {
    const { author, nth } = frame
    if (nth <= (this.#had[author] ?? 0)) return
    this.#had[author] = nth
    const seq = this.#log.length + 1
    const updates = frame.updates.map((each) => ({ ...each, update: { ...each.update, seq } }))
    const logged = { ...frame, updates, seq }
    this.#log.push(logged)
    for (const read of this.#readers.values()) read(logged)
  }
}
