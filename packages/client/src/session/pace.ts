/**
 * Keeps to so many frames a second. A server allows the mean over ten seconds; this side saves up half of that, so
 * that frames which a slow network delivers together are not too many.
 */
export class Pace {
  readonly #perSecond: number
  readonly #max: number
  #left: number
  #lastMs: number

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#max = Math.max(1, perSecond * savedSeconds)
    this.#left = this.#max
    this.#lastMs = nowMs
  }

  allows(nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#lastMs)
    this.#lastMs = nowMs
    this.#left = Math.min(this.#max, this.#left + (elapsedMs / 1000) * this.#perSecond)
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }

  /** How long until the next frame is allowed. */
  get waitMs(): number {
    return Math.max(1, Math.ceil(((1 - this.#left) * 1000) / this.#perSecond))
  }
}

const savedSeconds = 5
