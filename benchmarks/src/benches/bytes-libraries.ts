import assert from 'node:assert/strict'
import * as A from '@automerge/automerge'
import { actorOf } from '../bare-automerge.ts'
import type { AutomergeNote } from '../bare-automerge.ts'
import { decodeImportBlobMeta, LoroDoc } from 'loro-crdt'
import type { OpId } from 'loro-crdt'
import type { Engine, Update } from '@rejoin/documents'
import * as Y from 'yjs'
import { loroText } from '../bare-loro.ts'
import { authorOn, loroAuthor } from '../concurrent-session.ts'
import type { Author } from '../concurrent-session.ts'
import { clientId } from '../e8.ts'

/** How a library writes down what happens to a text. */
export interface Library<U> {
  readonly settings: string
  author(id: number): Author<U>
  bytesOf(update: U): number
  /** A reader who was given all of it. */
  read(updates: readonly U[]): Reader<U>
}

export interface Reader<U> {
  readonly text: string
  readonly snapshotBytes: number
  /** Without what came before, where a snapshot has that and can do without. */
  readonly shallowBytes?: number
  /** What a run of one author's updates, one after another, takes when they are sent together. */
  runBytes(run: readonly U[]): number
}

export const rejoinOn = (engine: Engine): Library<Update> => ({
  settings: 'transact; squash; snapshot',
  author: (id) => authorOn(engine, id),
  bytesOf: ({ bytes }) => bytes.length,
  read(updates) {
    const document = engine.create()
    document.apply(updates)
    const text = document.text.read()
    const snapshotBytes = document.snapshot().bytes.length
    document.dispose()
    return { text, snapshotBytes, runBytes: (run) => engine.squash(run).bytes.length }
  },
})

export const yjsV1: Library<Uint8Array> = {
  settings: "on('update'); mergeUpdates; encodeStateAsUpdate",
  author: (id) => yjsAuthor(id, 'update', Y.applyUpdate),
  bytesOf: lengthOf,
  read: (updates) => readYjs(updates, Y.applyUpdate, Y.encodeStateAsUpdate, Y.mergeUpdates),
}

export const yjsV2: Library<Uint8Array> = {
  settings: "on('updateV2'); mergeUpdatesV2; encodeStateAsUpdateV2",
  author: (id) => yjsAuthor(id, 'updateV2', Y.applyUpdateV2),
  bytesOf: lengthOf,
  read: (updates) => readYjs(updates, Y.applyUpdateV2, Y.encodeStateAsUpdateV2, Y.mergeUpdatesV2),
}

type Apply = (doc: Y.Doc, update: Uint8Array) => void

function yjsAuthor(id: number, event: 'update' | 'updateV2', apply: Apply): Author<Uint8Array> {
  const doc = new Y.Doc({ guid: 'note' })
  doc.clientID = clientId + id
  const text = doc.getText('t')
  let last: Uint8Array | undefined
  doc.on(event, (update: Uint8Array) => (last = update))
  return {
    take: (updates) => doc.transact(() => updates.forEach((update) => apply(doc, update))),
    write(patches) {
      last = undefined
      doc.transact(() => {
        for (const [position, deleted, inserted] of patches) {
          if (deleted > 0) text.delete(position, deleted)
          if (inserted !== '') text.insert(position, inserted)
        }
      })
      return last
    },
  }
}

function readYjs(
  updates: readonly Uint8Array[],
  apply: Apply,
  encode: (doc: Y.Doc) => Uint8Array,
  merge: (updates: Uint8Array[]) => Uint8Array,
): Reader<Uint8Array> {
  const doc = new Y.Doc({ guid: 'note' })
  doc.transact(() => updates.forEach((update) => apply(doc, update)))
  return {
    text: doc.getText('t').toJSON(),
    snapshotBytes: encode(doc).length,
    runBytes: (run) => merge([...run]).length,
  }
}

/** Everybody begins with the same empty text, which is in no update. */
const emptyNote = A.save(
  A.change(A.init<AutomergeNote>({ actor: actorOf(0) }), { time: 0 }, (note) => void (note.body = '')),
)

export const automerge: Library<Uint8Array> = {
  settings: 'change, splice, getLastLocalChange; saveBundle (experimental); save',
  author(id) {
    let doc = A.load<AutomergeNote>(emptyNote, { actor: actorOf(id + 1) })
    return {
      take: (updates) => ([doc] = A.applyChanges(doc, [...updates])),
      write(patches) {
        const before = doc
        doc = A.change(doc, { time: 0 }, (note) => {
          for (const [position, deleted, inserted] of patches) A.splice(note, ['body'], position, deleted, inserted)
        })
        return doc === before ? undefined : A.getLastLocalChange(doc)
      },
    }
  },
  bytesOf: lengthOf,
  read(updates) {
    const [doc] = A.applyChanges(A.load<AutomergeNote>(emptyNote), [...updates])
    return {
      text: doc.body,
      snapshotBytes: A.save(doc).length,
      runBytes: (run) =>
        A.saveBundle(
          doc,
          run.map((change) => A.decodeChange(change).hash),
        ).length,
    }
  },
}

export const loro: Library<Uint8Array> = {
  settings: "commit, subscribeLocalUpdates; export 'updates-in-range'; export 'snapshot', 'shallow-snapshot'",
  author: loroAuthor,
  bytesOf: lengthOf,
  read(updates) {
    const doc = new LoroDoc()
    doc.importBatch([...updates])
    return {
      text: loroText(doc),
      snapshotBytes: doc.export({ mode: 'snapshot' }).length,
      shallowBytes: doc.export({ mode: 'shallow-snapshot', frontiers: doc.frontiers() }).length,
      runBytes(run) {
        const spans = run.length === 0 ? [] : [spanOf(run)]
        return doc.export({ mode: 'updates-in-range', spans }).length
      },
    }
  },
}

/** The operations of one peer, one after another. */
function spanOf(run: readonly Uint8Array[]): { readonly id: OpId; readonly len: number } {
  const [first, last] = [run[0], run.at(-1)]
  assert(first !== undefined && last !== undefined)
  const [start] = decodeImportBlobMeta(first, false).partialStartVersionVector.toJSON()
  const [end] = decodeImportBlobMeta(last, false).partialEndVersionVector.toJSON()
  assert(end !== undefined)
  const [peer, to] = end
  const from = start?.[1] ?? 0
  return { id: { peer, counter: from }, len: to - from }
}

function lengthOf({ length }: Uint8Array): number {
  return length
}
