import * as Automerge from '@automerge/automerge'
import { monotonicMs } from '../platform/clock.ts'
import type { Trace, Transaction } from '@rejoin/lab/trace'
import type { Raw, RawApplied } from './raw.ts'
import type { RawSession } from './roles.ts'

export const rawAutomerge: Raw = { play, apply }

type Text = { body: string }
type Note = { position: number }

/** Two bare documents, one `Automerge.change` each. */
function play(trace: Trace): RawSession {
  const updates: Uint8Array[] = []
  let text = Automerge.from<Text>({ body: trace.startContent })
  let note = Automerge.from<Note>({ position: 0 })
  const start = monotonicMs()
  for (const [index, transaction] of trace.transactions.entries()) {
    const before = text
    text = Automerge.change(text, (draft) => type(draft, transaction))
    if (text !== before) capture(text, updates)
    note = Automerge.change(note, (draft) => {
      draft.position = index + 1
    })
    capture(note, updates)
  }
  const seconds = (monotonicMs() - start) / 1000
  return {
    transactionsPerSecond: trace.transactions.length / seconds,
    updateBytes: updates.reduce((sum, update) => sum + update.length, 0),
    states: [Automerge.save(text), Automerge.save(note)],
  }
}

function type(draft: Text, transaction: Transaction): void {
  for (const [at, deleted, inserted] of transaction)
    if (deleted > 0 || inserted !== '') Automerge.splice(draft, ['body'], at, deleted, inserted)
}

function capture(document: Automerge.Doc<Text | Note>, updates: Uint8Array[]): void {
  const update = Automerge.getLastLocalChange(document)
  if (update !== undefined) updates.push(update)
}

function apply([textState, noteState]: RawSession['states']): RawApplied {
  const start = monotonicMs()
  const text = Automerge.load<Text>(textState)
  const note = Automerge.load<Note>(noteState)
  const applyMs = monotonicMs() - start
  return { applyMs, text: text.body, position: note.position }
}
