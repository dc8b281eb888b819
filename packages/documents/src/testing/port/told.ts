import type { Change, EngineDocument, Heir, Json } from '../../engine.ts'
import { inherit } from '../../history/heirs.ts'
import type { Law } from '../case.ts'
import { stateOf } from '../state.ts'
import { example, expectSame, kindOf, typed, writable, write } from './example.ts'

function revert(document: EngineDocument, changes: readonly Change[], stamp = 100): readonly Heir[] {
  let heirs: readonly Heir[] = []
  document.transact(() => (heirs = document.revert(changes, () => stamp)))
  return heirs
}

function redo(document: EngineDocument, changes: readonly Change[]): readonly Heir[] | undefined {
  let heirs: readonly Heir[] | undefined
  document.transact(() => (heirs = document.redo(changes)))
  return heirs
}

const typing = (document: EngineDocument, text: string): ReturnType<typeof write> =>
  write(document, () => document.text.insert(document.text.length, text))

/** What was done, without its ids. */
const contentOf = (changes: readonly Change[]): unknown =>
  changes.map((change) => {
    if (change.root === 'registers')
      return [change.key, change.wrote?.value, change.removed.map(({ stamp, value }) => [stamp, value])]
    if (change.root === 'untold') return change.root
    return 'insert' in change ? [change.root, '+', change.insert] : [change.root, '-', change.delete]
  })

