import type { DocumentKey, SpaceId } from '@rejoin/base'
import { withoutGone, withReferences } from '@rejoin/documents'
import type { Collection, View } from '@rejoin/schema'
import type { BatchBuilder } from '../replica/committer.ts'
import type { Deriving } from './deriving.ts'
import { deletionsIn, goneFrom } from './references.ts'
import type { Targets } from './references.ts'
import { ViewList } from './view-list.ts'
import type { Place } from './view-list.ts'

/** How an open entity's view shows what it refers to. */
export interface Referring {
  shown(view: View): View
  stop(): void
}

/** Lists as apps see them: with the views of a collection, by the rules of their references. */
export class Views {
  readonly #deriving: Deriving
  readonly #targets: Targets

  constructor(deriving: Deriving, targets: Targets) {
    this.#deriving = deriving
    this.#targets = targets
  }

  /** Notes in the batch that this entity's view is out of date. */
  touch(batch: BatchBuilder, space: SpaceId, document: DocumentKey): void {
    this.#deriving.touch(batch, space, document)
  }

  async list(space: SpaceId, collection: Collection): Promise<readonly View[]> {
    const place = { space, collection }
    const list = await this.#deriving.fresh(new ViewList(place))
    const targets: ViewList[] = []
    for (const target of this.#targets(place)) targets.push(await this.#deriving.known(new ViewList(target)))
    return shownOf(list, targets)
  }

  watch(space: SpaceId, collection: Collection, show: (views: readonly View[]) => void): () => void {
    const place = { space, collection }
    const targets = this.#targets(place).map((target) => this.#deriving.listOf(target))
    const list = this.#deriving.listOf(place)
    /** When it was shown last. */
    let deletions = -1
    const tell = (): void => {
      if (this.#deriving.isStuck(list) || !targets.every(({ loaded }) => loaded)) return
      deletions = deletionsIn(targets)
      show(shownOf(list, targets))
    }
    const targetChanged = (): void => {
      if (list.loaded && deletionsIn(targets) !== deletions) tell()
    }
    if (list.loaded) tell()
    const stops = [
      this.#deriving.listen(list, tell),
      ...targets.map((target) => this.#deriving.listen(target, targetChanged)),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** Keeps the views derived, also for the book of disputes; `derived` is called when they are, as far as can be. */
  follow(place: Place, derived: () => void): () => void {
    const list = this.#deriving.listOf(place)
    if (list.loaded) derived()
    return this.#deriving.listen(list, derived)
  }

  /** For who has an entity open; `changed` is called when its references are to be shown in another way. */
  async refer(place: Place, changed: () => void): Promise<Referring | undefined> {
    const targets = this.#targets(place).map((target) => this.#deriving.listOf(target))
    if (targets.length === 0) return undefined
    let deletions = 0
    const targetChanged = (): void => {
      const now = deletionsIn(targets)
      if (now !== deletions) changed()
      deletions = now
    }
    const stops = targets.map((target) => this.#deriving.listen(target, targetChanged))
    const stop = (): void => {
      for (const each of stops) each()
    }
    try {
      for (const target of targets) await this.#deriving.known(target)
    } catch (cause) {
      stop()
      throw cause
    }
    deletions = deletionsIn(targets)
    return { stop, shown: (view) => withoutGone(place.collection, view, goneFrom(targets)) }
  }

  /** Resolves when nothing of the list is out of date that can be derived, also for the book of disputes. */
  async derive(place: Place): Promise<void> {
    await this.#deriving.known(new ViewList(place))
  }

  /** The space was left. */
  drop(space: SpaceId): void {
    this.#deriving.drop(space)
  }

  close(): void {
    this.#deriving.close()
  }
}

function shownOf(list: ViewList, targets: readonly ViewList[]): readonly View[] {
  const views = list.all()
  if (targets.length === 0) return views
  const isGone = goneFrom(targets)
  return views.flatMap((view) => withReferences(list.collection, view, isGone) ?? [])
}
