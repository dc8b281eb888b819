import { RejoinError } from '@rejoin/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { EngineDocument, Json, MarkedRun, Marks, Update } from '../engine.ts'
import { anyActions, playHistory } from '../testing/history.ts'
import { yjs } from './index.ts'

function writable(client: number, ...known: Update[]): EngineDocument {
  const document = yjs.create()
  document.apply(known)
  document.setClient(client)
  return document
}

function written(document: EngineDocument, change: (text: EngineDocument['text']) => void): Update {
  const update = document.transact(() => change(document.text))
  if (update === undefined) throw new Error('nothing was written')
  return update
}

/** Foreign software writes straight to the text. */
function foreign(write: (text: Y.Text) => void): EngineDocument {
  const doc = new Y.Doc({ guid: '' })
  write(doc.getText('t'))
  const document = yjs.create()
  document.apply([{ encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc) }])
  return document
}

const bold = { bold: true }
const italic = { italic: true }
const both = { bold: true, italic: true }
const plain = {}

test('[DO40] marks of overlapping ranges, put by two devices, both hold', () => {
  const phone = writable(1)
  const base = written(phone, (text) => text.insert(0, 'abcdef', plain))
  const laptop = writable(2, base)
  const one = written(phone, (text) => text.format(0, 4, bold))
  const other = written(laptop, (text) => text.format(2, 4, italic))
  phone.apply([other])
  laptop.apply([one])
  const runs: MarkedRun[] = [
    { text: 'ab', marks: bold },
    { text: 'cd', marks: both },
    { text: 'ef', marks: italic },
  ]
  expect(phone.text.runs()).toEqual(runs)
  expect(laptop.text.runs()).toEqual(runs)
})

test('[DO40] of two values of one mark the same one holds on both devices', () => {
  const phone = writable(1)
  const base = written(phone, (text) => text.insert(0, 'link'))
  const laptop = writable(2, base)
  const one = written(phone, (text) => text.format(0, 4, { link: 'a' }))
  const other = written(laptop, (text) => text.format(0, 4, { link: 'b' }))
  phone.apply([other])
  laptop.apply([one])
  expect(phone.text.runs()).toHaveLength(1)
  expect(laptop.text.runs()).toEqual(phone.text.runs())
})

test('[DO40] texts that are read after every update of a history read the same, in whatever order it came', () => {
  const order = fc.infiniteStream(fc.nat())
  fc.assert(
    fc.property(anyActions, order, (actions, ranks) => {
      const updates = playHistory(yjs, actions).writes.map(({ update }) => update)
      const shuffled = updates
        .map((update) => ({ update, rank: ranks.next().value }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ update }) => update)
      const [one, other] = [updates, shuffled].map((sequence) => {
        const document = yjs.create()
        for (const update of sequence) {
          expect(document.text.length).toBe(document.text.runs().reduce((sum, { text }) => sum + text.length, 0))
          document.apply([update])
        }
        return document.text.runs()
      })
      expect(one).toEqual(other)
    }),
    { numRuns: 100 },
  )
})

test('[DO41] text takes the marks of its left neighbour unless told', () => {
  const document = writable(1)
  written(document, (text) => {
    text.insert(0, 'bold', bold)
    text.insert(4, 'plain', plain)
    text.insert(4, '!')
    text.insert(2, 'italic', italic)
    text.insert(2, 'none', plain)
    text.insert(0, 'first')
  })
  expect(document.text.runs()).toEqual([
    { text: 'first', marks: plain },
    { text: 'bo', marks: bold },
    { text: 'none', marks: plain },
    { text: 'italic', marks: italic },
    { text: 'ld!', marks: bold },
    { text: 'plain', marks: plain },
  ])
})

test('[DO41] also where the text was loaded before it was looked at', () => {
  const first = writable(1)
  const base = written(first, (text) => {
    text.insert(0, 'bold', bold)
    text.insert(4, 'x'.repeat(200), plain)
  })
  const document = writable(2, base)
  written(document, (text) => {
    // Yjs remembers places in texts without formats, and inserts there without looking at formats.
    for (let i = 0; i < 20; i++) text.insert(4, '!')
  })
  expect(document.text.runs()[0]).toEqual({ text: `bold${'!'.repeat(20)}`, marks: bold })
})

test('[DO41] null takes a mark off, and leaves the others', () => {
  const document = writable(1)
  written(document, (text) => {
    text.insert(0, 'abc', both)
    text.format(1, 1, { bold: null })
    text.format(0, 0, { bold: null })
  })
  expect(document.text.runs()).toEqual([
    { text: 'a', marks: both },
    { text: 'b', marks: italic },
    { text: 'c', marks: both },
  ])
})

