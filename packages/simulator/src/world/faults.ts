export const faultKinds = ['drop', 'duplicate', 'reorder', 'cut', 'replica-crash', 'server-crash', 'store-delay', 'offline', 'clock-jump', 'fold'] as const
export type FaultKind = (typeof faultKinds)[number]

/** How often each fault really happened: a campaign in which one never did proves nothing about it. */
export class FaultCounts {
  readonly #counts = new Map<FaultKind, number>()

  add(kind: FaultKind): void {
    this.#counts.set(kind, this.of(kind) + 1)
  }

  of(kind: FaultKind): number {
    return this.#counts.get(kind) ?? 0
  }

  merge(other: FaultCounts): void {
    for (const kind of faultKinds) this.#counts.set(kind, this.of(kind) + other.of(kind))
  }

  toString(): string {
    return faultKinds.map((kind) => `${kind} ${this.of(kind)}`).join(', ')
  }
}
