import assert from 'node:assert/strict'
import * as A from '@automerge/automerge'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import * as Y from 'yjs'
import { createAutomergeNote, typeAutomergeNote } from '../bare-automerge.ts'
import type { AutomergeNote, BareAutomerge } from '../bare-automerge.ts'
import type { Case, Contestant } from '../bench.ts'
import { clientId } from '../e8.ts'
import { mean } from '../statistics.ts'
import { firstOf } from '@rejoin/lab/trace'
import type { Patch, Trace } from '@rejoin/lab/trace'

/** A recorded session, keystroke by keystroke, each a change of its own whose update is kept. */
export function typingOn(engines: readonly Engine[], trace: Trace): Case[] {
  const text = trace.endContent
  const count = trace.transactions.length
  const typed = engines.map((engine) => ({ engine, ...typedOn(engine, trace) }))
  const ofEach = (name: string, contestants: readonly Contestant[]): Case => ({
    name: `text: ${name}`,
    count,
    unit: 'keystrokes',
    contestants,
  })
  return [
    ofEach('type', [
      ...engines.map((engine) => typing(engine, trace, text)),
      typingYjs(trace, text),
      typingAutomerge(trace, text),
    ]),
    ofEach(
      'apply all in one call, and read',
      typed.map(({ engine, updates }) => taking(engine, text, [updates])),
    ),
    ofEach(
      'tell what each did',
      typed.map(({ engine, updates }) => telling(engine, updates)),
    ),
    ...[4, 2, 1].map((part) => oneByOne(engines, firstOf(trace, count / part))),
  ]
}

/** As they come while others type. */
function oneByOne(engines: readonly Engine[], trace: Trace): Case {
  const count = trace.transactions.length
  const text = trace.endContent
  return {
    name: `text: apply ${count} one by one, and read`,
    count,
    unit: 'keystrokes',
    size: count,
    contestants: engines.map((engine) => taking(engine, text, typedOn(engine, trace).updates.map(alone))),
  }
}

export function storedTexts(engines: readonly Engine[], trace: Trace): Case {
  const text = trace.endContent
  const loading = (engine: Engine): Contestant => {
    const { snapshot } = typedOn(engine, trace)
    return { ...taking(engine, text, [[snapshot]]), figures: () => ({ B: snapshot.bytes.length }) }
  }
  return {
    name: `text: load the snapshot of ${trace.transactions.length} keystrokes, and read`,
    count: 1,
    unit: 'texts',
    contestants: [...engines.map(loading), ...loadingBare(trace, text)],
  }
}

const alone = (update: Update): readonly Update[] => [update]

interface Typed {
  readonly document: EngineDocument
  readonly updates: readonly Update[]
}

function type(engine: Engine, { transactions }: Trace): Typed {
  const document = engine.create()
  document.setClient(clientId)
  const updates = transactions.flatMap((patches) => {
    const update = document.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) document.text.delete(position, deleted)
        if (inserted !== '') document.text.insert(position, inserted)
      }
    })
    return update ?? []
  })
  return { document, updates }
}

export function typedOn(
  engine: Engine,
  trace: Trace,
): { readonly updates: readonly Update[]; readonly snapshot: Update } {
  const { document, updates } = type(engine, trace)
  const snapshot = document.snapshot()
  document.dispose()
  return { updates, snapshot }
}

function typing(engine: Engine, trace: Trace, text: string): Contestant {
  let before: Typed | undefined
  return {
    name: `document, ${engine.name}`,
    role: 'subject',
    before: () => before?.document.dispose(),
    run: () => (before = type(engine, trace)),
    verify(result) {
      const { document, updates } = result as Typed
      assert.equal(document.text.read(), text)
      const copy = engine.create()
      copy.apply(updates)
      assert.equal(copy.text.read(), text)
      copy.dispose()
    },
    figures: (result) => {
      const { updates } = result as Typed
      return { 'B an update': meanBytes(updates), 'B squashed': meanBytes(squashed(engine, updates), updates.length) }
    },
  }
}

