import { noStamp, writerId } from '@rejoin/base'
import type { EntityId, UserId } from '@rejoin/base'
import { valueDepthMax } from '@rejoin/schema'
import type { Collection, Field } from '@rejoin/schema'
import { genesisClientId } from '../client-ids.ts'
import { FieldAccess } from '../draft/scope.ts'
import type { Engine } from '../engine.ts'
import { EntityDocuments } from './documents.ts'
import { EntityWriter, fieldNamed } from './writer.ts'
import type { EditResult, EntityLimits } from './entity.ts'
import { kinds } from '../fields/kinds.ts'
import { writeCreation } from './life.ts'
import { SizeLimit } from './size-limit.ts'

/** Nobody: what is seeded has no writer. */
const genesisWriter = writerId('0'.repeat(32))

export interface Seeding {
  readonly collection: Collection
  readonly id: EntityId
  readonly engine: Engine
  readonly user: UserId | undefined
  readonly limits: Partial<EntityLimits> | undefined
  readonly seed: object
}

/**
 * The first content of an entity that several devices may make at once: written in fresh documents, without a clock,
 * under client ids that are made of the document's name and of all that is written there. So what is equal is equal
 * bytes, which count once, and what is not, say by another version of the app, never shares an id; every stamped
 * write wins over it.
 */
export function seedEntity(seeding: Seeding): EditResult {
  // What is written may itself hold the id, so it is written under none first.
  const nameless = write(seeding, () => 0)
  const bytes = new Map(nameless.updates.map((one) => [keyOf(seeding, one), one.update.bytes]))
  if ('error' in nameless) return nameless
  return write(seeding, (key) => genesisClientId(key, bytes.get(key) ?? new Uint8Array()))
}

function write(seeding: Seeding, pick: (documentKey: string) => number): EditResult {
  const { collection, id, engine, user, limits, seed } = seeding
  const documents = new EntityDocuments(collection, engine, user)
  const writer = new EntityWriter(
    {
      collection,
      id,
      engine,
      user,
      writer: genesisWriter,
      clientIds: { pick, used: () => undefined },
      key: (document) => keyOf(seeding, document),
      nextStamp: () => noStamp,
    },
    documents,
    new SizeLimit(documents, `${collection.name}/${id}`, limits),
  )
  const fill = (): void => {
    writeCreation(documents.require({ part: 'shared', field: '' }).registers)
    for (const [field, value] of contentOf(collection, seed))
      kinds[field.kind].initialise(new FieldAccess(field, writer.scope), value)
  }
  try {
    return writer.write('user', fill, () => undefined)
  } finally {
    documents.dispose()
  }
}

const keyOf = ({ collection, id }: Seeding, { part, field }: { part: string; field: string }): string =>
  `${collection.name}/${id}/${part}/${field}`

/** By wire key, which stays the same where names do not. */
function contentOf(collection: Collection, seed: object): readonly (readonly [Field, unknown])[] {
  return Object.entries(seed)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [fieldNamed(collection, name), sorted(value, 0)] as const)
    .sort(([a], [b]) => (a.key < b.key ? -1 : 1))
}

/** Equal values in equal order: the keys of an object come as they were written. What is no JSON is refused later. */
function sorted(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > valueDepthMax) return value
  if (Array.isArray(value)) return value.map((one) => sorted(one, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) return value
  const members = Object.entries(value).map(([key, member]) => [key, sorted(member, depth + 1)] as const)
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)))
}
