import { entityId, parseDocumentKey, userId, writerId } from '@rejoin/base'
import type { EntityId, Part, Stamp, WriterId } from '@rejoin/base'
import { collection, counter, documentsOf, list, register, set, text } from '@rejoin/schema'
import type { Collection, FieldDeclaration, FieldKind, Json, PartDocument } from '@rejoin/schema'
import { expect } from 'vitest'
import { canonicalHash } from './view/canonical.ts'
import { ClientIds } from './client-ids.ts'
import { openAutomerge } from './automerge/index.ts'
import type { Engine, Update } from './engine.ts'
import { createEntity } from './entity/entity.ts'
import type { DocumentUpdate, EditResult, Entity, EntityLimits } from './entity/entity.ts'
import { number, oneOf, string } from './schemas.test.helper.ts'
import { yjs } from './yjs/index.ts'

type Shared<Kind extends FieldKind, Value> = FieldDeclaration<Kind, 'shared', Value, Value>
type Server<Kind extends FieldKind, Value> = FieldDeclaration<Kind, 'server', Value, Value>

export const notes: Collection<{
  readonly title: Shared<'register', string>
  readonly status: Shared<'register', 'open' | 'done'>
  readonly anything: Shared<'register', Json>
  readonly body: Shared<'text', string>
  readonly tags: Shared<'set', string>
  readonly minutes: Shared<'counter', number>
  readonly steps: Shared<'list', string>
  readonly grade: Server<'register', number>
  readonly remarks: Server<'text', string>
}> = collection('notes', {
  title: register(string),
  status: register(oneOf('open', 'done')),
  anything: register(),
  body: text(),
  tags: set(string),
  minutes: counter(),
  steps: list(string),
  grade: register(number).writtenBy('server'),
  remarks: text().writtenBy('server'),
})

export const id: EntityId = entityId('n1')
export const keyOf = ({ part, field }: PartDocument): string => `notes/n1/${part}/${field}`
export const writerOf = (n: number): WriterId => writerId(n.toString(16).padStart(32, '0'))

/** A clock that several replicas share; each stamp is the next one, unless it is set by hand. */
export class Stamps {
  last: Stamp = 0
  drawn = 0
  readonly next = (): Stamp => {
    this.drawn++
    return ++this.last
  }
}

export interface Replica<C extends Collection> {
  readonly entity: Entity<C>
  readonly clientIds: ClientIds
  readonly stamps: Stamps
}

interface ReplicaOptions {
  /** Yjs unless told. */
  readonly engine?: Engine
  readonly stamps?: Stamps
  readonly clientIds?: ClientIds
  /** Whose part fields of owners are written to. */
  readonly user?: string
  readonly limits?: Partial<EntityLimits>
}

export function replica(n: number, options?: ReplicaOptions): Replica<typeof notes>
export function replica<C extends Collection>(n: number, options: ReplicaOptions & { collection: C }): Replica<C>
export function replica(n: number, options?: ReplicaOptions & { collection?: Collection }): Replica<Collection> {
  const writer = writerOf(n)
  const stamps = options?.stamps ?? new Stamps()
  const clientIds = options?.clientIds ?? new ClientIds(writer)
  const entity = createEntity({
    collection: options?.collection ?? notes,
    id,
    engine: options?.engine ?? yjs,
    writer,
    user: options?.user === undefined ? undefined : userId(options.user),
    clientIds,
    key: keyOf,
    nextStamp: stamps.next,
    limits: options?.limits ?? {},
  })
  return { entity, clientIds, stamps }
}

type Act<C extends Collection> = (entity: Entity<C>) => EditResult

const others: readonly Engine[] = [await openAutomerge()]

/**
 * Devices that start from the same, act without knowing of each other, each with a later stamp than the one before, and
 * then hear of everything in two orders. Returns one of them, after all were found equal, and as they are on every engine.
 */
