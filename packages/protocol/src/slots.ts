import { err, invariant, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { FrameError } from './error.ts'

/**
 * The receiving side of declarations: what the other side's slots mean. Bounded without asking: it keeps the last
 * `max` declarations and forgets older ones; the declaring side counts too (`SlotDeclarer`, `DeclaredSlots`), and
 * declares again what it has not declared within the last half of them.
 */
export class SlotTable<Value> {
  readonly #values = new Map<number, Value>()
  readonly #max: number
  readonly #what: string
  readonly #merge: (old: Value, declared: Value) => Value | undefined

  /**
   * `what` names the slots in error messages. `merge` is asked when a known slot is declared again: the value to keep,
   * or undefined if it is another meaning, which is refused.
   */
  constructor(max: number, what: string, merge: (old: Value, declared: Value) => Value | undefined) {
    this.#max = max
    this.#what = what
    this.#merge = merge
  }

  get size(): number {
    return this.#values.size
  }

  declare(slot: number, declared: Value): Result<Value, FrameError> {
    const old = this.#values.get(slot)
    const value = old === undefined ? declared : this.#merge(old, declared)
    if (value === undefined)
      return err({ kind: 'bad-frame', message: `${this.#what} slot ${slot} was declared with another meaning` })
    this.#values.delete(slot)
    this.#values.set(slot, value)
    if (this.#values.size > this.#max) dropOldest(this.#values)
    return ok(value)
  }

  get(slot: number): Result<Value, FrameError> {
    const value = this.#values.get(slot)
    return value === undefined
      ? err({ kind: 'bad-frame', message: `${this.#what} slot ${slot} was not declared` })
      : ok(value)
  }
}

/** The declaring side when it numbers names for one connection: gives each key a slot. */
export class SlotDeclarer {
  readonly #slots = new Map<string, number>()
  readonly #keys = new Map<number, string>()
  readonly #known: DeclaredSlots
  readonly #max: number
  #next = 0

  /** `max` is the receiver's limit (`documentSlotsMax`, …). */
  constructor(max: number) {
    this.#max = max
    this.#known = new DeclaredSlots(max)
  }

  /** If `declare` is true, the caller must send the declaration before the frame that uses the slot. */
  use(key: string): { readonly slot: number; readonly declare: boolean } {
    const slot = this.#slots.get(key) ?? this.#next++
    const declare = this.#known.use(slot)
    if (declare) this.#remember(key, slot)
    return { slot, declare }
  }

  /** What a slot in an answer means; undefined if it never meant anything, or long ago. */
  keyOf(slot: number): string | undefined {
    return this.#keys.get(slot)
  }

  /** The latest declarations last; a key that is forgotten gets a new slot when it comes again. */
  #remember(key: string, slot: number): void {
    this.#slots.set(key, slot)
    this.#keys.delete(slot)
    this.#keys.set(slot, key)
    if (this.#keys.size > this.#max) this.#slots.delete(dropOldest(this.#keys)[1])
  }
}

/** The declaring side when slots are numbered elsewhere, as by a server for all its connections. */
export class DeclaredSlots {
  readonly #known = new Set<number>()
  readonly #max: number

  /** `max` is the receiver's limit. Half of it is used, so that what one frame needs is never forgotten before it. */
  constructor(max: number) {
    invariant(max >= 2, 'a table of slots holds two at least')
    this.#max = Math.floor(max / 2)
  }

  /** True if the caller must (again) declare the slot before the frame that uses it. */
  use(slot: number): boolean {
    if (this.#known.has(slot)) return false
    this.#known.add(slot)
    if (this.#known.size > this.#max) this.#known.delete(this.#known.values().next().value ?? slot)
    return true
  }
}

function dropOldest<Key, Value>(map: Map<Key, Value>): readonly [Key, Value] {
  const oldest = map.entries().next()
  invariant(!oldest.done, 'the map holds something')
  map.delete(oldest.value[0])
  return oldest.value
}
