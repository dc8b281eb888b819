/** Allows `perSecond` as a mean over `seconds`: a bucket that holds that many seconds' worth. */
export class Pace {
  readonly #perSecond: number
  readonly #max: number
  #left: number
  #lastMs: number

  constructor(perSecond: number, seconds: number, nowMs: number) {
    this.#perSecond = perSecond
    this.#max = perSecond * seconds
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
}
