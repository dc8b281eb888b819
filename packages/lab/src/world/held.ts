import { entityId } from '@rejoin/base'
import type { WriterId } from '@rejoin/base'
import { canonicalHash, createEntity } from '@rejoin/documents'
import type { ClientIds, DocumentUpdate, EditResult, Engine, Entity } from '@rejoin/documents'
import { collection } from '@rejoin/schema'
import type { Collection } from '@rejoin/schema'
import type { Deed } from '../fields/deed.ts'
import { forms } from '../fields/forms.ts'
import type { Shape, Shown, Value } from '../fields/shape.ts'
import { emptyOf } from '../fields/whole.ts'
import type { Policy } from '../policies/policy.ts'
import type { HybridClock } from './hybrid-clock.ts'

/** How an app with that policy declares an entity of that shape. */
export function declare(type: string, shape: Shape, { form, registers }: Policy): Collection {
  return collection(type, forms[form].declare(shape, registers))
}

/** What all copies of an entity have in common. */
export interface Model {
  readonly id: string
  readonly shape: Shape
  readonly policy: Policy
  readonly collection: Collection
}

/** What one device has to write with. */
export interface Pen {
  readonly writer: WriterId
  readonly clientIds: ClientIds
  readonly engine: Engine
  readonly stamps: HybridClock
}

/** An entity as one device holds it. */
export class Held {
  readonly #model: Model
  readonly #stamps: HybridClock
  readonly #entity: Entity
  #shown: Shown | undefined

  constructor(model: Model, { writer, clientIds, engine, stamps }: Pen) {
    this.#model = model
    this.#stamps = stamps
    this.#entity = createEntity({
      collection: model.collection,
      id: entityId(model.id),
      engine,
      writer,
      clientIds,
      key: ({ part, field }) => `${model.id}/${part}/${field}`,
      nextStamp: () => stamps.next(),
    })
  }

  create(): readonly DocumentUpdate[] {
    return this.#written(this.#entity.create({}))
  }

  /** One transaction. Empty if it changed nothing. */
  do(deeds: readonly Deed[]): readonly DocumentUpdate[] {
    if (deeds.some((deed) => deed.do === 'delete')) return this.#written(this.#entity.delete())
    const { policy, shape } = this.#model
    const given = { shape, nextStamp: () => this.#stamps.next() }
    return this.#written(
      this.#entity.edit('user', (draft) => {
        for (const deed of deeds) if (deed.do !== 'delete') forms[policy.form].do(draft, deed, given)
      }),
    )
  }

  take(updates: readonly DocumentUpdate[]): void {
    for (const { part, field, update, stamp } of updates) {
      this.#stamps.observe(stamp)
      this.#entity.apply({ part, field }, [update])
    }
    this.#shown = undefined
  }

  /** Whether it is not deleted. */
  get isThere(): boolean {
    return this.#entity.exists()
  }

  /** What a person at this device sees; undefined if it is deleted. */
  get shown(): Shown | undefined {
    if (!this.isThere) return undefined
    return (this.#shown ??= this.#read())
  }

  /** All versions that the device shows of each field: several only of those in conflict. */
  get versions(): Readonly<Record<string, readonly Value[]>> {
    const shown = this.shown ?? {}
    const versions: Record<string, readonly Value[]> = {}
    for (const [field, value] of Object.entries(shown)) versions[field] = [value]
    for (const { field, values } of this.#conflicts()) versions[field] = values.map(({ value }) => value as Value)
    return versions
  }

  /** Names of what is shown as a conflict; each set of versions has its own. */
  conflicts(): readonly string[] {
    return this.#conflicts().map(
      ({ id, values }) => `${id} ${values.map(({ client, clock }) => `${client}.${clock}`).join()}`,
    )
  }

  /** Takes one version of everything that is in conflict: `pick` chooses, from oldest to newest. */
  settle(pick: (count: number) => number): readonly DocumentUpdate[] {
    return this.#conflicts().flatMap((conflict) =>
      this.#written(this.#entity.resolve(conflict, (values) => values[pick(values.length)]?.value ?? null)),
    )
  }

  /** Equal where the same is shown and the same competes. */
  hash(): string {
    return canonicalHash(this.#entity.canonical())
  }

  /** Bytes that the device keeps of it. */
  bytes(): number {
    return this.#entity.documents().reduce((sum, document) => sum + this.#entity.snapshot(document).bytes.length, 0)
  }

  dispose(): void {
    this.#entity.dispose()
  }

  /** Of what is deleted nothing is shown. */
  #conflicts(): ReturnType<Entity['conflicts']> {
    return this.shown === undefined ? [] : this.#entity.conflicts()
  }

  #written({ updates, error }: EditResult): readonly DocumentUpdate[] {
    if (error !== undefined) throw error
    this.#shown = undefined
    return updates
  }

  #read(): Shown {
    const view = this.#entity.view() as Readonly<Record<string, unknown>>
    const { shape, policy } = this.#model
    const { shown } = forms[policy.form]
    const fields = Object.entries(shape).map(([name, { kind }]) => [name, shown(kind, view[name]) ?? emptyOf(kind)])
    return Object.fromEntries(fields) as Shown
  }
}
