import type { EntityId } from '@rejoin/base'
import type {
  Conflict,
  ContestCounts,
  Disputes,
  DocumentChanges,
  DocumentUpdate,
  EditResult,
  EngineDocument,
  Entity,
  Life,
  Misfit,
  RepeatResult,
  Resolution,
  Resolved,
  Update,
  ViewOptions,
} from '@rejoin/documents'
import type { Author, Collection, Draft, Initial, PartDocument, View } from '@rejoin/schema'
import { isLost } from '../engines.ts'

/** Does something with the entity's engine, which may fail, or have failed. */
export type Use = <T>(act: () => T) => T

/** An entity of which nothing but `dispose` is begun once its engine has failed: what is left of it is of no use. */
export class WatchedEntity implements Entity {
  readonly #entity: Entity
  readonly #use: Use

  constructor(entity: Entity, use: Use) {
    this.#entity = entity
    this.#use = use
  }

  get id(): EntityId {
    return this.#entity.id
  }

  load(document: PartDocument, updates: readonly Update[]): void {
    this.#use(() => this.#entity.load(document, updates))
  }

  apply(document: PartDocument, updates: readonly Update[]): void {
    this.#use(() => this.#entity.apply(document, updates))
  }

  edit<As extends Author>(as: As, change: (draft: Draft<Collection, As>) => void): EditResult {
    return this.#write(() => this.#entity.edit(as, change))
  }

  bind(field: string, written: (update: DocumentUpdate) => void): EngineDocument {
    return this.#use(() => this.#entity.bind(field, written))
  }

  create(initial: Initial<Collection>): EditResult {
    return this.#write(() => this.#entity.create(initial))
  }

  ensure(seed: Initial<Collection>): EditResult {
    return this.#write(() => this.#entity.ensure(seed))
  }

  delete(): EditResult {
    return this.#write(() => this.#entity.delete())
  }

  undelete(): EditResult {
    return this.#write(() => this.#entity.undelete())
  }

  purge(): EditResult {
    return this.#write(() => this.#entity.purge())
  }

  life(): Life {
    return this.#use(() => this.#entity.life())
  }

  exists(): boolean {
    return this.#use(() => this.#entity.exists())
  }

  view(options?: ViewOptions): View<Collection> {
    return this.#use(() => this.#entity.view(options))
  }

  misfits(): readonly Misfit[] {
    return this.#use(() => this.#entity.misfits())
  }

  conflicts(): readonly Conflict[] {
    return this.#use(() => this.#entity.conflicts())
  }

  resolve(conflict: Conflict, resolution: Resolution): EditResult {
    return this.#write(() => this.#entity.resolve(conflict, resolution))
  }

  resolutions(): readonly Resolved[] {
    return this.#use(() => this.#entity.resolutions())
  }

  disputes(): Disputes {
    return this.#use(() => this.#entity.disputes())
  }

  contests(): ContestCounts {
    return this.#use(() => this.#entity.contests())
  }

  revert(edits: readonly DocumentChanges[]): RepeatResult {
    return this.#write(() => this.#entity.revert(edits))
  }

  redo(edits: readonly DocumentChanges[], options?: { readonly stamps: 'fresh' }): RepeatResult {
    return this.#write(() => this.#entity.redo(edits, options))
  }

  canonical(): string {
    return this.#use(() => this.#entity.canonical())
  }

  documents(): readonly PartDocument[] {
    return this.#use(() => this.#entity.documents())
  }

  snapshot(document: PartDocument): Update {
    return this.#use(() => this.#entity.snapshot(document))
  }

  pending(): boolean {
    return this.#use(() => this.#entity.pending())
  }

  dispose(): void {
    this.#entity.dispose()
  }

  /** An edit tells what stopped it in its result; this is no reason of the edit's. */
  #write<Result extends EditResult>(act: () => Result): Result {
    return this.#use(() => {
      const result = act()
      if (isLost(result.error)) throw result.error
      return result
    })
  }
}
