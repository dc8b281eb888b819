import type { PartDocument } from '@rejoin/schema'
import type { Change, Heir } from '../engine.ts'

/** What one edit did to one document. Plain JSON, to be kept in undo stacks and quarantine. */
export interface DocumentChanges extends PartDocument {
  readonly changes: readonly Change[]
}

/** What was made again in one document by a redo or a revert. */
export interface DocumentHeirs extends PartDocument {
  readonly heirs: readonly Heir[]
}

export const isSameDocument = (a: PartDocument, b: PartDocument): boolean => a.part === b.part && a.field === b.field
