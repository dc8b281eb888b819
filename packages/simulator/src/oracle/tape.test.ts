import type { LogBatch } from '@rejoin/server'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { Tape } from './tape.ts'

type Commit = LogBatch['spaces'][number]
type Row = NonNullable<Commit['rows']>[number]

/** An entry that types one letter behind what `doc` has. */
function typing(doc: Y.Doc, seq: number, n = seq): Row {
  const before = Y.encodeStateVector(doc)
  doc.getText('t').insert(doc.getText('t').length, 'x')
  return row(seq, 'update', Y.encodeStateAsUpdate(doc, before), n)
}

const row = (seq: number, kind: Row['kind'], bytes: Uint8Array, n = seq) =>
  ({ seq, kind, document: 1, writer: 1, n, encoding: 'yjs-1', bytes }) as unknown as Row

const batchOf = (commit: Partial<Commit>) =>
  ({
    spaces: [
      {
        ref: { space: 'earth' },
        documents: [{ number: 1, key: 'notes/n1/shared/body' }],
        writers: [{ number: 1, writer: 'w' }],
        ...commit,
      },
    ],
  }) as unknown as LogBatch

const tags = (sentences: readonly string[]): readonly string[] =>
  sentences.map((sentence) => sentence.slice(0, sentence.indexOf(']') + 1))

test('[SI14] a log that goes on number by number, with each id once, is right', () => {
  const doc = new Y.Doc()
  const tape = new Tape()
  expect(tape.record(batchOf({ rows: [typing(doc, 1), typing(doc, 2)] }))).toEqual([])
  expect(tape.record(batchOf({ rows: [typing(doc, 3)] }))).toEqual([])
  expect(tape.rows('earth').map(({ document, writer }) => `${document} ${writer}`)).toEqual(
    Array.from({ length: 3 }, () => 'notes/n1/shared/body w'),
  )
})

test('[SI14] a hole and an id that comes twice are found when they are committed', () => {
  const doc = new Y.Doc()
  expect(tags(new Tape().record(batchOf({ rows: [typing(doc, 1), typing(doc, 3)] })))).toEqual(['[I5]'])
  const tape = new Tape()
  tape.record(batchOf({ rows: [typing(doc, 1)] }))
  expect(tags(tape.record(batchOf({ rows: [typing(doc, 2, 1)] })))).toEqual(['[I4]'])
})

test('[SI14] a snapshot that is what its rows make is right; one that lacks or has more is found', () => {
  const doc = new Y.Doc()
  const rows = [typing(doc, 1), typing(doc, 2)]
  const snapshotOf = (bytes: Uint8Array) => ({ document: 1, snapshot: row(2, 'snapshot', bytes, 0) })
  const wrongWith = (bytes: Uint8Array): readonly string[] => {
    const tape = new Tape()
    tape.record(batchOf({ rows }))
    return tags(tape.record(batchOf({ folds: [snapshotOf(bytes)] })))
  }
  expect(wrongWith(Y.encodeStateAsUpdate(doc))).toEqual([])
  expect(wrongWith(rows[0]?.bytes ?? new Uint8Array())).toEqual(['[I14]'])
  doc.getText('t').insert(0, 'more')
  expect(wrongWith(Y.encodeStateAsUpdate(doc))).toEqual(['[I14]'])
})
