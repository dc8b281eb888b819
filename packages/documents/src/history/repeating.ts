import { invariant, RejoinError } from '@rejoin/base'
import type { Collection, CounterDraft, Field } from '@rejoin/schema'
import { FieldAccess } from '../draft/scope.ts'
import type { EditScope } from '../draft/scope.ts'
import type { Change, Heir } from '../engine.ts'
import type { EntityDocument } from '../entity/document.ts'
import type { EntityDocuments } from '../entity/documents.ts'
import { kinds } from '../fields/kinds.ts'
import type { DocumentChanges, DocumentHeirs } from './document-changes.ts'
import { fieldOfKey, revertible, splitChanges } from './split.ts'

/** What repeating and reverting edits needs of an entity. */
export interface Repeating {
  readonly collection: Collection
  readonly documents: EntityDocuments
  readonly scope: EditScope
  /** Whether a write is one's own, by the CRDT client id under which it was made. */
  mine(client: number): boolean
}

/** Inside an edit: plans to take back what these did. `heirs` is filled when the edit is written. */
export function planRevert(of: Repeating, edits: readonly DocumentChanges[], heirs: DocumentHeirs[]): void {
  forEachDocument(of, edits, (document, changes) => {
    const own = revertible(of.collection, document, changes).filter((change) => !isInUse(of, document, change))
    const { counted, others } = splitChanges(of.collection, document, own)
    for (const [field, by] of counted) count(of.scope, field, -by)
    if (others.length === 0) return
    document.plan((stored, stamp) =>
      keep(
        heirs,
        document,
        stored.revert(others, () => stamp),
      ),
    )
  })
}

/** Inside an edit: plans to make these again. Throws `depends` if they do not stand alone in what is there. */
export function planRedo(
  of: Repeating,
  edits: readonly DocumentChanges[],
  heirs: DocumentHeirs[],
  stamps: 'kept' | 'fresh',
): void {
  forEachDocument(of, edits, (document, changes) => {
    const { counted, others } = splitChanges(of.collection, document, changes)
    if (others.length > 0 && !document.stored.standAlone(others))
      throw new RejoinError('depends', 'The edit builds on something that is not there, so it cannot be made again.')
    for (const [field, by] of counted) count(of.scope, field, by)
    if (others.length === 0) return
    document.plan((stored, stamp) => {
      const made = stored.redo(stamps === 'fresh' ? restamped(others, stamp) : others)
      invariant(made !== undefined, 'what stands alone can be made again')
      keep(heirs, document, made)
    })
  })
}

/** The changes of several edits to one document belong together. */
function forEachDocument(
  { documents, scope }: Repeating,
  edits: readonly DocumentChanges[],
  plan: (document: EntityDocument, changes: readonly Change[]) => void,
): void {
  const byDocument = new Map<EntityDocument, Change[]>()
  for (const edit of edits) {
    const document = documents.find(edit)
    if (document === undefined) continue
    refuseForeign(scope, edit)
    const changes = byDocument.get(document)
    if (changes === undefined) byDocument.set(document, [...edit.changes])
    else for (const change of edit.changes) changes.push(change)
  }
  for (const [document, changes] of byDocument) plan(document, changes)
}

function refuseForeign({ author, user }: EditScope, { part }: DocumentChanges): void {
  if (author === 'server' ? part === 'server' : part === 'shared' || part === `owner:${user}`) return
  throw new RejoinError('read-only-part', `The ${part} part is not written by who makes this edit.`)
}

/** An item that somebody else has changed or moved since is not taken away with its insertion. */
function isInUse({ collection, mine }: Repeating, document: EntityDocument, change: Change): boolean {
  if (change.root !== 'registers' || change.wrote === undefined || change.removed.length > 0) return false
  const kind = fieldOfKey(collection, document, change.key)?.kind
  if (kind !== 'movableList' && kind !== 'tree') return false
  const { registers } = document.stored
  return ['v', 'p'].some((of) => registers.survivors(`${change.key}/${of}`).some(({ client }) => !mine(client)))
}

/** Adds to the total of whoever makes the edit, as any addition does. */
function count(scope: EditScope, field: Field, by: number): void {
  if (by === 0) return
  const draft = kinds.counter.draft(new FieldAccess(field, scope)) as CounterDraft
  draft.add(by)
}

function keep(heirs: DocumentHeirs[], { part, field }: EntityDocument, made: readonly Heir[]): void {
  heirs.push({ part, field, heirs: made })
}

const restamped = (changes: readonly Change[], stamp: number): readonly Change[] =>
  changes.map((change) =>
    change.root === 'registers' && change.wrote !== undefined
      ? { ...change, wrote: { ...change.wrote, stamp } }
      : change,
  )
