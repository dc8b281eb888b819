import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Page } from '../world/entity.ts'
import { auditTape } from './audit.ts'
import { Replay } from './replay.ts'
import type { TapeRow } from './tape.ts'

/** A log of three keystrokes, a step, registers and a rating, each an entry of its own. */
function log(): TapeRow[] {
  const rows: TapeRow[] = []
  const write = (field: string, change: (doc: Y.Doc) => void, part = 'shared'): void => {
    const doc = new Y.Doc({ guid: field })
    doc.on('update', (bytes: Uint8Array) => {
      const seq = rows.length + 1
      rows.push({
        seq,
        kind: 'update',
        document: `notes/n1/${part}/${field}`,
        writer: 'w',
        n: seq,
        encoding: 'yjs-1',
        bytes,
      })
    })
    change(doc)
  }
  write('body', (doc) => ['a', 'b', 'c'].forEach((char, at) => doc.getText('t').insert(at, char)))
  write('steps', (doc) => doc.getArray('l').push(['one']))
  write('', (doc) =>
    doc.getArray('r').push([
      ['title', 5, 'old'],
      ['title', 7, 'new'],
      ['marks/"m"', 7, true],
      ['order/1.0', 7, ['m', 'a']],
      ['order/1.0/p', 8, 'b'],
      ['best', 7, 3],
      ['best', 6, 4],
      ['state', 7, 's'],
    ]),
  )
  write('', (doc) => doc.getArray('r').push([['rating', 7, 'm']]), 'owner:r0')
  return rows
}

const page: Page = {
  title: 'new',
  marks: ['m'],
  count: 1,
  body: 'abc',
  steps: ['one'],
  order: ['m'],
  best: 4,
  state: 's',
  rating: { r0: 'm' },
}
const verdict = (rows: readonly TapeRow[]): readonly string[] =>
  auditTape('earth', rows).map((sentence) => sentence.slice(0, sentence.indexOf(']') + 1))

test('[SI8] a sound log is found sound, and reads as what was written', () => {
  expect(verdict(log())).toEqual([])
  expect(new Replay(log()).wrongIn('notes/n1', page)).toEqual([])
})

test('[SI8] a hole in the numbers, an id and a content that come twice are found', () => {
  const rows = log()
  const [first] = rows
  if (first === undefined) throw new Error('The log is empty.')
  expect(verdict(rows.slice(1))).toContain('[I5]')
  expect(verdict([...rows, { ...first, seq: 7, bytes: Uint8Array.of(0, 0) }])).toEqual(['[I4]'])
  expect(verdict([...rows, { ...first, seq: 7, n: 7 }])).toEqual(['[I4]'])
  const again = [...rows, { ...first, seq: 7, n: 7, writer: 'other' }]
  expect(verdict(again)).toEqual(['[I4]'])
  expect(auditTape('earth', again, (writer) => writer === 'other')).toEqual([])
  expect(auditTape('earth', again, (writer) => writer === 'w')).toHaveLength(1)
})

test('[SI8] a page that differs from the log in any field is found, and a log that waits for something', () => {
  const replay = new Replay(log())
  const others: readonly Partial<Page>[] = [
    { title: 'old' },
    { marks: [] },
    { body: 'acb' },
    { steps: [] },
    { order: ['m', 'm'] },
    { best: 3 },
    { state: undefined },
    { rating: {} },
  ]
  for (const other of others) expect(replay.wrongIn('notes/n1', { ...page, ...other })).toHaveLength(1)
  const holed = new Replay(log().filter(({ seq }) => seq !== 2))
  expect(holed.wrongIn('notes/n1', page)[0]).toMatch(/^\[I3\] the log of notes\/n1\/shared\/body waits/)
})
