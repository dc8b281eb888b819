import type { EngineDocument, Marks, RichTextRoot, Update } from '../../engine.ts'
import { documentOf } from '../case.ts'
import type { Law } from '../case.ts'
import { example, expectSame, kindOf, writable, write } from './example.ts'

const bold = { bold: true }
const italic = { italic: true }
const both = { bold: true, italic: true }
const plain = {}

const noMarks: readonly object[] = [
  JSON.parse('{"__proto__":1}') as object,
  { constructor: true },
  { '': true },
  { ['n'.repeat(65)]: true },
  { '\ud83d': true },
  { bold: undefined },
  { size: Number.NaN },
]

const written = (document: EngineDocument, change: (text: RichTextRoot) => void): Update =>
  write(document, () => change(document.text)).update

/** A text whose ranges carry marks. */
export const markLaws: readonly Law[] = [
  example('[DO40] marks of overlapping ranges, put by two devices, both hold', (engine) => {
    const phone = writable(engine, 1)
    const laptop = writable(
      engine,
      2,
      written(phone, (text) => text.insert(0, 'abcdef', plain)),
    )
    const one = written(phone, (text) => text.format(0, 4, bold))
    const other = written(laptop, (text) => text.format(2, 4, italic))
    phone.apply([other])
    laptop.apply([one])
    const runs = [
      { text: 'ab', marks: bold },
      { text: 'cd', marks: both },
      { text: 'ef', marks: italic },
    ]
    expectSame([phone.text.runs(), laptop.text.runs()], [runs, runs])
  }),
  example('[DO40] of two values of one mark the same one holds on both devices', (engine) => {
    const phone = writable(engine, 1)
    const laptop = writable(
      engine,
      2,
      written(phone, (text) => text.insert(0, 'link')),
    )
    const one = written(phone, (text) => text.format(0, 4, { link: 'a' }))
    const other = written(laptop, (text) => text.format(0, 4, { link: 'b' }))
    phone.apply([other])
    laptop.apply([one])
    expectSame(phone.text.runs().length, 1)
    expectSame(laptop.text.runs(), phone.text.runs())
  }),
  example('[DO41] text takes the marks of its left neighbour unless told', (engine) => {
    const document = writable(engine)
    written(document, (text) => {
      text.insert(0, 'bold', bold)
      text.insert(4, 'plain', plain)
      text.insert(4, '!')
      text.insert(2, 'italic', italic)
      text.insert(2, 'none', plain)
      text.insert(0, 'first')
    })
    expectSame(document.text.runs(), [
      { text: 'first', marks: plain },
      { text: 'bo', marks: bold },
      { text: 'none', marks: plain },
      { text: 'italic', marks: italic },
      { text: 'ld!', marks: bold },
      { text: 'plain', marks: plain },
    ])
  }),
  example('[DO41] also where the text was loaded, or its marks are of others', (engine) => {
    const first = writable(engine)
    const base = written(first, (text) => {
      text.insert(0, 'bold', bold)
      text.insert(4, 'x'.repeat(200), plain)
    })
    const document = writable(engine, 2, base)
    written(document, (text) => {
      for (let i = 0; i < 20; i++) text.insert(4, '!')
    })
    expectSame(document.text.runs()[0], { text: `bold${'!'.repeat(20)}`, marks: bold })
  }),
  example('[DO41] null takes a mark off, and leaves the others', (engine) => {
    const document = writable(engine)
    written(document, (text) => {
      text.insert(0, 'abc', both)
      text.format(1, 1, { bold: null })
      text.format(0, 0, { bold: null })
    })
    expectSame(document.text.runs(), [
      { text: 'a', marks: both },
      { text: 'b', marks: italic },
      { text: 'c', marks: both },
    ])
  }),
  example('[DO42] neighbours with equal marks are one run with sorted names, whoever wrote them', (engine) => {
    const one = writable(engine)
    const other = writable(
      engine,
      2,
      written(one, (text) => text.insert(0, 'ab', { b: [1], a: { z: 1 } })),
    )
    const more = written(other, (text) => {
      text.insert(2, 'cd', { a: { z: 1 } })
      text.format(2, 2, { b: [1] })
    })
    one.apply([more])
    expectSame(one.text.runs(), [{ text: 'abcd', marks: { a: { z: 1 }, b: [1] } }])
  }),
  example('[DO42] runs are read in part, and never half a pair', (engine) => {
    const document = writable(engine)
    written(document, (text) => {
      text.insert(0, 'ab😀', bold)
      text.insert(4, 'cd', plain)
    })
    expectSame(
      [0, 1, 3, 4, 5, 9].map((max) => document.text.runs(max).map(({ text }) => text)),
      [[], ['a'], ['ab'], ['ab😀'], ['ab😀', 'c'], ['ab😀', 'cd']],
    )
  }),
  example('[DO43] a mark that does not fit is refused and changes nothing', (engine) => {
    const document = writable(engine)
    written(document, (text) => text.insert(0, 'abc'))
    for (const marks of noMarks as Marks[])
      expectSame(
        document.transact(() => {
          expectSame(
            kindOf(() => document.text.format(0, 2, marks)),
            'bad-value',
          )
          expectSame(
            kindOf(() => document.text.insert(1, 'x', marks)),
            'bad-value',
          )
        }),
        undefined,
      )
  }),
  example('[DO25] a squashed run has the marks of the updates', (engine) => {
    const document = writable(engine)
    const run = [...'formatted'].map((unit, i) => written(document, (text) => text.insert(i, unit)))
    run.push(written(document, (text) => text.format(2, 5, bold)))
    run.push(written(document, (text) => text.format(4, 5, { link: { to: 'x' }, bold: null })))
    run.push(written(document, (text) => text.delete(3, 3)))
    run.push(written(document, (text) => text.insert(3, 'in')))
    expectSame(documentOf(engine, [engine.squash(run)]).text.runs(), document.text.runs())
  }),
]
