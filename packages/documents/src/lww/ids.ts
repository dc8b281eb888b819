import { hasNumber, insertRun, without } from '@rejoin/base'
import type { Intervals } from '@rejoin/base'
import type { WriteId } from '../engine.ts'

/** A set of ids: of each client runs of clocks. Kept as clock + 1, since intervals hold positive numbers. */
export class Ids {
  readonly #runs = new Map<number, number[]>()

  add({ client, clock }: WriteId, length: number): void {
    if (length > 0) insertRun(this.#of(client), clock + 1, clock + length)
  }

  addAll(other: Ids): void {
    for (const [client, runs] of other.#runs) {
      const own = this.#of(client)
      for (let i = 0; i < runs.length; i += 2) insertRun(own, runs[i] ?? 0, runs[i + 1] ?? 0)
    }
  }

  has({ client, clock }: WriteId): boolean {
    return hasNumber(this.#runs.get(client) ?? none, clock + 1)
  }

  /** The clock behind the last of a client; 0 if there is none. */
  endOf(client: number): number {
    return this.#runs.get(client)?.at(-1) ?? 0
  }

  /** Those that are not in the other. */
  without(other: Ids): Ids {
    const rest = new Ids()
    for (const [client, runs] of this.#runs) {
      const left = without(runs, other.#runs.get(client) ?? none)
      if (left.length > 0) rest.#runs.set(client, [...left])
    }
    return rest
  }

  /** By client, ascending. */
  entries(): readonly (readonly [number, Intervals])[] {
    return [...this.#runs].sort(([a], [b]) => a - b)
  }

  #of(client: number): number[] {
    const known = this.#runs.get(client)
    if (known !== undefined) return known
    const runs: number[] = []
    this.#runs.set(client, runs)
    return runs
  }
}

const none: Intervals = []
