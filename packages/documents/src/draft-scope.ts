import { RejoinError } from '@rejoin/base'
import type { Field, WritablePart } from '@rejoin/schema'
import type { EntityDocument, EntityDocuments } from './entity-documents.ts'

/** What every field of a draft shares: the entity's documents, and whether an edit runs. */
export class EditScope {
  readonly documents: EntityDocuments
  /** The CRDT client id under which the document is written next. */
  readonly clientOf: (document: EntityDocument) => number
  /** The part that the running edit writes. */
  part: WritablePart | undefined
  /**
   * The text that the edit spliced first. Whether an index lies inside a surrogate pair only the engine can tell
   * without building the text: this one splice is left to it, and written before all else, so it can refuse.
   */
  unchecked: Field | undefined

  constructor(documents: EntityDocuments, clientOf: (document: EntityDocument) => number) {
    this.documents = documents
    this.clientOf = clientOf
  }

  /** Throws unless an edit runs. */
  reading(): void {
    if (this.part === undefined) throw outsideEdit()
  }

  /** Throws unless an edit of the field's part runs. */
  writing(field: Field): void {
    if (this.part === field.part) return
    if (this.part === undefined) throw outsideEdit()
    throw new RejoinError(
      'read-only-part',
      `Field ${field.name} is in the ${field.part} part; this edit writes the ${this.part} part.`,
    )
  }
}

const outsideEdit = (): RejoinError =>
  new RejoinError('closed', 'A draft was used after its edit had ended.', {
    hint: 'Use the draft only inside the function given to edit.',
  })
