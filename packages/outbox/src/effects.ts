import type { EntryId, SpaceId } from '@rejoin/base'
import type { OutboxEffect, SealedInfo } from './types.ts'

const none: readonly OutboxEffect[] = []

/** The effects of one step, in the order in which they are to be carried out. */
export class Effects {
  readonly #asks = new Map<SpaceId, EntryId[]>()
  readonly #sends = new Map<SpaceId, EntryId[]>()
  readonly #stored = new Map<SpaceId, SealedInfo[]>()
  readonly #rest: OutboxEffect[] = []

  ask(space: SpaceId, id: EntryId): void {
    listOf(this.#asks, space).push(id)
  }

  send(space: SpaceId, id: EntryId): void {
    listOf(this.#sends, space).push(id)
  }

  stored(space: SpaceId, entry: SealedInfo): void {
    listOf(this.#stored, space).push(entry)
  }

  /** After all asks, sends and stores, in the order of the calls. */
  add(effect: OutboxEffect): void {
    this.#rest.push(effect)
  }

  flush(): readonly OutboxEffect[] {
    if (this.#rest.length + this.#asks.size + this.#sends.size + this.#stored.size === 0) return none
    const effects: OutboxEffect[] = []
    for (const [space, ids] of this.#asks) effects.push({ kind: 'ask', space, ids })
    for (const [space, ids] of this.#sends) effects.push({ kind: 'send', space, ids })
    for (const [space, entries] of this.#stored) effects.push({ kind: 'stored', space, entries })
    effects.push(...this.#rest)
    this.#asks.clear()
    this.#sends.clear()
    this.#stored.clear()
    this.#rest.length = 0
    return effects
  }
}

function listOf<T>(lists: Map<SpaceId, T[]>, space: SpaceId): T[] {
  const list = lists.get(space)
  if (list !== undefined) return list
  const fresh: T[] = []
  lists.set(space, fresh)
  return fresh
}
