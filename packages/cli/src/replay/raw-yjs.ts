import * as Y from 'yjs'
import { monotonicMs } from '../platform/clock.ts'
import type { Trace } from '@rejoin/lab/trace'
import type { Raw, RawApplied } from './raw.ts'
import type { RawSession } from './roles.ts'

export const rawYjs: Raw = { play, apply }

/** Two bare Y.Docs, one Yjs transaction each. */
function play(trace: Trace): RawSession {
  const text = new Y.Doc({ guid: 'text' })
  const position = new Y.Doc({ guid: 'position' })
  const updates: Uint8Array[] = []
  text.on('update', (update: Uint8Array) => updates.push(update))
  position.on('update', (update: Uint8Array) => updates.push(update))

  const start = monotonicMs()
  typeInto(text.getText('body'), position.getMap('note'), trace)
  const seconds = (monotonicMs() - start) / 1000

  return {
    transactionsPerSecond: trace.transactions.length / seconds,
    updateBytes: updates.reduce((sum, update) => sum + update.length, 0),
    states: [Y.encodeStateAsUpdate(text), Y.encodeStateAsUpdate(position)],
  }
}

function typeInto(body: Y.Text, note: Y.Map<unknown>, trace: Trace): void {
  if (trace.startContent !== '') body.insert(0, trace.startContent)
  for (const [index, transaction] of trace.transactions.entries()) {
    body.doc?.transact(() => {
      for (const [at, deleted, inserted] of transaction) {
        if (deleted > 0) body.delete(at, deleted)
        if (inserted !== '') body.insert(at, inserted)
      }
    })
    note.set('position', index + 1)
  }
}

function apply([textState, positionState]: RawSession['states']): RawApplied {
  const text = new Y.Doc({ guid: 'text' })
  const position = new Y.Doc({ guid: 'position' })
  const start = monotonicMs()
  Y.applyUpdate(text, textState)
  Y.applyUpdate(position, positionState)
  const applyMs = monotonicMs() - start
  return { applyMs, text: text.getText('body').toString(), position: position.getMap('note').get('position') }
}
