import type { WriteId } from '../engine.ts'
import { ByArrival } from './by-arrival.ts'
import { ByClock } from './by-clock.ts'
import { ByVersion } from './by-version.ts'
import { Ids } from './ids.ts'
import type { Ledger, Seen } from './ledger.ts'
import { isSame, placeOf, recordPlace, sizeOf } from './parts.ts'
import type { Part, Place } from './parts.ts'
import { decidesByArrival } from './policy.ts'
import type { Order, Policy } from './policy.ts'
import type { Batch, Write } from './write.ts'

/** What stood at some places before some writes were taken in, and what stands there now. */
export interface Replaced {
  readonly before: readonly Part[]
  readonly after: readonly Part[]
}

/** All that a document knows: the writes that stand or may yet stand, which ids it has seen, and what it reads. */
export class State implements Seen {
  readonly policy: Policy
  /** What is read, by place. */
  readonly parts: Map<Place, Part> = new Map()
  /** The greatest of all writes seen. */
  time = 0
  readonly stored: Ids = new Ids()
  readonly #open = new Ids()
  readonly #ledger: Ledger
  readonly #standing = new Map<Place, Write>()

  constructor(policy: Policy) {
    this.policy = policy
    this.#ledger = ledgers[policy.order]()
  }

  has(id: WriteId): boolean {
    return this.stored.has(id) || this.#open.has(id)
  }

  /** The clock of a client's next write. */
  clockOf(client: number): number {
    return Math.max(this.stored.endOf(client), this.#open.endOf(client))
  }

  /** The record as it was written last; where versions count, the next one is made on it. */
  version(): WriteId | undefined {
    const last = this.policy.order === 'server-wins' ? this.#ledger.standing(recordPlace) : undefined
    // The id alone: whoever is built on it would keep all that it held.
    return last && { client: last.client, clock: last.clock }
  }

  /** `seq` is the place in the log of what has none yet. */
  take(batch: Batch, seq?: number): readonly Replaced[] {
    const { stored, open, writes } =
      decidesByArrival(this.policy.order) && seq !== undefined ? placed(batch, seq) : batch
    this.stored.addAll(stored)
    this.#open.addAll(open)
    for (const { time, parts } of writes) {
      this.time = Math.max(this.time, time)
      // A record brings what others had written, perhaps long before their own writes come, if they ever do.
      for (const part of parts ?? []) this.#open.add(part, sizeOf(part))
    }
    // The others are bytes that were made before the place was known.
    const fresh = writes.filter((write) => write.seq !== undefined || !this.stored.has(write))
    const places = this.#ledger.take(fresh, this)
    return [...new Set(places)].flatMap((place) => this.#read(place) ?? [])
  }

  /** All of it, for those who know nothing. */
  batch(): Batch {
    return { stored: this.stored, open: this.#open.without(this.stored), writes: [...this.#ledger.writes()] }
  }

  pending(): boolean {
    return this.#ledger.pending()
  }

  #read(place: Place): Replaced | undefined {
    const [was, is] = [this.#standing.get(place), this.#ledger.standing(place)]
    if (was === is || (was !== undefined && is !== undefined && isSame(was, is))) return undefined
    const [before, after] = [was?.parts ?? [], is?.parts ?? []]
    if (is === undefined) this.#standing.delete(place)
    else this.#standing.set(place, is)
    for (const part of before) this.parts.delete(placeOf(part))
    for (const part of after) this.parts.set(placeOf(part), part)
    return { before, after }
  }
}

const ledgers: Readonly<Record<Order, () => Ledger>> = {
  'wall-clock': () => new ByClock(),
  'hybrid-clock': () => new ByClock(),
  'arrival': () => new ByArrival(),
  // Who overwrites whatever the server has is who arrived last.
  'client-wins': () => new ByArrival(),
  'server-wins': () => new ByVersion(),
}

function placed({ stored, open, writes }: Batch, seq: number): Batch {
  const all = new Ids()
  all.addAll(stored)
  all.addAll(open)
  return {
    stored: all,
    open: new Ids(),
    writes: writes.map((write) => (write.seq === undefined ? { ...write, seq } : write)),
  }
}
