import { faultKinds } from '../schedule/faults.ts'
import type { FaultKind } from '../schedule/faults.ts'

/** How often each fault really happened: a campaign in which one never did proves nothing about it. */
export class FaultCounts {
  readonly #counts = new Map<FaultKind, number>()

  add(kind: FaultKind, count = 1): void {
    this.#counts.set(kind, this.of(kind) + count)
  }

  of(kind: FaultKind): number {
    return this.#counts.get(kind) ?? 0
  }

  /** Kinds that never happened. */
  missing(): readonly FaultKind[] {
    return faultKinds.filter((kind) => this.of(kind) === 0)
  }

  merge(other: FaultCounts): void {
    for (const kind of faultKinds) this.#counts.set(kind, this.of(kind) + other.of(kind))
  }

  /** Kinds that happened, with how often. */
  toJSON(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts)
  }

  toString(): string {
    return faultKinds.map((kind) => `${kind} ${this.of(kind)}`).join(', ')
  }
}
