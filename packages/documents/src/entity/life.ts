import type { UserId } from '@rejoin/base'
import { documentsOf, fieldsOf, writerOf } from '@rejoin/schema'
import type { Collection } from '@rejoin/schema'
import type { DraftRegisters } from '../draft/registers.ts'
import type { EntityDocuments } from './documents.ts'

/** Keys of the shared registers that say whether the entity exists; no field can have them. */
export const createdKey = '@created'
const deletedKey = '@deleted'
const purged = 'purged'

/**
 * - `absent`: nobody has created it, as far as is known here
 * - `deleted`: a tombstone; its content is kept, and `undelete` brings it back
 * - `purged`: deleted together with its content, for ever
 */
export type Life = 'absent' | 'live' | 'deleted' | 'purged'

/** A function of the shared registers alone, so that every replica answers the same. */
export function lifeIn(documents: EntityDocuments, { deletion }: Collection): Life {
  const document = documents.registersOf('shared')
  if (document === undefined || !document.opened) return 'absent'
  const { registers } = document
  const deletions = registers.survivors(deletedKey)
  if (deletions.some(({ value }) => value === purged)) return 'purged'
  const isCreated = registers.has(createdKey)
  if (deletions.length > 0 && (deletion === 'delete-wins' || !isCreated)) return 'deleted'
  return isCreated ? 'live' : 'absent'
}

/** Who wrote it the client id tells, in fewer bytes than a name would take in every entity. */
export const writeCreation = (registers: DraftRegisters): void => registers.put(createdKey, true)

/** Where edits win over deletions, the sign of life goes too: an edit that had not seen this leaves another. */
export function writeDeletion(registers: DraftRegisters, { deletion }: Collection, by: string): void {
  registers.put(deletedKey, by)
  if (deletion === 'edit-wins') registers.remove(createdKey)
}

export function writeReturn(registers: DraftRegisters): void {
  registers.remove(deletedKey)
  writeCreation(registers)
}

/** In place of all that was there. What comes later from elsewhere is in the bytes and is not shown; `erase` takes it too. */
export const writePurge = (registers: DraftRegisters): void => registers.put(deletedKey, purged)

/** Deletes the content of the parts that a user may write, but not that the entity was deleted. */
export function erase(collection: Collection, documents: EntityDocuments, user: UserId | undefined): void {
  for (const { part, field } of documentsOf(collection, user)) {
    if (part === 'server') continue
    const document = documents.require({ part, field })
    const kind = fieldsOf(collection).find((each) => each.part === writerOf(part) && each.key === field)?.kind
    if (field === '') eraseRegisters(document.registers)
    else if (kind === 'richText') document.richText.delete(0, document.richText.length)
    else if (kind === 'blocks') document.plan((stored) => stored.blocks.clear())
    else if (kind === 'list') document.list.delete(0, document.list.length)
    else document.text.delete(0, document.text.length)
  }
}

function eraseRegisters(registers: DraftRegisters): void {
  for (const key of registers.keys()) if (key !== deletedKey) registers.remove(key)
}