export function meet<C extends Collection>(
  collection: C,
  start: readonly Act<C>[],
  acts: readonly Act<C>[],
  users: readonly string[] = [],
): Entity<C> {
  const met = meetOn(yjs, collection, start, acts, users)
  for (const engine of others)
    expect(nameless(meetOn(engine, collection, start, acts, users).view())).toEqual(nameless(met.view()))
  return met
}

/** Without the ids of items and nodes, which an engine's clock counts. */
const nameless = (view: unknown): unknown =>
  JSON.parse(JSON.stringify(view, (key, value: unknown) => (key === 'id' ? undefined : value)))

function meetOn<C extends Collection>(
  engine: Engine,
  collection: C,
  start: readonly Act<C>[],
  acts: readonly Act<C>[],
  users: readonly string[],
): Entity<C> {
  const stamps = new Stamps()
  const open = (n: number): Entity<C> => {
    const user = users[n % 10]
    return replica(n, { collection, engine, stamps, ...(user === undefined ? {} : { user }) }).entity
  }
  const first = open(9)
  const begun = start.flatMap((act) => updatesOf(act(first)))
  const devices = acts.map((_, n) => open(n))
  for (const device of devices) deliver(device, begun)
  const written = acts.map((act, n) => updatesOf(act(devices[n] as Entity<C>)))
  const [late, later] = [open(10), open(11)]
  for (const device of [...devices, late]) for (const updates of written) deliver(device, updates)
  for (const updates of written.toReversed()) deliver(later, updates)
  for (const each of [late, later]) deliver(each, begun)
  const loaded = open(12)
  for (const document of later.documents()) loaded.load(document, [later.snapshot(document)])
  const all = [...devices, late, later, loaded]
  expect(new Set(all.map((each) => canonicalHash(each.canonical())))).toHaveProperty('size', 1)
  for (const each of all) expect(each.view()).toEqual(late.view())
  return late
}

/** The updates of an edit that must not have failed. */
export function updatesOf(result: EditResult): readonly DocumentUpdate[] {
  if ('error' in result) throw result.error
  return result.updates
}

export function deliver(to: Entity<Collection>, updates: readonly DocumentUpdate[]): void {
  for (const update of updates) to.apply(update, [update.update])
}

/** Makes the edit and brings it to the others. */
export function share(result: EditResult, ...others: readonly Entity<Collection>[]): void {
  for (const other of others) deliver(other, updatesOf(result))
}

export const snapshotsOf = (entity: Entity<Collection>, of: Collection = notes): ReadonlyMap<string, Update[]> =>
  new Map(documentsOf(of).map((document) => [keyOf(document), [entity.snapshot(document)]]))

/** Raw writes to one document, as a newer version or a hostile client makes them. */
export function foreign(
  document: PartDocument,
  change: (document: ReturnType<typeof yjs.create>) => void,
): DocumentUpdate {
  const foreigner = yjs.create()
  foreigner.setClient(4_000_000_000 + foreigners++)
  const update = foreigner.transact(() => change(foreigner))
  if (update === undefined) throw new Error('the foreign change changed nothing')
  return { ...document, update, stamp: 0 }
}

let foreigners = 0

export const registersOf = (part: Part): PartDocument => ({ part, field: '' })
export const documentNamed = (key: string): PartDocument => {
  const { part, field } = parseDocumentKey(`notes/n1/${key}`)
  return { part: part === 'server' ? part : 'shared', field }
}

/** What was thrown at the call, or returned as the error of an edit. */
export function errorOf(run: () => unknown): { readonly kind: string; readonly message: string } {
  try {
    const result: unknown = run()
    if (typeof result === 'object' && result !== null && 'error' in result) throw result.error
  } catch (cause) {
    return {
      kind: 'none',
      message: '',
      ...(cause instanceof Error ? { message: cause.message } : {}),
      ...kindOf(cause),
    }
  }
  throw new Error('nothing was thrown')
}

const kindOf = (cause: unknown): { kind?: string } =>
  typeof cause === 'object' && cause !== null && 'kind' in cause ? { kind: String(cause.kind) } : {}