test('[DO42] neighbours with equal marks are one run, whoever wrote them and in whatever order', () => {
  const one = writable(1)
  const update = written(one, (text) => text.insert(0, 'ab', { b: [1], a: { z: 1 } }))
  const other = writable(2, update)
  const more = written(other, (text) => {
    text.insert(2, 'cd', { a: { z: 1 } })
    text.format(2, 2, { b: [1] })
  })
  one.apply([more])
  expect(one.text.runs()).toEqual([{ text: 'abcd', marks: { a: { z: 1 }, b: [1] } }])
  expect(Object.keys(one.text.runs()[0]?.marks ?? {})).toEqual(['a', 'b'])
})

test('[DO42] a long text is read in part, and never half a pair', () => {
  const document = writable(1)
  written(document, (text) => {
    text.insert(0, 'ab😀', bold)
    text.insert(4, 'cd', plain)
  })
  const parts = [0, 1, 3, 4, 5, 9].map((max) => document.text.runs(max).map(({ text }) => text))
  expect(parts).toEqual([[], ['a'], ['ab'], ['ab😀'], ['ab😀', 'c'], ['ab😀', 'cd']])
})

test('[DO42] what is no text is one U+FFFC; marks that do not fit are left out', () => {
  const document = foreign((text) => {
    text.insert(0, 'abc')
    text.insertEmbed(1, { image: 'x' }, bold)
    text.format(0, 4, { ['n'.repeat(65)]: true, bad: JSON.parse('{"__proto__":1}'), ['__proto__']: { polluted: true } })
  })
  const runs: MarkedRun[] = [
    { text: 'a', marks: plain },
    { text: '\ufffc', marks: bold },
    { text: 'bc', marks: plain },
  ]
  expect(document.text.runs()).toEqual(runs)
  expect(document.text.read()).toBe('a\ufffcbc')
  expect(Object.getPrototypeOf(document.text.runs()[0]?.marks)).toBe(Object.prototype)
})

test.each<[string, Record<string, unknown>]>([
  ['a key of prototypes', JSON.parse('{"__proto__":1}') as Record<string, unknown>],
  ['another one', { constructor: true }],
  ['no name', { '': true }],
  ['a long name', { ['n'.repeat(65)]: true }],
  ['half a pair', { '\ud83d': true }],
  ['no JSON', { bold: undefined }],
  ['no number', { size: Number.NaN }],
])('[DO43] a mark that does not fit is refused and changes nothing: %s', (_, marks) => {
  const document = writable(1)
  written(document, (text) => text.insert(0, 'abc'))
  const refused = document.transact(() => {
    expect(() => document.text.format(0, 2, marks as Marks)).toThrow(RejoinError)
    expect(() => document.text.insert(1, 'x', marks as Marks)).toThrow(RejoinError)
  })
  expect(refused).toBeUndefined()
})

test('[DO43] a range outside, or one that splits a pair, is refused', () => {
  const document = writable(1)
  written(document, (text) => text.insert(0, 'a😀'))
  for (const [index, count] of [
    [-1, 1],
    [1, 3],
    [2, 1],
    [0, 2],
    [0.5, 1],
  ] as const)
    document.transact(() => expect(() => document.text.format(index, count, bold)).toThrow(RejoinError))
})

test('[DO43] values of marks are copied in, and what is read is frozen', () => {
  const document = writable(1)
  const mine = { to: ['x'] }
  const update = written(document, (text) => text.insert(0, 'a', { link: mine }))
  mine.to.push('later')
  for (const each of [document, writable(2, update)]) {
    const link = each.text.runs()[0]?.marks['link'] as { to: Json[] }
    expect(link).toEqual({ to: ['x'] })
    expect(() => link.to.push('y')).toThrow(TypeError)
  }
})

test('[DO25] a squashed run has the marks of the updates', () => {
  const document = writable(1)
  const run = [...'formatted'].map((unit, i) => written(document, (text) => text.insert(i, unit)))
  run.push(written(document, (text) => text.format(2, 5, bold)))
  run.push(written(document, (text) => text.format(4, 5, { link: { to: 'x' }, bold: null })))
  run.push(written(document, (text) => text.delete(3, 3)))
  run.push(written(document, (text) => text.insert(3, 'in')))
  const squashed = yjs.squash(run)
  expect(writable(2, squashed).text.runs()).toEqual(document.text.runs())
  expect(squashed.bytes.length).toBeLessThan(run.reduce((sum, { bytes }) => sum + bytes.length, 0) / 2)
})
