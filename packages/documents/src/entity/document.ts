import { noStamp } from '@rejoin/base'
import type { FieldName, Part, Stamp } from '@rejoin/base'
import type { PartDocument } from '@rejoin/schema'
import type { ClientIdSource } from '../client-ids.ts'
import { ItemIds } from '../draft/item-ids.ts'
import { DraftRegisters } from '../draft/registers.ts'
import type { DraftContent } from '../draft/registers.ts'
import { DraftRichText } from '../draft/rich-text.ts'
import { DraftList, DraftText } from '../draft/sequence.ts'
import type { Change, Engine, EngineDocument, Update } from '../engine.ts'
import type { Adoption } from './adoption.ts'

/** Runs inside the engine's `transact`, with the stamp of the edit. */
export type PlannedStep = (document: EngineDocument, stamp: Stamp) => void

/** One document of an entity: the engine's, made when first needed, and what an edit has written for it. */
export class EntityDocument implements PartDocument {
  readonly part: Part
  readonly field: FieldName | ''
  readonly #engine: Engine
  readonly #isAdopted: boolean
  readonly #failed: (error: unknown) => void
  #document: EngineDocument | undefined
  #isBound = false
  /** Who was the last to bind it: an editor that is shown again takes over from the one before. */
  #written: ((update: Update) => void) | undefined
  #registers: DraftRegisters | undefined
  #text: DraftText | undefined
  #richText: DraftRichText | undefined
  #list: DraftList | undefined
  /** Undefined until a write, and again after remote updates, which could have brought our id from elsewhere. */
  #client: number | undefined
  #stamp: Stamp = noStamp
  readonly #ids = new ItemIds()
  #bytes = 0
  #planned: PlannedStep | undefined
  readonly #flush = (): void => {
    this.#planned?.(this.stored, this.#stamp)
    this.#content?.flush(this.#stamp)
  }

  constructor({ part, field }: PartDocument, engine: Engine, { documentFor, changed, failed }: Adoption = {}) {
    this.part = part
    this.field = field
    this.#engine = engine
    this.#failed = failed ?? throwLater
    const adopted = documentFor?.({ part, field })
    this.#document = adopted
    this.#isAdopted = adopted !== undefined
    adopted?.bind({
      changed: () => {
        this.#content?.refresh()
        changed?.()
      },
      freshClient: () => adopted.clientId ?? 0,
      failed: this.#failed,
    })
  }

  get opened(): boolean {
    return this.#document !== undefined
  }

  /** Whether anything ever came or was written; a document is also opened to be looked at. */
  get held(): boolean {
    return this.#isAdopted || this.#bytes > 0
  }

  get stored(): EngineDocument {
    return (this.#document ??= this.#engine.create())
  }

  get registers(): DraftRegisters {
    return (this.#registers ??= new DraftRegisters(this.stored.registers))
  }

  get text(): DraftText {
    return (this.#text ??= new DraftText(this.stored.text))
  }

  get richText(): DraftRichText {
    return (this.#richText ??= new DraftRichText(this.stored.text))
  }

  get list(): DraftList {
    return (this.#list ??= new DraftList(this.stored.list))
  }

  get dirty(): boolean {
    return this.#planned !== undefined || (this.#content?.dirty ?? false)
  }

  /** Whether what waits needs a stamp. */
  get appends(): boolean {
    return this.#planned !== undefined || (this.#registers?.appends ?? false)
  }

  /** Something to be done by the engine itself when the edit is written, before what waits. */
  plan(step: PlannedStep): void {
    this.#planned = step
  }

  /** At least what the content takes, in bytes: the sum of what came, until it is measured. */
  get bytes(): number {
    return this.#bytes
  }

  /** What the content takes as a snapshot, in bytes. */
  measure(): number {
    this.#bytes = this.stored.snapshot().bytes.length
    return this.#bytes
  }

  /** What the update of what waits takes, about, in bytes. */
  get weight(): number {
    return this.#content?.weight ?? 0
  }

  /** Whether what waits makes the document larger. */
  get grows(): boolean {
    return this.#content?.grows ?? false
  }

  /** Takes in what is stored; a document of which nothing is stays unopened. */
  load(updates: readonly Update[]): void {
    if (updates.length > 0) this.apply(updates)
  }

  apply(updates: readonly Update[]): void {
    if (!this.#isBound) this.#client = undefined
    for (const { bytes } of updates) this.#bytes += bytes.length
    try {
      this.stored.apply(updates)
    } finally {
      this.#content?.refresh()
    }
  }

  /** The client id under which the next write is made. */
  clientFor(key: string, clientIds: ClientIdSource): number {
    if (this.#isAdopted && this.stored.clientId !== undefined) return this.stored.clientId
    if (this.#client !== undefined) return this.#client
    const client = this.#pick(key, clientIds)
    this.stored.setClient(client)
    return client
  }

  /** From now on an editor may write into the document past the entity; `written` gets the updates. */
  bind(key: string, clientIds: ClientIdSource, written: (update: Update) => void): EngineDocument {
    const document = this.stored
    this.#written = written
    if (this.#isBound || this.#isAdopted) return document
    this.clientFor(key, clientIds)
    this.#isBound = true
    document.bind({
      changed: (update) => {
        this.#content?.refresh()
        if (update === undefined) return
        this.#bytes += update.bytes.length
        if (this.#client !== undefined) clientIds.used(key, document.clientClock(this.#client))
        this.#written?.(update)
      },
      freshClient: () => this.#pick(key, clientIds),
      failed: this.#failed,
    })
    return document
  }

  #pick(key: string, clientIds: ClientIdSource): number {
    this.#client = clientIds.pick(key, (id) => this.stored.clientClock(id))
    return this.#client
  }

  /** A name for something that is made under this client id. */
  nextId(client: number): string {
    return this.#ids.next(client, this.stored.clientClock(client))
  }

  /** Writes what waits as one update; undefined if it changed nothing. */
  commit(
    key: string,
    clientIds: ClientIdSource,
    stamp: Stamp,
    captured?: (changes: readonly Change[]) => void,
  ): Update | undefined {
    const document = this.stored
    const client = this.clientFor(key, clientIds)
    this.#stamp = stamp
    const update = document.transact(this.#flush, captured)
    if (this.#planned !== undefined) this.#content?.refresh()
    this.#planned = undefined
    if (update === undefined) return undefined
    clientIds.used(key, document.clientClock(client))
    this.#bytes += update.bytes.length
    return update
  }

  discard(): void {
    this.#planned = undefined
    this.#content?.discard()
  }

  dispose(): void {
    this.#document?.dispose()
  }

  get #content(): DraftContent | undefined {
    return this.#registers ?? this.#text ?? this.#richText ?? this.#list
  }
}

/** As for listeners of events: whoever told them goes on. */
const throwLater = (error: unknown): void =>
  queueMicrotask(() => {
    throw error
  })
