/**
 * How often each thing is there. Versions that are shown as a conflict are there for a person to choose from: what is in
 * one of them is not lost, and what one of them is rid of is deleted.
 */
export class Occurrences<Name = string> {
  readonly #versions: readonly ReadonlyMap<Name, number>[]

  constructor(versions: readonly Iterable<Name>[]) {
    this.#versions = versions.map(counted)
  }

  isAnywhere(name: Name): boolean {
    return this.#versions.some((version) => version.has(name))
  }

  isEverywhere(name: Name): boolean {
    return this.#versions.every((version) => version.has(name))
  }

  /** What is there of which nobody knows, once each. */
  unknownTo(isKnown: (name: Name) => boolean): readonly Name[] {
    const names = new Set(this.#versions.flatMap((version) => [...version.keys()]))
    return [...names].filter((name) => !isKnown(name))
  }

  /** Occurrences beyond one, in the version that has the fewest. */
  get doubled(): number {
    return Math.min(
      ...this.#versions.map((version) => [...version.values()].reduce((sum, times) => sum + times - 1, 0)),
    )
  }
}

function counted<Name>(names: Iterable<Name>): ReadonlyMap<Name, number> {
  const times = new Map<Name, number>()
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1)
  return times
}