/** Telling what was done, doing it again and taking it back: single cases of what the random histories try. */
export const toldLaws: readonly Law[] = [
  example('[DO29] of each update is told what it did after those before it', (engine) => {
    const document = writable(engine)
    const { text, registers } = document
    const base = typed(document, 'kept')
    const updates = [
      typing(document, ' and more'),
      write(document, () => text.delete(0, 2)),
      write(document, () => registers.append('title', 7, 'one')),
      write(document, () => {
        registers.remove('title')
        registers.append('title', 8, 'two')
      }),
    ].map(({ update }) => update)
    const told = engine.changesOfEach([base], updates)
    const expected = updates.map((update, i) => engine.changes([base, ...updates.slice(0, i)], update))
    expectSame(
      told,
      expected.map((changes) => ({ changes, whole: true })),
    )
    expectSame(
      told.map(({ changes }) => contentOf(changes)),
      [[['text', '+', ' and more']], [['text', '-', 'ke']], [['title', 'one', []]], [['title', 'two', [[7, 'one']]]]],
    )
  }),
  example(
    '[DO29] it is not all where something waits for what is not there, also a deletion, or is untold',
    (engine) => {
      const document = writable(engine)
      const first = typed(document, 'first')
      const second = typed(document, ' second')
      const third = write(document, () => document.text.delete(0, 2)).update
      const bold = write(document, () => document.text.format(0, 2, { bold: true })).update
      const waiting = [{ changes: [], whole: false }]
      expectSame([engine.changesOfEach([], [second]), engine.changesOfEach([], [third])], [waiting, waiting])
      expectSame(
        engine.changesOfEach([first, second], [third, bold]).map(({ whole }) => whole),
        [true, false],
      )
    },
  ),
  example('[DO31] several writes of one key are a change each, the first with all that was removed', (engine) => {
    const document = writable(engine)
    const { registers } = document
    for (const stamp of [2, 1]) write(document, () => registers.append('k', stamp, `at ${stamp}`))
    const { changes } = write(document, () => {
      registers.remove('k')
      registers.append('k', 3, 'one')
      registers.append('k', 3, 'two')
      const gone = registers.append('k', 3, 'gone again')
      registers.remove('k', [gone])
      registers.append('other', 3, 'x')
    })
    const removed = [
      [1, 'at 1'],
      [2, 'at 2'],
    ]
    expectSame(contentOf(changes), [
      ['k', 'one', removed],
      ['k', 'two', []],
      ['other', 'x', []],
    ])
    expectSame(JSON.parse(JSON.stringify(changes)), changes)
  }),
  example('[DO31] what was made and taken away in one change is left out, and nothing follows it', (engine) => {
    const document = writable(engine)
    const { changes: before } = typing(document, 'ab')
    const { changes } = write(document, () => {
      document.text.insert(1, '123')
      document.text.insert(3, 'X')
      document.text.delete(1, 2)
      document.text.delete(2, 1)
    })
    const [typedBefore, inserted] = [before[0], changes[0]]
    expectSame(contentOf(changes), [['text', '+', 'X']])
    if (typedBefore?.root !== 'text' || inserted?.root !== 'text' || !('insert' in inserted)) throw new Error('no text')
    expectSame(inserted.after, typedBefore.id)
    const { changes: nothing } = write(document, () => {
      document.text.insert(0, 'y')
      document.text.delete(0, 1)
    })
    expectSame(nothing, [])
  }),
  example('[DO31] what waits is told by the update that sets it free', (engine) => {
    const one = writable(engine)
    const [first, second] = [typed(one, 'first'), typed(one, ', second')]
    expectSame(engine.changes([], second), [])
    const content = engine.changes([second], first).map((change) => ('insert' in change ? change.insert : ''))
    expectSame(content.join(''), 'first, second')
  }),
  example('[DO32] marks are told as something untold, which is never made again', (engine) => {
    const document = writable(engine)
    typed(document, 'one two')
    const before = [document.snapshot()]
    const { update, changes } = write(document, () => document.text.format(0, 3, { bold: true }))
    const untold: readonly Change[] = [{ root: 'untold' }]
    expectSame([changes, engine.changes(before, update)], [untold, untold])
    const marked = [...before, update]
    const off = write(document, () => document.text.format(0, 3, { bold: null }))
    expectSame([off.changes, engine.changes(marked, off.update)], [untold, untold])
    expectSame(document.standAlone(untold), false)
    expectSame(
      document.transact(() => document.redo(untold)),
      undefined,
    )
    expectSame(
      document.transact(() => void document.revert(untold, () => 1)),
      undefined,
    )
  }),
  example('[DO33] a run goes directly behind what it followed, even if that is gone by now', (engine) => {
    const one = writable(engine)
    const two = writable(engine, 2, typed(one, 'ab'))
    const { changes } = write(two, () => two.text.insert(1, 'X'))
    typed(one, 'c')
    write(one, () => one.text.insert(1, 'Y'))
    write(one, () => one.text.delete(0, 1))
    expectSame(redo(one, changes)?.length, 1)
    expectSame(one.text.read(), 'XYbc')
  }),
  example('[DO33] text made again takes the marks of what it follows', (engine) => {
    const one = writable(engine)
    const { update } = write(one, () => one.text.insert(0, 'bold', { bold: true }))
    const { changes } = write(one, () => one.text.insert(4, ' plain', {}))
    expectSame(contentOf(changes.slice(0, 1)), [['text', '+', ' plain']])
    const other = writable(engine, 2, update)
    redo(
      other,
      changes.filter(({ root }) => root === 'text'),
    )
    expectSame(other.text.runs(), [{ text: 'bold plain', marks: { bold: true } }])
  }),
  example('[DO33] a register is written again with its stamp, and only what it replaced goes', (engine) => {
    const one = writable(engine)
    const two = writable(engine, 2, write(one, () => one.registers.append('k', 1, 'old')).update)
    const { changes } = write(two, () => {
      two.registers.remove('k')
      two.registers.append('k', 5, 'new')
    })
    write(one, () => one.registers.append('k', 9, 'concurrent'))
    redo(one, changes)
    expectSame(
      one.registers.survivors('k').map(({ stamp, value }) => [stamp, value]),
      [
        [5, 'new'],
        [9, 'concurrent'],
      ],
    )
  }),
  example('[DO34] a list with a value that cannot be stored changes nothing', (engine) => {
    const document = writable(engine)
    const bad = { deep: JSON.parse('['.repeat(70) + ']'.repeat(70)) as Json }
    const change: Change = { root: 'list', insert: [bad], id: { client: 5, clock: 10 }, after: null }
    const wrote = { client: 5, clock: 11, stamp: 1, value: bad }
    document.transact(() => {
      for (const last of [change, { root: 'registers', key: 'k', wrote, removed: [] } as const]) {
        const list = [{ ...change, insert: [1] }, last]
        expectSame(
          [kindOf(() => document.redo(list)), kindOf(() => document.standAlone(list))],
          ['bad-value', 'bad-value'],
        )
      }
    })
    expectSame(stateOf(document), stateOf(engine.create()))
  }),
  example('[DO36] concurrent values that a write removed come back in their order, under one stamp', (engine) => {
    const [one, two] = [writable(engine), writable(engine, 2)]
    two.apply([write(one, () => one.registers.append('k', 5, 'later')).update])
    write(two, () => two.registers.append('k', 3, 'earlier'))
    const { changes } = write(two, () => {
      two.registers.remove('k')
      two.registers.append('k', 6, 'settled')
    })
    expectSame(revert(two, changes, 9).length, 2)
    expectSame(
      two.registers.survivors('k').map(({ stamp, value, client }) => [stamp, value, client]),
      [
        [9, 'earlier', 2],
        [9, 'later', 2],
      ],
    )
  }),
  example('[DO36] what was deleted comes back around what others wrote into it; what they wrote stays', (engine) => {
    const one = writable(engine)
    const { update, changes: made } = typing(one, 'one two three')
    const two = writable(engine, 2, update)
    const { changes } = write(one, () => one.text.delete(2, 9))
    one.apply([write(two, () => two.text.insert(6, '!')).update])
    expectSame(one.text.read(), 'on!ee')
    revert(one, changes)
    expectSame(one.text.read(), 'one tw!o three')
    const three = writable(engine, 3, one.snapshot())
    revert(three, made)
    expectSame(three.text.read(), 'e tw!o thr')
  }),
  example('[DO37] heirs carry older changes to what was made again, also in a document that was loaded', (engine) => {
    const document = writable(engine)
    const made = typing(document, 'hello').changes
    const erased = write(document, () => document.text.delete(1, 3)).changes
    const first = write(document, () => document.registers.append('k', 1, 'first')).changes
    const second = write(document, () => {
      document.registers.remove('k')
      document.registers.append('k', 2, 'second')
    }).changes
    const heirs = [...revert(document, erased), ...revert(document, second)]
    expectSame([document.text.read(), document.registers.survivors('k')[0]?.value], ['hello', 'first'])
    const loaded = writable(engine, 2, document.snapshot())
    revert(loaded, inherit([...made, ...first], heirs))
    expectSame([loaded.text.read(), loaded.registers.survivors('k')], ['', []])
    expectSame(inherit(made, []), made)
  }),
  example('[DO38] surrogate pairs are never split, and come back whole', (engine) => {
    const document = writable(engine)
    const { changes: made } = typing(document, 'a😀b')
    const { changes } = write(document, () => document.text.delete(1, 2))
    expectSame(contentOf(changes), [['text', '-', '😀']])
    revert(document, changes)
    expectSame(document.text.read(), 'a😀b')
    const other = writable(engine, 2)
    redo(other, made)
    expectSame([other.text.read(), other.text.length], ['a😀b', 4])
  }),
  example('[DO38] indexes are right after changes made by id', (engine) => {
    const document = writable(engine)
    const { text, list } = document
    for (let i = 0; i < 50; i++) write(document, () => text.insert((i * 7) % (i + 1), 'ab'))
    const { changes } = write(document, () => text.delete(10, 60))
    write(document, () => {
      text.insert(20, '1')
      document.revert(changes, () => 1)
      const read = text.read()
      text.insert(90, '2')
      expectSame(text.read(), `${read.slice(0, 90)}2${read.slice(90)}`)
      list.insert(
        0,
        Array.from({ length: 100 }, (_, i) => i),
      )
    })
    const cut = write(document, () => list.delete(0, 50)).changes
    write(document, () => {
      list.insert(40, ['x'])
      document.revert(cut, () => 1)
      list.insert(95, ['y'])
    })
    expectSame([list.read().indexOf('y'), list.length], [95, 102])
  }),
]
