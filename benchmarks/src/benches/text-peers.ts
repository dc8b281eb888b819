import assert from 'node:assert/strict'
import * as A from '@automerge/automerge'
import type { Update } from '@rejoin/documents'
import type { Trace } from '@rejoin/lab/trace'
import { LoroDoc } from 'loro-crdt'
import * as Y from 'yjs'
import type { AutomergeNote } from '../bare-automerge.ts'
import { loroText } from '../bare-loro.ts'
import type { Contestant } from '../bench.ts'
import { p99OfFrames, timesOf } from '../frame-times.ts'
import type { Taken } from '../frame-times.ts'
import { spliced } from '../trace.ts'
import { chunksOf } from './merge-orders.ts'

/** What somebody would do who writes alone. In a long text even a CRDT is faster, as a splice copies what the last one made. */
export const splicing = (trace: Trace): Contestant => ({
  name: 'a plain string, spliced',
  settings: 'slice and +, no CRDT',
  role: 'peer',
  run: () => spliced(trace),
  verify: (read) => assert.equal(read, trace.endContent),
})

export const yjsAllInOne = (updates: readonly Update[], text: string): Contestant => ({
  name: 'bare Yjs, all in one transaction',
  settings: 'applyUpdate inside one transact',
  role: 'limit',
  run() {
    const doc = new Y.Doc({ guid: 'note' })
    doc.transact(() => {
      for (const { bytes } of updates) Y.applyUpdate(doc, bytes)
    })
    return doc
  },
  verify: (doc) => assert.equal(textOf(doc as Y.Doc), text),
})

export const yjsOneByOne = (updates: readonly Update[], text: string): Contestant =>
  byYjs('bare Yjs, one by one', 'applyUpdate', updates, text, (doc, { bytes }) => Y.applyUpdate(doc, bytes))

export const yjsByFrame = (updates: readonly Update[], size: number, text: string): Contestant =>
  byYjs(
    'bare Yjs, a transaction a frame',
    'applyUpdate inside one transact a frame',
    chunksOf(updates, size),
    text,
    (doc, frame) =>
      doc.transact(() => {
        for (const { bytes } of frame) Y.applyUpdate(doc, bytes)
      }),
  )

const byYjs = <Frame>(
  name: string,
  settings: string,
  frames: readonly Frame[],
  text: string,
  take: (doc: Y.Doc, frame: Frame) => void,
): Contestant => ({
  ...reading(text),
  name,
  settings,
  run(): Taken {
    const doc = new Y.Doc({ guid: 'note' })
    return { times: timesOf(frames, (frame) => take(doc, frame)), read: () => textOf(doc) }
  },
})

export function automergeByFrame(updates: readonly Uint8Array[], size: number, text: string): Contestant {
  const frames = chunksOf(updates, size)
  let doc: A.Doc<AutomergeNote> | undefined
  return {
    ...reading(text),
    name: 'bare Automerge',
    settings: 'applyChanges of a frame',
    before: () => doc && A.free(doc),
    run(): Taken {
      let current = A.init<AutomergeNote>()
      const times = timesOf(frames, (frame) => ([current] = A.applyChanges(current, [...frame])))
      doc = current
      return { times, read: () => current.body }
    },
  }
}

export function loroByFrame(updates: readonly Uint8Array[], size: number, text: string): Contestant {
  const frames = chunksOf(updates, size)
  let last: LoroDoc | undefined
  return {
    ...reading(text),
    name: 'bare Loro',
    settings: size === 1 ? 'import' : 'importBatch of a frame',
    before: () => last?.free(),
    run(): Taken {
      const doc = new LoroDoc()
      last = doc
      const take = (frame: readonly Uint8Array[]): unknown =>
        size === 1 ? frame.map((update) => doc.import(update)) : doc.importBatch([...frame])
      return { times: timesOf(frames, take), read: () => loroText(doc) }
    },
  }
}

const reading = (text: string): Pick<Contestant, 'role' | 'verify' | 'figures'> => ({
  role: 'peer',
  verify: (taken) => assert.equal((taken as Taken).read(), text),
  figures: p99OfFrames,
})

const textOf = (doc: Y.Doc): string => doc.getText('t').toJSON()