/** In runs of a hundred, as a writing session is sent. */
function squashed(engine: Engine, updates: readonly Update[]): readonly Update[] {
  const runs: Update[] = []
  for (let i = 0; i < updates.length; i += 100) runs.push(engine.squash(updates.slice(i, i + 100)))
  return runs
}

const meanBytes = (updates: readonly Update[], count: number = updates.length): number =>
  updates.reduce((sum, { bytes }) => sum + bytes.length, 0) / count

interface BareYjs {
  readonly doc: Y.Doc
  readonly updates: Uint8Array[]
}

/** Without collection of what is deleted a document can show its earlier states. */
export function typeYjs({ transactions }: Trace, gc = true): BareYjs {
  const doc = new Y.Doc({ guid: 'note', gc })
  doc.clientID = clientId
  const body = doc.getText('body')
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => void updates.push(update))
  for (const patches of transactions) doc.transact(() => patchYjs(body, patches))
  return { doc, updates }
}

function patchYjs(body: Y.Text, patches: readonly Patch[]): void {
  for (const [position, deleted, inserted] of patches) {
    if (deleted > 0) body.delete(position, deleted)
    if (inserted !== '') body.insert(position, inserted)
  }
}

function typingYjs(trace: Trace, text: string): Contestant {
  return {
    name: 'bare Y.Text',
    role: 'limit',
    run: () => typeYjs(trace),
    verify: (result) => assert.equal((result as BareYjs).doc.getText('body').toJSON(), text),
    figures: (result) => ({ 'B an update': mean((result as BareYjs).updates.map(({ length }) => length)) }),
  }
}

export function typeAutomerge({ transactions }: Trace): BareAutomerge<AutomergeNote> {
  const bare = createAutomergeNote()
  for (const patches of transactions) typeAutomergeNote(bare, patches)
  return bare
}

function typingAutomerge(trace: Trace, text: string): Contestant {
  let before: BareAutomerge<AutomergeNote> | undefined
  return {
    name: 'bare Automerge: change, splice',
    role: 'peer',
    before: () => before && A.free(before.doc),
    run: () => (before = typeAutomerge(trace)),
    verify: (result) => assert.equal((result as BareAutomerge<AutomergeNote>).doc.body, text),
    figures: (result) => ({
      'B an update': mean((result as BareAutomerge<AutomergeNote>).updates.slice(1).map(({ length }) => length)),
    }),
  }
}

function taking(engine: Engine, text: string, calls: readonly (readonly Update[])[]): Contestant {
  return {
    name: `document, ${engine.name}`,
    role: 'subject',
    run() {
      const document = engine.create()
      for (const updates of calls) document.apply(updates)
      const read = document.text.read()
      document.dispose()
      return read
    },
    verify: (read) => assert.equal(read, text),
  }
}

function loadingBare(trace: Trace, text: string): Contestant[] {
  const ofYjs = Y.encodeStateAsUpdateV2(typeYjs(trace).doc)
  const ofAutomerge = A.save(typeAutomerge(trace).doc)
  const verify = (read: unknown): void => assert.equal(read, text)
  return [
    {
      name: 'bare Y.Text',
      role: 'limit',
      run() {
        const doc = new Y.Doc({ guid: 'note' })
        Y.applyUpdateV2(doc, ofYjs)
        return doc.getText('body').toJSON()
      },
      verify,
      figures: () => ({ B: ofYjs.length }),
    },
    {
      name: 'bare Automerge',
      role: 'peer',
      run() {
        const doc = A.load<AutomergeNote>(ofAutomerge)
        const { body } = doc
        A.free(doc)
        return body
      },
      verify,
      figures: () => ({ B: ofAutomerge.length }),
    },
  ]
}

function telling(engine: Engine, updates: readonly Update[]): Contestant {
  return {
    name: `changesOfEach, ${engine.name}`,
    role: 'subject',
    run: () => engine.changesOfEach([], updates),
    verify: (told) => assert.ok((told as ReturnType<Engine['changesOfEach']>).every(({ whole }) => whole)),
  }
}
