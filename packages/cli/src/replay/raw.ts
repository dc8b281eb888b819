import * as Y from 'yjs'
import { monotonicMs } from '../platform/clock.ts'
import type { Trace } from '../trace/trace.ts'
import type { RawFigures } from './roles.ts'

/**
 * What the same session costs two bare Y.Docs, edited by hand: the text in one, the position in the other,
 * every update captured as an app would to send it; then both final states applied to empty documents.
 */
export function measureRaw(trace: Trace): RawFigures & { readonly text: string; readonly position: unknown } {
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
    applyMs: applyMs([Y.encodeStateAsUpdate(text), Y.encodeStateAsUpdate(position)]),
    text: text.getText('body').toString(),
    position: position.getMap('note').get('position'),
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

function applyMs(states: readonly Uint8Array[]): number {
  const start = monotonicMs()
  for (const state of states) Y.applyUpdate(new Y.Doc({ guid: 'copy' }), state)
  return monotonicMs() - start
}
