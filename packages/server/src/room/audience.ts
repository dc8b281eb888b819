import type { Interest, Limits, Token } from '@rejoin/protocol'
import type { LogRow } from '../log/records.ts'
import { wants } from '../log/wanted.ts'
import { entryOf, pack } from './range.ts'
import type { Names, Packed } from './range.ts'
import type { Subscription } from './subscription.ts'

/** What one commit brought to a space: everything in (from, to]. */
export interface Batch {
  readonly from: number
  readonly to: number
  readonly token: Token
  /** Entries only. */
  readonly rows: readonly LogRow[]
  readonly names: Names
}

/** The streams of a space with one interest. They share the slot, and with it the encoded frames. */
export class Audience {
  readonly interest: Interest
  readonly slot: number
  readonly subscriptions: Set<Subscription> = new Set<Subscription>()
  readonly #wanted: ReturnType<typeof wants>
  readonly #limits: Limits
  #batch: Batch | undefined
  #rows: readonly LogRow[] = []
  readonly #packed = new Map<string, readonly Packed[]>()

  constructor(interest: Interest, slot: number, limits: Limits) {
    this.interest = interest
    this.slot = slot
    this.#wanted = wants(interest)
    this.#limits = limits
  }

  wants(key: Parameters<ReturnType<typeof wants>>[0]): boolean {
    return this.#wanted(key)
  }

  /** Hands a commit to every stream that has come this far; `rows` are those that it wants. */
  offer(batch: Batch, rows: readonly LogRow[]): void {
    this.#batch = batch
    this.#rows = rows
    for (const subscription of this.subscriptions) subscription.offer(batch, this.#rows)
    this.#packed.clear()
    this.#batch = undefined
    this.#rows = []
  }

  /** The commit just offered as frames, encoded once for all streams at the same cursor. */
  packed(slot: number, from: number): readonly Packed[] {
    const key = `${slot}/${from}`
    const known = this.#packed.get(key)
    if (known !== undefined) return known
    const batch = this.#batch
    const made =
      batch === undefined ? [] : packRange({ slot, from, token: batch.token }, this.#rows, batch.names, this.#limits)
    this.#packed.set(key, made)
    return made
  }
}

export function packRange(
  range: { readonly slot: number; readonly from: number; readonly token: Token },
  rows: readonly LogRow[],
  names: Names,
  limits: Limits,
): readonly Packed[] {
  const entries = rows.map((row) => entryOf(row, names))
  const { slot, from, token } = range
  return pack({ kind: 'range', stream: slot, from, token, entries, more: 'no' }, rows, names, limits)
}
