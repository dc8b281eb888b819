import * as Y from 'yjs'
import { A } from '../../platform/automerge.ts'
import type { EngineName } from '../../world/app.ts'
import { genesis } from './automerge.ts'
import type { Content } from './automerge.ts'
import type { Bytes } from './bare.ts'

/** A client of its own on an empty document, by a bare library. Each call is one update. */
export interface BareWriter {
  type(at: number, text: string): Bytes
  push(item: string): Bytes
  put(key: string, stamp: number, value: unknown): Bytes
  snapshot(): Bytes
}

let clients = 0

export const writers: Readonly<Record<EngineName, () => BareWriter>> = { yjs: yjsWriter, automerge: automergeWriter }

function yjsWriter(): BareWriter {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = ++clients
  const changed = (change: () => void): Bytes => {
    const before = Y.encodeStateVector(doc)
    change()
    return { encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc, before) }
  }
  return {
    type: (at, text) => changed(() => doc.getText('t').insert(at, text)),
    push: (item) => changed(() => doc.getArray('l').push([item])),
    put: (key, stamp, value) => changed(() => doc.getArray('r').push([[key, stamp, value]])),
    snapshot: () => ({ encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc) }),
  }
}

function automergeWriter(): BareWriter {
  const actor = (++clients).toString(16).padStart(8, '0')
  let [doc] = A.applyChanges(A.init<Content>({ actor }), [...genesis])
  const changed = (change: (content: Content) => void): Bytes => {
    doc = A.change(doc, { time: 0 }, change)
    return { encoding: 'automerge', bytes: A.getLastLocalChange(doc) ?? new Uint8Array() }
  }
  return {
    type: (at, text) => changed((content) => A.splice(content, ['t'], at, 0, text)),
    push: (item) => changed(({ l }) => void l.push(JSON.stringify(item))),
    put: (key, stamp, value) => changed(({ r }) => void (r[key] = JSON.stringify([stamp, value]))),
    snapshot: () => ({ encoding: 'automerge', bytes: A.save(doc) }),
  }
}
