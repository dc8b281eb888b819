import assert from 'node:assert/strict'
import * as Automerge from '@automerge/automerge'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import { LoroDoc } from 'loro-crdt'
import * as Y from 'yjs'
import { loroText } from '../bare-loro.ts'
import type { Contestant, Mark, Role } from '../bench.ts'

/** What is given to a document in one call each. */
export type Deliveries<U> = readonly (readonly U[])[]

export const ours = (
  name: string,
  engine: Engine,
  deliveries: Deliveries<Update>,
  content: string,
  ...marks: Mark[]
): Contestant => ({
  name,
  settings: 'apply',
  role: 'subject',
  run: () => {
    const document = engine.create()
    for (const delivery of deliveries) document.apply(delivery)
    return document
  },
  verify: (result) => {
    const document = result as EngineDocument
    assert.equal(document.text.read(), content)
    assert.equal(document.pending(), false)
    document.dispose()
  },
  marks,
})

/** Of what has come out of order it may have forgotten some, which then waits for ever. */
export const bareYjs = (name: string, role: Role, content: string, run: () => Y.Doc): Contestant => ({
  name,
  settings: role === 'limit' ? 'applyUpdate inside one transact' : 'applyUpdate',
  role,
  run,
  verify: (result) => {
    const doc = result as Y.Doc
    if (doc.store.pendingStructs === null) assert.equal(textOfYjs(doc), content)
  },
})

export function inOneTransaction(updates: readonly Update[]): Y.Doc {
  const doc = new Y.Doc({ guid: 'merged' })
  doc.transact(() => {
    for (const { bytes } of updates) Y.applyUpdate(doc, bytes)
  })
  return doc
}

export function inManyTransactions(updates: readonly Update[]): Y.Doc {
  const doc = new Y.Doc({ guid: 'merged' })
  for (const { bytes } of updates) Y.applyUpdate(doc, bytes)
  return doc
}

export const textOfYjs = (doc: Y.Doc): string => doc.getText('t').toJSON()

/** `container` is the change that makes the text, which every replica of ours adds itself. */
export function bareAutomerge(
  name: string,
  role: Role,
  container: Uint8Array,
  updates: readonly Update[],
  content: string,
): Contestant {
  let doc: Automerge.Doc<{ readonly t: string }> | undefined
  return {
    name,
    settings: 'applyChanges',
    role,
    before: () => doc && Automerge.free(doc),
    run: () => ([doc] = Automerge.applyChanges(Automerge.init(), [container, ...updates.map(({ bytes }) => bytes)])),
    verify: () => assert.equal(doc?.t, content),
  }
}

/** Many at a time by `importBatch`, as Loro's documentation says. */
export function bareLoro(name: string, deliveries: Deliveries<Uint8Array>, content: string): Contestant {
  let doc: LoroDoc | undefined
  return {
    name,
    settings: deliveries.length === 1 ? 'importBatch' : 'import',
    role: 'peer',
    before: () => doc?.free(),
    run: () => {
      doc = new LoroDoc()
      for (const delivery of deliveries)
        if (delivery.length === 1) doc.import(delivery[0] ?? new Uint8Array(0))
        else doc.importBatch([...delivery])
    },
    verify: () => assert.equal(doc && loroText(doc), content),
  }
}
