import assert from 'node:assert/strict'
import * as A from '@automerge/automerge'
import type { Engine } from '@rejoin/documents'
import * as Y from 'yjs'
import type { AutomergeNote } from '../bare-automerge.ts'
import { createAutomergeNote, typeAutomergeNote } from '../bare-automerge.ts'
import type { Case, Contestant } from '../bench.ts'
import { firstOf } from '@rejoin/lab/trace'
import type { Trace } from '@rejoin/lab/trace'
import { typedOn, typeYjs } from './engines-text.ts'

/** The text as it was when half of it was typed, out of the stored whole. The port does not have this. */
export function earlierState(automerge: Engine, trace: Trace): Case {
  const half = firstOf(trace, trace.transactions.length / 2)
  const text = half.endContent
  return {
    name: `history: load ${trace.transactions.length} keystrokes, and read the text as it was half-way`,
    count: 1,
    unit: 'texts',
    contestants: [
      earlierOfYjs(trace, half, text),
      earlierOfAutomerge(trace, half, text),
      earlierOfOurs(automerge, trace, half, text),
    ],
  }
}

/** Yjs needs all that was deleted, which it otherwise forgets, and a snapshot taken at that time. */
function earlierOfYjs(trace: Trace, half: Trace, text: string): Contestant {
  const bytes = Y.encodeStateAsUpdateV2(typeYjs(trace, false).doc)
  const then = Y.encodeSnapshotV2(Y.snapshot(typeYjs(half, false).doc))
  return {
    name: 'bare Y.Doc with gc: false',
    role: 'peer',
    run() {
      const doc = new Y.Doc({ guid: 'note', gc: false })
      Y.applyUpdateV2(doc, bytes)
      return Y.createDocFromSnapshot(doc, Y.decodeSnapshotV2(then)).getText('body').toJSON()
    },
    verify: (read) => assert.equal(read, text),
    figures: () => ({ 'B': bytes.length, 'B of the snapshot of then': then.length }),
  }
}

function earlierOfAutomerge(trace: Trace, half: Trace, text: string): Contestant {
  const bare = createAutomergeNote()
  for (const patches of half.transactions) typeAutomergeNote(bare, patches)
  const then = A.getHeads(bare.doc)
  for (const patches of trace.transactions.slice(half.transactions.length)) typeAutomergeNote(bare, patches)
  const bytes = A.save(bare.doc)
  return {
    name: 'bare Automerge: view',
    role: 'peer',
    run() {
      const doc = A.load<AutomergeNote>(bytes)
      const { body } = A.view(doc, then)
      A.free(doc)
      return body
    },
    verify: (read) => assert.equal(read, text),
    figures: () => ({ 'B': bytes.length, 'B of the heads of then': then.join('').length / 2 }),
  }
}

/** The library reads what we have stored. */
function earlierOfOurs(automerge: Engine, trace: Trace, half: Trace, text: string): Contestant {
  const { bytes } = typedOn(automerge, trace).snapshot
  const then = A.getHeads(A.load(typedOn(automerge, half).snapshot.bytes))
  return {
    name: 'our snapshot in bare Automerge: view',
    role: 'peer',
    run() {
      const doc = A.load<{ t: string }>(bytes)
      const { t } = A.view(doc, then)
      A.free(doc)
      return t
    },
    verify: (read) => assert.equal(read, text),
    figures: () => ({ B: bytes.length }),
  }
}
