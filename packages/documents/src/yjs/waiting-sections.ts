import { invariant } from '@rejoin/base'
import type { WriteId } from '../engine.ts'
import { Heap } from './heap.ts'
import type { Struct } from './structs.ts'

/** Structs of one client behind one another, those before `at` done with. */
export interface Section {
  readonly structs: readonly Struct[]
  readonly at: number
}

/**
 * Sections whose first struct came before something that it needs. Each stands under a clock that is lacked, so those
 * that may go on are found at once, however many wait for others. What comes again is kept once.
 */
export class WaitingSections {
  /** By the client of whom a clock has to come. */
  readonly #visits = new Map<number, Heap<Section>>()
  /** By their own client and first clock. */
  readonly #kept = new Map<number, Map<number, readonly Section[]>>()

  get isEmpty(): boolean {
    return this.#kept.size === 0
  }

  /** The clients of whom a clock is lacked. */
  get lacked(): Iterable<number> {
    return this.#visits.keys()
  }

  /** Of the clocks of this client that are lacked the least one. */
  leastLacked(client: number): number {
    return this.#visits.get(client)?.least ?? Infinity
  }

  /** Whether a clock that is lacked has come. */
  isDue(stateOf: (client: number) => number): boolean {
    for (const [client, visits] of this.#visits) if (visits.least < stateOf(client)) return true
    return false
  }

  /** Keeps a section until any of these clocks has come. */
  add(section: Section, lacks: readonly WriteId[]): void {
    if (!this.#keep(section)) return
    for (const { client, clock } of lacks) {
      let visits = this.#visits.get(client)
      if (visits === undefined) this.#visits.set(client, (visits = new Heap<Section>()))
      visits.push(clock, section)
    }
  }

  /** Takes out one that lacked a clock of this client below `state`. */
  take(client: number, state: number): Section | undefined {
    const visits = this.#visits.get(client)
    while (visits !== undefined && visits.least < state) {
      const section = visits.pop()
      if (visits.isEmpty) this.#visits.delete(client)
      if (section !== undefined && this.#remove(section)) return section
    }
    return undefined
  }

  /** All structs, by client, in no particular order. */
  all(): Map<number, Struct[]> {
    const found = new Map<number, Struct[]>()
    for (const [client, clocks] of this.#kept)
      found.set(
        client,
        [...clocks.values()].flat().flatMap(({ structs, at }) => structs.slice(at)),
      )
    return found
  }

  /** Not if all of it is here already. */
  #keep(section: Section): boolean {
    const { client, clock } = firstOf(section).id
    let clocks = this.#kept.get(client)
    if (clocks === undefined) this.#kept.set(client, (clocks = new Map<number, readonly Section[]>()))
    const beside = clocks.get(clock) ?? none
    if (beside.some((other) => begins(other, section))) return false
    clocks.set(clock, beside.length === 0 ? [section] : [...beside.filter((other) => !begins(section, other)), section])
    return true
  }

  #remove(section: Section): boolean {
    const { client, clock } = firstOf(section).id
    const clocks = this.#kept.get(client)
    const beside = clocks?.get(clock)
    if (beside?.includes(section) !== true) return false
    if (beside.length === 1) clocks?.delete(clock)
    else
      clocks?.set(
        clock,
        beside.filter((other) => other !== section),
      )
    if (clocks?.size === 0) this.#kept.delete(client)
    return true
  }
}

const none: readonly Section[] = []

function firstOf({ structs, at }: Section): Struct {
  const first = structs[at]
  invariant(first !== undefined, 'a section that waits has a first struct')
  return first
}

/** Whether the longer section begins with the same structs. */
function begins(longer: Section, shorter: Section): boolean {
  const count = shorter.structs.length - shorter.at
  if (longer.structs.length - longer.at < count) return false
  for (let i = 0; i < count; i++) {
    const [one, other] = [longer.structs[longer.at + i], shorter.structs[shorter.at + i]]
    if (one?.constructor !== other?.constructor) return false
    if (one?.id.clock !== other?.id.clock || one?.length !== other?.length) return false
  }
  return true
}
