import { RejoinError } from '@rejoin/base'
import type { UserId } from '@rejoin/base'
import type { Author, Field } from '@rejoin/schema'
import type { EntityDocument } from '../entity/document.ts'
import type { EntityDocuments } from '../entity/documents.ts'

/** What every field of a draft shares: the entity's documents, and whether an edit runs. */
export class EditScope {
  readonly documents: EntityDocuments
  /** Whose part fields of owners are written to. */
  readonly user: UserId | undefined
  /** The CRDT client id under which the document is written next. */
  readonly clientOf: (document: EntityDocument) => number
  /** Who makes the running edit. */
  author: Author | undefined
  /**
   * The text that the edit spliced first. Whether an index lies inside a surrogate pair only the engine can tell
   * without building the text: this one splice is left to it, and written before all else, so it can refuse.
   */
  unchecked: FieldAccess | undefined

  constructor(documents: EntityDocuments, user: UserId | undefined, clientOf: (document: EntityDocument) => number) {
    this.documents = documents
    this.user = user
    this.clientOf = clientOf
  }
}

/** One field as an edit reaches it: its document, in the part that the author may write. */
export class FieldAccess {
  readonly field: Field
  readonly scope: EditScope
  #document: EntityDocument | undefined

  constructor(field: Field, scope: EditScope) {
    this.field = field
    this.scope = scope
  }

  /** Of an owner's field the own one. */
  get document(): EntityDocument {
    return (this.#document ??= this.#find())
  }

  /** Throws unless an edit runs. */
  reading(): void {
    if (this.scope.author === undefined) throw outsideEdit()
  }

  /** Throws unless the running edit may write the field. */
  writing(): void {
    const { author, user } = this.scope
    if (author === undefined) throw outsideEdit()
    const { name, part } = this.field
    if (author === 'server' ? part === 'server' : part === 'shared' || (part === 'owner' && user !== undefined)) return
    if (author === 'user' && part === 'owner')
      throw new RejoinError(
        'read-only-part',
        `Field ${name} is written by each user for themselves; who edits here is not known.`,
        {
          hint: 'Open it with `user`: whoever has signed in.',
        },
      )
    throw new RejoinError('read-only-part', `Field ${name} is in the ${part} part; ${whoEdits[author]}.`)
  }

  /** The CRDT client id under which this edit writes the field's document, in base 36. */
  tag(): string {
    return this.scope.clientOf(this.document).toString(36)
  }

  /** Names something that this edit makes in the field's document. */
  newId(): string {
    return this.document.nextId(this.scope.clientOf(this.document))
  }

  #find(): EntityDocument {
    const { documents, user } = this.scope
    const { part } = this.field
    if (part !== 'owner') return documents.of(this.field, part)
    return user === undefined ? documents.blank(this.field) : documents.of(this.field, `owner:${user}`)
  }
}

const whoEdits = {
  user: 'this edit is made by a user, who writes the shared part and their own',
  server: 'this edit is made by the server, which writes the server part',
} as const

const outsideEdit = (): RejoinError =>
  new RejoinError('closed', 'A draft was used after its edit had ended.', {
    hint: 'Use the draft only inside the function given to edit.',
  })
