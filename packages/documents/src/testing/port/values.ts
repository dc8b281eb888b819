import type { EngineDocument, Json } from '../../engine.ts'
import { documentOf } from '../case.ts'
import type { Law } from '../case.ts'
import { stateOf } from '../state.ts'
import { example, expectSame, kindOf, typed, writable, write } from './example.ts'

const outside: readonly (readonly [string, (document: EngineDocument) => void])[] = [
  ['before the text', ({ text }) => text.insert(-1, 'x')],
  ['behind the text', ({ text }) => text.insert(4, 'x')],
  ['no whole number', ({ text }) => text.insert(0.5, 'x')],
  ['a deletion that reaches out', ({ text }) => text.delete(2, 2)],
  ['between the halves of a pair', ({ text }) => text.insert(2, 'x')],
  ['a deletion of half a pair', ({ text }) => text.delete(0, 2)],
  ['a mark that reaches out', ({ text }) => text.format(1, 3, { bold: true })],
  ['a mark on half a pair', ({ text }) => text.format(2, 1, { bold: true })],
  ['behind the list', ({ list }) => list.insert(2, [1])],
  ['a list deletion that reaches out', ({ list }) => list.delete(0, 2)],
]

const deep = JSON.parse('['.repeat(70) + ']'.repeat(70)) as Json
const noValues: readonly unknown[] = [
  Number.NaN,
  { a: [undefined] },
  () => 1,
  new Date(0),
  JSON.parse('{"a":{"__proto__":1}}'),
  deep,
]

/** What goes into a document, and what is read of it. */
export const valueLaws: readonly Law[] = [
  example('[DO17] an index outside, or in a pair, is refused and changes nothing', (engine) => {
    const document = writable(engine)
    write(document, () => {
      document.text.insert(0, 'a😀')
      document.list.insert(0, ['only'])
    })
    const before = stateOf(document)
    for (const [name, change] of outside) {
      expectSame(
        document.transact(() => expectSame([name, kindOf(() => change(document))], [name, 'bad-value'])),
        undefined,
      )
      expectSame(stateOf(document), before)
    }
  }),
  example('[DO17] pairs are found in a text of many pieces, after edits near and far', (engine) => {
    const document = writable(engine)
    const { text } = document
    for (let i = 0; i < 100; i++) write(document, () => text.insert(((i * 7) % (text.length + 1)) & ~1, '😀'))
    document.apply([typed(writable(engine, 2), 'ab')])
    const read = text.read()
    expectSame([read.length, text.length], [202, 202])
    document.transact(() => {
      for (let i = 0; i <= read.length; i += 13) {
        const isInside = /[\udc00-\udfff]/.test(read[i] ?? '')
        expectSame(
          kindOf(() => text.delete(i, 0)),
          isInside ? 'bad-value' : undefined,
        )
      }
    })
  }),
  example('[DO18] lone surrogates become U+FFFD', (engine) => {
    const document = writable(engine)
    const { update } = write(document, () => {
      document.text.insert(0, 'a\ud83d')
      document.text.insert(2, '\ude00b')
      document.list.insert(0, [{ '\ud83d': '\ude00' }])
      document.registers.append('\ud83d', 1, '\ud83d')
    })
    expectSame(document.text.read(), 'a\ufffd\ufffdb')
    expectSame(stateOf(documentOf(engine, [update])), stateOf(document))
  }),
  example('[DO18] values are copied in, and what is read cannot be changed', (engine) => {
    const document = writable(engine)
    const mine = { deep: [1] }
    write(document, () => {
      document.list.insert(0, [mine])
      document.registers.append('k', 1, mine)
      document.text.insert(0, 'a', { link: mine })
    })
    mine.deep.push(2)
    for (const { list, registers, text } of [document, documentOf(engine, [document.snapshot()])]) {
      const values = [list.read()[0], registers.survivors('k')[0]?.value, text.runs()[0]?.marks['link']]
      expectSame(values, [{ deep: [1] }, { deep: [1] }, { deep: [1] }])
      for (const value of values as { deep: number[] }[])
        if (!Object.isFrozen(value.deep)) throw new Error('what is read can be changed')
    }
  }),
  example('[DO18] a value that cannot be read back equal is refused and changes nothing', (engine) => {
    const document = writable(engine)
    document.transact(() => {
      for (const value of noValues as Json[]) {
        expectSame(
          kindOf(() => document.list.insert(0, [1, value])),
          'bad-value',
        )
        expectSame(
          kindOf(() => document.registers.append('k', 1, value)),
          'bad-value',
        )
      }
    })
    expectSame(stateOf(document), stateOf(engine.create()))
  }),
  example('[DO18] every JSON value comes back equal, under any key', (engine) => {
    const values: Json[] = [null, true, 0, -0.5, 2 ** 53 - 1, -(2 ** 53 - 1), 1e300, 5e-324, '', 'é😀\0\n"', [], {}]
    values.push([[1, [null]], { 'a b': { '': [{}] } }], 'x'.repeat(70_000))
    const keys = ['', '__proto__', 'constructor', 'tags/"x"', '\0', 'é😀', 'k'.repeat(1_000)]
    const document = writable(engine)
    const { update } = write(document, () => {
      document.list.insert(0, values)
      for (const key of keys) document.registers.append(key, 2 ** 53 - 1, values)
    })
    for (const each of [document, documentOf(engine, [update]), documentOf(engine, [document.snapshot()])]) {
      expectSame(each.list.read(), values)
      expectSame([...each.registers.keys()].sort(), keys.toSorted())
      for (const key of keys)
        expectSame(
          each.registers.survivors(key).map(({ stamp, value }) => [stamp, value]),
          [[2 ** 53 - 1, values]],
        )
    }
  }),
  example('[DO19] a long text or list is read in part, and never half a pair', (engine) => {
    const document = writable(engine)
    typed(document, 'ab😀c')
    expectSame(
      [0, 1, 2, 3, 4, 5, 9].map((max) => document.text.read(max)),
      ['', 'a', 'ab', 'ab', 'ab😀', 'ab😀c', 'ab😀c'],
    )
    write(document, () => document.list.insert(0, [1, 2, 3]))
    expectSame(
      [document.list.read(2), document.list.read(9)],
      [
        [1, 2],
        [1, 2, 3],
      ],
    )
  }),
  example('[DO30] of concurrent writes only those named are removed', (engine) => {
    const document = writable(engine)
    const { registers } = document
    let clock = 0
    write(document, () => {
      const own = registers.append('k', 1, 'mine')
      clock = own.clock
      expectSame(own.client, 1)
    })
    const other = writable(engine, 2)
    for (const value of ['theirs', 'also theirs'])
      document.apply([write(other, () => other.registers.append('k', 2, value)).update])
    const values = (): unknown => registers.survivors('k').map(({ value }) => value)
    const [mine, theirs, also] = registers.survivors('k')
    expectSame([mine?.client, mine?.clock, values()], [1, clock, ['mine', 'theirs', 'also theirs']])
    if (theirs === undefined || also === undefined) throw new Error('two of others survive')
    write(document, () => registers.remove('k', [theirs, { client: 1, clock: clock + 1_000 }, { client: 9, clock: 0 }]))
    expectSame([values(), [...registers.contested()]], [['mine', 'also theirs'], ['k']])
    write(document, () => registers.remove('k', [also]))
    expectSame([values(), [...registers.contested()]], [['mine'], []])
    expectSame(stateOf(documentOf(engine, [document.snapshot()])), stateOf(document))
    expectSame(
      document.transact(() => registers.remove('k', [])),
      undefined,
    )
  }),
]
