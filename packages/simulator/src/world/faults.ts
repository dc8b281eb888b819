/** What a world does to the system. The counters of a campaign say whether each really happened. */
export const faultKinds = [
  // The network
  'drop',
  'duplicate',
  'flip',
  'cut',
  'delay',
  'reorder',
  'half-open',
  'refused',
  // A replica's process and disk
  'replica-crash',
  'crash-in-store-call',
  'store-delay',
  'store-full',
  'offline',
  'away',
  'clock-jump',
  // The server's process and log
  'server-crash',
  'crash-before-commit',
  'crash-after-commit',
  'log-delay',
  'log-full',
  // What people and rules do at a bad time
  'refusal',
  'fold',
  'join',
  'leave',
  'widen',
] as const
export type FaultKind = (typeof faultKinds)[number]

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

  toString(): string {
    return faultKinds.map((kind) => `${kind} ${this.of(kind)}`).join(', ')
  }
}
