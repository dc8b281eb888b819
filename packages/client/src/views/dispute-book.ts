import { spaceId } from '@rejoin/base'
import type { SpaceId } from '@rejoin/base'
import type { ContestCounts, Conflict, Disputes } from '@rejoin/documents'
import { unlessLost } from '../engines.ts'
import type { LiveEntity } from '../live/live-entity.ts'
import type { BatchBuilder } from '../replica/committer.ts'
import { encodeDisputes } from '../replica/dispute-record.ts'
import { keys, partsOf, under } from '../replica/keys.ts'

/** The open conflicts of one entity. */
export interface Disputed {
  readonly space: SpaceId
  readonly collection: string
  readonly entity: string
  readonly conflicts: readonly Conflict[]
}

/**
 * What competes in each entity, as its view or the open entity told last; in memory, and on disk beside the views.
 * Named by the keys on disk.
 */
export class DisputeBook {
  /** Called whenever the open conflicts are others. */
  readonly watchers: Set<() => void> = new Set()
  readonly #changed: () => void
  readonly #known = new Map<string, Disputes>()
  /** Records on disk. */
  readonly #stored = new Set<string>()
  #open = 0
  #settled = 0
  #shown = 0

  /** `changed` is told when a count is another. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** How many conflicts are open, as far as is known. */
  get open(): number {
    return this.#open
  }

  /** What met since the open. */
  get contests(): ContestCounts {
    return { settled: this.#settled, shown: this.#shown }
  }

  /** A record of an earlier open; undefined if it cannot be read. */
  restore(key: string, disputes: Disputes | undefined): void {
    this.#stored.add(key)
    if (disputes !== undefined) this.#set(key, disputes)
  }

  /** `delivered` if the entity was known before: what is new came since. */
  note(key: string, now: Disputes, how: 'loaded' | 'delivered'): void {
    const before = this.#known.get(key) ?? nothing
    if (isSame(before, now)) return
    if (how === 'delivered') {
      const shown = new Set(before.conflicts.map(({ id }) => id))
      this.#shown += now.conflicts.filter(({ id }) => !shown.has(id)).length
      this.#settled += now.settled.filter((id) => !before.settled.includes(id)).length
    }
    this.#set(key, now)
    this.#tell()
  }

  /** What an entity in memory tells. */
  noteLive({ space, collection, id, entity }: LiveEntity, how: 'loaded' | 'delivered'): void {
    const now = unlessLost(() => entity.disputes())
    if (now !== undefined) this.note(keys.dispute(space, collection.name, id), now, how)
  }

  /** An entity in memory was edited, which may end what competes in it. */
  edited(live: LiveEntity): void {
    if (this.#known.size === 0) return
    if (this.#known.has(keys.dispute(live.space, live.collection.name, live.id))) this.noteLive(live, 'delivered')
  }

  /** Beside a view that is saved. */
  write(batch: BatchBuilder, key: string, disputes: Disputes): void {
    if (!isEmpty(disputes)) {
      this.#stored.add(key)
      batch.put(key, encodeDisputes(disputes))
    } else if (this.#stored.delete(key)) batch.remove(key)
  }

  /** Every entity with open conflicts, ordered by its names. */
  disputed(space?: SpaceId): readonly Disputed[] {
    const range = space === undefined ? '' : under('dispute', space).from
    const found: Disputed[] = []
    for (const key of [...this.#known.keys()].sort()) {
      const conflicts = this.#known.get(key)?.conflicts ?? []
      const [, at = '', collection = '', entity = ''] = partsOf(key)
      if (conflicts.length > 0 && key.startsWith(range))
        found.push({ space: spaceId(at), collection, entity, conflicts })
    }
    return found
  }

  /** The space was left. */
  drop(space: SpaceId): void {
    const { from } = under('dispute', space)
    for (const key of this.#known.keys()) if (key.startsWith(from)) this.#set(key, nothing)
    for (const key of this.#stored) if (key.startsWith(from)) this.#stored.delete(key)
    this.#tell()
  }

  #set(key: string, now: Disputes): void {
    this.#open += now.conflicts.length - (this.#known.get(key)?.conflicts.length ?? 0)
    if (isEmpty(now)) this.#known.delete(key)
    else this.#known.set(key, now)
  }

  #tell(): void {
    this.#changed()
    for (const changed of [...this.watchers]) changed()
  }
}

const nothing: Disputes = { conflicts: [], settled: [] }
const isEmpty = ({ conflicts, settled }: Disputes): boolean => conflicts.length === 0 && settled.length === 0

/** Whether these are the same values of the same writes. */
const isSame = (a: Disputes, b: Disputes): boolean =>
  (isEmpty(a) && isEmpty(b)) || JSON.stringify(a) === JSON.stringify(b)
