import { noStamp, writerId } from '@rejoin/base'
import type { EntityId, UserId } from '@rejoin/base'
import { canonicalJson, toJson } from '@rejoin/schema'
import type { Collection } from '@rejoin/schema'
import { genesisClientId } from './client-ids.ts'
import { FieldAccess } from './draft-scope.ts'
import type { Engine } from './engine.ts'
import { EntityDocuments } from './entity-documents.ts'
import { EntityWriter, fieldNamed } from './entity-writer.ts'
import type { EditResult } from './entity.ts'
import { kinds } from './fields/kinds.ts'
import { writeCreation } from './life.ts'
import { SizeLimit } from './size-limit.ts'

/** Nobody: what is seeded has no writer. */
const genesisWriter = writerId('0'.repeat(32))

export interface Seeding {
  readonly collection: Collection
  readonly id: EntityId
  readonly engine: Engine
  readonly user: UserId | undefined
  readonly seed: object
}

/**
 * The first content of an entity that several devices may make at once: written in fresh documents under client ids
 * that are made of the entity, the document and the content, without a clock. So equal seeds are equal bytes, which
 * count once, and every stamped write wins over them.
 */
export function seedEntity({ collection, id, engine, user, seed }: Seeding): EditResult {
  const documents = new EntityDocuments(collection, engine, user)
  const content = toJson(seed)
  const text = content.ok ? canonicalJson(content.value) : ''
  const writer = new EntityWriter(
    {
      collection,
      id,
      engine,
      user,
      writer: genesisWriter,
      clientIds: { pick: (key) => genesisClientId(key, text), used: () => undefined },
      key: ({ part, field }) => `${collection.name}/${id}/${part}/${field}`,
      nextStamp: () => noStamp,
    },
    documents,
    new SizeLimit(documents, `${collection.name}/${id}`, undefined),
  )
  try {
    return writer.write(
      'user',
      () => {
        const shared = documents.require({ part: 'shared', field: '' }).registers
        writeCreation(shared)
        for (const name of Object.keys(seed).sort()) {
          const field = fieldNamed(collection, name)
          const value: unknown = Reflect.get(seed, name)
          if (value !== undefined) kinds[field.kind].initialise(new FieldAccess(field, writer.scope), value)
        }
      },
      () => undefined,
    )
  } finally {
    documents.dispose()
  }
}
