import { RejoinError } from '@rejoin/base'
import type { Clock, Lane, Random, SpaceId } from '@rejoin/base'
import { canonicalHash } from '@rejoin/documents'
import type {
  Conflict,
  DocumentUpdate,
  EditResult,
  EngineDocument,
  Entity,
  Life,
  Misfit,
  Resolution,
  Resolved,
} from '@rejoin/documents'
import type { Collection, Draft, View } from '@rejoin/schema'
import type { EditOptions, EntityHandle, Receipt, UndoState } from './api.ts'
import { unlessLost } from './engines.ts'
import type { CallApp } from './guarded.ts'
import type { Entities } from './live/entities.ts'
import type { LiveEntity } from './live/live-entity.ts'
import type { UndoBook } from './live/undo-book.ts'
import type { Undoing } from './live/undoing.ts'
import type { Referring, Views } from './views/views.ts'

/** Takes what an edit did on its way; throws what the edit threw. */
export type Write = (live: LiveEntity, result: EditResult, lane: Lane) => Receipt

export interface HandleDeps {
  readonly clock: Clock
  readonly random: Random
  readonly entities: Entities
  readonly views: Views
  readonly undo: UndoBook
  /** The spaces of a kind that this replica has joined; the first is the default one. */
  readonly spacesOf: (kind: string) => readonly SpaceId[]
  readonly write: Write
  readonly closed: () => boolean
  readonly callApp: CallApp
}

/** One of an app's holds on an entity in memory. */
export class Handle<C extends Collection> implements EntityHandle<C> {
  readonly #live: LiveEntity
  readonly #deps: HandleDeps
  readonly #referring: Referring | undefined
  readonly #undoing: Undoing | undefined
  readonly #stops = new Set<() => void>()
  #open = true

  constructor(live: LiveEntity, deps: HandleDeps, referring: Referring | undefined, undoing: Undoing | undefined) {
    this.#live = live
    this.#deps = deps
    this.#referring = referring
    this.#undoing = undoing
  }

  get id(): LiveEntity['id'] {
    return this.#live.id
  }

  get space(): SpaceId {
    return this.#live.space
  }

  get life(): Life {
    return this.#opened().entity.life()
  }

  edit(change: (draft: Draft<C>) => void, options?: EditOptions): Receipt {
    let result: EditResult = { updates: [] }
    const receipt = this.#write((entity) => (result = entity.edit('user', change)), options)
    this.#deps.undo.record(this.#live, result)
    return receipt
  }

  delete(options?: EditOptions): Receipt {
    return this.#write((entity) => entity.delete(), options)
  }

  undelete(options?: EditOptions): Receipt {
    return this.#write((entity) => entity.undelete(), options)
  }

  purge(options?: EditOptions): Receipt {
    return this.#write((entity) => entity.purge(), options)
  }

  view(): View<C> {
    return this.#shown(this.#opened())
  }

  watch(show: (view: View<C>) => void): () => void {
    const live = this.#opened()
    const tell = (): void => {
      const view = unlessLost(() => this.#shown(live))
      if (view !== undefined) show(view)
    }
    const stop = (): void => {
      live.watchers.delete(tell)
      this.#stops.delete(stop)
    }
    const first = this.#shown(live)
    // Listening begins before the first show, which may itself edit.
    live.watchers.add(tell)
    this.#stops.add(stop)
    try {
      show(first)
    } catch (cause) {
      stop()
      throw cause
    }
    return stop
  }

  misfits(): readonly Misfit[] {
    return this.#opened().entity.misfits()
  }

  conflicts(): readonly Conflict[] {
    return this.#opened().entity.conflicts()
  }

  resolve(conflict: Conflict, resolution: Resolution, options?: EditOptions): Receipt {
    return this.#write((entity) => entity.resolve(conflict, resolution), options)
  }

  resolutions(): readonly Resolved[] {
    return this.#opened().entity.resolutions()
  }

  undo(options?: EditOptions): Receipt | undefined {
    return this.#step('undo', options)
  }

  redo(options?: EditOptions): Receipt | undefined {
    return this.#step('redo', options)
  }

  get canUndo(): boolean {
    return this.#undoing?.state.canUndo ?? false
  }

  get canRedo(): boolean {
    return this.#undoing?.state.canRedo ?? false
  }

  watchUndo(show: (state: UndoState) => void): () => void {
    const end = this.#remembered().watch(show)
    const stop = (): void => {
      end()
      this.#stops.delete(stop)
    }
    this.#stops.add(stop)
    return stop
  }

  bind(field: string, attach: (document: EngineDocument) => void, options?: EditOptions): () => void {
    const live = this.#present()
    const written = (update: DocumentUpdate): void =>
      void this.#deps.write(live, { updates: [update] }, options?.lane ?? 'normal')
    const again = (): void =>
      this.#deps.callApp(() => {
        const document = unlessLost(() => live.entity.bind(field, written))
        if (document !== undefined) attach(document)
      })
    const stop = (): void => {
      live.replaced.delete(again)
      this.#stops.delete(stop)
    }
    attach(live.entity.bind(field, written))
    live.replaced.add(again)
    this.#stops.add(stop)
    return stop
  }

  hash(): string {
    return canonicalHash(this.#opened().entity.canonical())
  }

  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    for (const stop of this.#stops) stop()
    this.#referring?.stop()
    if (this.#undoing !== undefined) this.#deps.undo.release(this.#undoing)
    this.#deps.entities.release(this.#live)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #shown({ entity }: LiveEntity): View<C> {
    const view = entity.view()
    return (this.#referring?.shown(view) ?? view) as View<C>
  }

  #write(act: (entity: Entity) => EditResult, options: EditOptions | undefined): Receipt {
    const live = this.#present()
    return this.#deps.write(live, act(live.entity), options?.lane ?? 'normal')
  }

  #step(direction: 'undo' | 'redo', options: EditOptions | undefined): Receipt | undefined {
    const live = this.#present()
    const result = this.#remembered().step(direction, (edits) => live.entity.revert(edits))
    return result && this.#deps.write(live, result, options?.lane ?? 'normal')
  }

  #remembered(): Undoing {
    this.#opened()
    if (this.#undoing !== undefined) return this.#undoing
    throw new RejoinError('bad-config', 'What edits of this entity did is not remembered.', {
      hint: 'Open it with { undo: true }.',
    })
  }

  #present(): LiveEntity {
    const live = this.#opened()
    if (live.entity.life() === 'absent') throw new RejoinError('not-found', goneMessage)
    return live
  }

  #opened(): LiveEntity {
    refuseClosed(this.#deps)
    if (!this.#open)
      throw new RejoinError('closed', 'This entity was closed; open it again before reading or editing it.')
    if (this.#live.gone) throw new RejoinError('closed', `The space ${this.#live.space} was left.`)
    return this.#live
  }
}

const goneMessage = 'This entity is not there any more: the server refused the write that made it.'

export function refuseClosed(deps: HandleDeps): void {
  if (deps.closed()) throw new RejoinError('closed')
}
