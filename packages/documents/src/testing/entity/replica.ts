import { entityId, nextStamp, noStamp, observeStamp, userId, writerId } from '@rejoin/base'
import type { EntityId, Stamp, UserId } from '@rejoin/base'
import type { Collection, PartDocument } from '@rejoin/schema'
import type { Conflict } from '../../conflicts/conflict.ts'
import { ClientIds } from '../../client-ids.ts'
import type { Engine, Update } from '../../engine.ts'
import { createEntity } from '../../entity/entity.ts'
import type { Entity } from '../../entity/entity.ts'
import { Undos } from './undos.ts'
import { nameOf } from './write.ts'
import type { Write } from './write.ts'

export const theId: EntityId = entityId('n1')
export const users: readonly UserId[] = ['ann', 'ben', 'eve'].map((name) => userId(name))

/** A fourth replica is the second device of the first user. */
export const userOf = (replica: number): UserId => users[replica % users.length] as UserId

export interface ReplicaOptions {
  readonly collection: Collection
  readonly engine: Engine
  readonly number: number
  /** Whether edits are made again, or undone. */
  readonly capture?: boolean
  /** Milliseconds since 1970, as this replica's clock has it. */
  nowMs(): number
  /** An open of a store; each gets another number. */
  nextSession(): number
}

/** A conflict as it was shown, and what had come of its document then. */
export interface Disputed {
  readonly conflict: Conflict
  readonly shownOf: ReadonlySet<Write>
}

/** Updates of one document, as a store keeps them. */
interface Stored {
  readonly at: PartDocument
  updates: Update[]
}

/** A device: an entity in memory, what is stored of it, a clock, and the model's book of what was seen. */
export class Replica {
  readonly number: number
  entity: Entity
  session: number
  /** By the name of the document, in the order of coming. */
  readonly knows: Map<string, Set<Write>> = new Map()
  readonly undos: Undos = new Undos()
  /** As it was shown some time ago. */
  disputed: Disputed | undefined
  readonly #options: ReplicaOptions
  readonly #stored = new Map<string, Stored>()
  #clientIds: ClientIds
  #lastStamp: Stamp = noStamp

  constructor(options: ReplicaOptions) {
    this.#options = options
    this.number = options.number
    this.session = options.nextSession()
    this.#clientIds = new ClientIds(writerOf(this.session))
    this.entity = this.#create()
  }

  hasSeen(write: Write, document: string): boolean {
    return this.knows.get(document)?.has(write) ?? false
  }

  /** The writes it has not seen in these documents, in the order of making. */
  lacks(writes: readonly Write[]): (readonly [Write, string])[] {
    return writes.flatMap((write) =>
      [...write.documents.keys()]
        .filter((document) => !this.hasSeen(write, document))
        .map((document) => [write, document] as const),
    )
  }

  /** Takes in what came from elsewhere, in this order, each document's at once. */
  take(pairs: readonly (readonly [Write, string])[]): void {
    const byDocument = new Map<string, Update[]>()
    for (const [write, document] of pairs) {
      const update = this.note(write, document)
      this.#lastStamp = observeStamp(this.#lastStamp, write.stamp, this.#options.nowMs())
      if (update !== undefined) byDocument.set(document, [...(byDocument.get(document) ?? []), update])
    }
    for (const [document, updates] of byDocument) this.entity.apply(this.#storedOf(document).at, updates)
  }

  /** Stores a write that the entity has, or is about to have; gives its update. */
  note(write: Write, document: string): Update | undefined {
    const touch = write.documents.get(document)
    if (touch === undefined) return undefined
    this.knows.set(document, (this.knows.get(document) ?? new Set()).add(write))
    if (touch.update === undefined) return undefined
    if (!this.#stored.has(document)) this.#stored.set(document, { at: touch.at, updates: [] })
    this.#storedOf(document).updates.push(touch.update)
    return touch.update
  }

  save(): void {
    for (const stored of this.#stored.values()) stored.updates = [this.entity.snapshot(stored.at)]
  }

  hydrate(): void {
    this.entity.dispose()
    this.entity = this.#create()
    for (const { at, updates } of this.#stored.values()) this.entity.load(at, updates)
  }

  restart(): void {
    this.session = this.#options.nextSession()
    this.#clientIds = new ClientIds(writerOf(this.session))
    this.hydrate()
  }

  /** Builds its documents anew without these writes. */
  rebuildWithout(lost: ReadonlySet<Write>): void {
    for (const [document, known] of this.knows) {
      for (const write of lost) known.delete(write)
      const stored = this.#stored.get(document)
      if (stored !== undefined) stored.updates = [...known].flatMap((one) => one.documents.get(document)?.update ?? [])
    }
    this.undos.clear()
    this.hydrate()
  }

  /** What is on its disk, by document key. */
  stored(): ReadonlyMap<string, readonly Update[]> {
    return new Map([...this.#stored].map(([name, { updates }]) => [keyOf(this.#options.collection, name), updates]))
  }

  #storedOf(document: string): Stored {
    const stored = this.#stored.get(document)
    if (stored === undefined) throw new Error(`replica ${this.number} has no ${document}`)
    return stored
  }

  #create(): Entity {
    const { collection, engine, number, nowMs, capture = false } = this.#options
    return createEntity({
      collection,
      id: theId,
      engine,
      writer: writerOf(this.session),
      user: userOf(number),
      capture,
      clientIds: this.#clientIds,
      key: (at) => keyOf(collection, nameOf(at)),
      nextStamp: () => (this.#lastStamp = nextStamp(this.#lastStamp, nowMs())),
    })
  }
}

export const keyOf = ({ name }: Collection, document: string): string => `${name}/${theId}/${document}`

/** Scattered, so that the order of ids is not the order of making. */
const writerOf = (session: number): ReturnType<typeof writerId> =>
  writerId(
    Math.imul(session + 1, 0x9e3779b1)
      .toString(16)
      .replace('-', 'f')
      .padStart(32, '0'),
  )
