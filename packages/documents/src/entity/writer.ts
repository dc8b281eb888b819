import { noStamp, RejoinError } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import { badValue } from '@rejoin/schema'
import type { Author, Collection } from '@rejoin/schema'
import { EditScope } from '../draft/scope.ts'
import type { FieldAccess } from '../draft/scope.ts'
import type { Change, Update } from '../engine.ts'
import type { EntityDocument } from './document.ts'
import type { EntityDocuments } from './documents.ts'
import type { DocumentUpdate, EditResult, EntityOptions } from './entity.ts'
import type { DocumentChanges } from '../history/document-changes.ts'
import type { SizeLimit } from './size-limit.ts'

/** Writes what an edit did, all or nothing: it waits in the documents until the edit's function has returned. */
export class EntityWriter {
  readonly scope: EditScope
  readonly #options: EntityOptions
  readonly #documents: EntityDocuments
  readonly #size: SizeLimit
  /** Observers of a document are called while others still wait: an edit of theirs would write these, or drop them. */
  #committing = false

  constructor(options: EntityOptions, documents: EntityDocuments, size: SizeLimit) {
    const { key, clientIds, user } = options
    this.#options = options
    this.#documents = documents
    this.#size = size
    this.scope = new EditScope(documents, user, (document) => document.clientFor(key(document), clientIds))
  }

  get busy(): boolean {
    return this.scope.author !== undefined || this.#committing
  }

  /** Runs `change`, and `after` it if it wrote anything. `spent` is called if the documents cannot be used on. */
  write(as: Author, change: () => unknown, spent: () => void, after?: () => void): EditResult {
    this.scope.author = as
    this.scope.unchecked = undefined
    let dirty: readonly EntityDocument[]
    try {
      const returned = change()
      if (returned instanceof Promise) throw refuseAsync(returned)
      dirty = this.#dirty()
      if (dirty.length > 0 && after !== undefined) {
        after()
        dirty = this.#dirty()
      }
      this.#size.check(dirty)
    } catch (error) {
      return this.#dropped(error ?? new Error('The edit threw nothing.'))
    } finally {
      this.scope.author = undefined
    }
    return this.#commit(dirty, spent)
  }

  #dirty(): readonly EntityDocument[] {
    const dirty: EntityDocument[] = []
    for (const document of this.#documents.all) if (document.dirty) dirty.push(document)
    return dirty
  }

  /** Only documents that the author may write can be dirty: the scope saw to it. */
  #commit(dirty: readonly EntityDocument[], spent: () => void): EditResult {
    const unchecked = this.scope.unchecked
    const first = unchecked?.document
    const changes: DocumentChanges[] = []
    const updates: DocumentUpdate[] = []
    let isRefusable = first !== undefined
    this.#committing = true
    try {
      const early = first && this.#flush(first, noStamp, changes)
      isRefusable = false
      const stamp = dirty.some((document) => document.appends) ? this.#options.nextStamp() : noStamp
      for (const document of dirty) {
        const update = document === first ? early : this.#flush(document, stamp, changes)
        if (update !== undefined) updates.push({ part: document.part, field: document.field, update, stamp })
      }
      return this.#options.capture === true ? { updates, changes } : { updates }
    } catch (cause) {
      if (unchecked !== undefined && isRefusable && isBadValue(cause)) return this.#refused(unchecked, cause)
      // What was written has no update that anyone will store: the entity cannot be used on.
      this.#committing = false
      spent()
      throw cause
    } finally {
      this.#committing = false
    }
  }

  #flush(document: EntityDocument, stamp: Stamp, captured: DocumentChanges[]): Update | undefined {
    const { key, clientIds, capture } = this.#options
    const { part, field } = document
    const keep = (changes: readonly Change[]): unknown => captured.push({ part, field, changes })
    return document.commit(key(document), clientIds, stamp, capture === true ? keep : undefined)
  }

  #refused({ field }: FieldAccess, cause: RejoinError): EditResult {
    return this.#dropped(badValue(field, cause.message.replace(/\.$/, '')))
  }

  #dropped(error: unknown): EditResult {
    for (const document of this.#documents.all) document.discard()
    return { updates: [], error }
  }
}

const isBadValue = (error: unknown): error is RejoinError => error instanceof RejoinError && error.kind === 'bad-value'

function refuseAsync(returned: Promise<unknown>): RejoinError {
  returned.catch(() => undefined)
  return new RejoinError('bad-config', 'The function given to edit returned a promise.', {
    hint: 'Await before the edit: what an edit does has to happen at once.',
  })
}

/** Throws where a field of the initial values is not one of the collection's. */
export function fieldNamed({ name, fields }: Collection, field: string): Collection['fields'][string] {
  const found = Object.hasOwn(fields, field) ? fields[field] : undefined
  if (found === undefined) throw new RejoinError('bad-value', `Collection ${name} has no field ${field}.`)
  return found
}
