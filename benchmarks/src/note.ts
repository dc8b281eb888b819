import { documentKey, entityId, fieldName, nextStamp, writerId } from '@rejoin/base'
import { ClientIds, createEntity } from '@rejoin/documents'
import type { Engine, Entity } from '@rejoin/documents'
import type { PartDocument } from '@rejoin/schema'
import { notes } from './author-session.ts'

export type NoteEntity = Entity<typeof notes>

export const noteId = entityId('note')
/** Where the text of a note is. */
export const bodyOf: PartDocument = { part: 'shared', field: fieldName('body') }

const reader = writerId('0f'.repeat(16))

/** An entity as a replica holds it in memory, with nothing in it. */
export function openNote(engine: Engine): NoteEntity {
  let stamp = 0
  return createEntity({
    collection: notes,
    id: noteId,
    engine,
    writer: reader,
    clientIds: new ClientIds(reader),
    key: (at) => documentKey({ collection: notes.name, entity: noteId, ...at }),
    nextStamp: () => (stamp = nextStamp(stamp, Date.UTC(2026, 10, 20))),
  })
}
