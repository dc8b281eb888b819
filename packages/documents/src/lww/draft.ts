import type { Stamp } from '@rejoin/base'
import type { Json, MarkedRun, WriteId } from '../engine.ts'
import { Ids } from './ids.ts'
import { placeOf, recordPlace, sizeOf } from './parts.ts'
import type { Part, Place } from './parts.ts'
import { isEqual } from './runs.ts'
import { timeOf } from './policy.ts'
import type { State } from './state.ts'
import type { Batch, Write } from './write.ts'

/** A part that has no id yet. */
export type Content =
  | { readonly root: 'registers'; readonly key: string; readonly stamp: Stamp; readonly value: Json }
  | { readonly root: 'text'; readonly runs: readonly MarkedRun[] }
  | { readonly root: 'list'; readonly values: readonly Json[] }

/** A local change until it is done: what it wrote over what stands. */
export class Draft {
  readonly #state: State
  readonly #client: number
  readonly #changed = new Map<Place, Part | undefined>()
  readonly #start: number
  #clock: number
  #stamp: Stamp = 0

  constructor(state: State, client: number) {
    this.#state = state
    this.#client = client
    this.#start = state.clockOf(client)
    this.#clock = this.#start
  }

  get touched(): boolean {
    return this.#changed.size > 0
  }

  /** The id that comes next. */
  get next(): WriteId {
    return { client: this.#client, clock: this.#clock }
  }

  at(place: Place): Part | undefined {
    return this.#changed.has(place) ? this.#changed.get(place) : this.#state.parts.get(place)
  }

  /** Everything that stands, in no particular order. */
  *parts(): Generator<Part> {
    for (const [place, part] of this.#state.parts) if (!this.#changed.has(place)) yield part
    for (const part of this.#changed.values()) if (part !== undefined) yield part
  }

  /** In place of what stands there. Takes as many ids as it is long. */
  put(content: Content): Part {
    const part: Part = { ...content, ...this.next }
    if (part.root === 'registers') this.#stamp = Math.max(this.#stamp, part.stamp)
    if (sizeOf(part) === 0) this.remove(placeOf(part))
    else this.#changed.set(placeOf(part), part)
    this.#clock += sizeOf(part)
    return part
  }

  remove(place: Place): void {
    if (this.at(place) !== undefined) this.#changed.set(place, undefined)
  }

  /** What it comes to, undefined if that is nothing. */
  finish(): Batch | undefined {
    for (const [place, part] of this.#changed)
      if (isAsBefore(this.#state.parts.get(place), part)) this.#changed.delete(place)
    if (this.#changed.size === 0) return undefined
    const { policy } = this.#state
    const time = timeOf(policy, this.#state.time, this.#stamp)
    const common = { time, seq: undefined, base: this.#state.version() }
    const writes =
      policy.unit === 'record'
        ? [{ ...common, ...this.#takeId(), place: recordPlace, parts: [...this.parts()] }]
        : [...this.#changed].map(([place, part]): Write => {
            const { client, clock } = part ?? this.#takeId()
            return { ...common, client, clock, place, parts: part === undefined ? [] : [part] }
          })
    const open = new Ids()
    open.add({ client: this.#client, clock: this.#start }, this.#clock - this.#start)
    return { stored: new Ids(), open, writes }
  }

  #takeId(): WriteId {
    const id = this.next
    this.#clock++
    return id
  }
}

/** A register is written anew also with the same value; a text or list that reads as before was not. */
function isAsBefore(before: Part | undefined, after: Part | undefined): boolean {
  if (before === undefined || after === undefined) return before === after
  if (before.root === 'text') return after.root === 'text' && isEqual(before.runs, after.runs)
  if (before.root !== 'list' || after.root !== 'list') return before === after
  return before.values.length === after.values.length && before.values.every((value, i) => value === after.values[i])
}
