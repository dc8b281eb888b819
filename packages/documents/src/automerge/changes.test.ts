import { describe, expect, test } from 'vitest'
import type { Change, Update } from '../engine.ts'
import { genesis } from './genesis.ts'
import { automerge, foreign, id, redo, typed, writable, write } from './writing.test.helper.ts'

const inserts = (changes: readonly Change[]): unknown[] =>
  changes.map((change) => ('insert' in change ? change.insert : 'delete' in change ? [change.delete] : change.root))

test('[DO31] a change of each root is told with its ids and its content', () => {
  const document = writable(1)
  const { update } = typed(document, 'hello')
  const { changes } = write(document, () => {
    document.text.delete(1, 3)
    document.text.insert(1, 'ipp')
    document.list.insert(0, [1, [2], 3])
    document.registers.append('title', 5, 'Hippo')
  })
  expect(changes).toEqual([
    { root: 'registers', key: 'title', wrote: { ...id(1, 16), stamp: 5, value: 'Hippo' }, removed: [] },
    { root: 'text', insert: 'ipp', id: id(1, 10), after: id(1, 2) },
    { root: 'text', delete: 'ell', id: id(1, 3) },
    { root: 'list', insert: [1, [2], 3], id: id(1, 13), after: null },
  ])
  expect(JSON.parse(JSON.stringify(changes))).toEqual(changes)
  expect(automerge.changes([], update)).toEqual([{ root: 'text', insert: 'hello', id: id(1, 2), after: null }])
})

test('[DO31] what was made and taken away in one change is left out, and nothing follows it', () => {
  const document = writable(1)
  const { update } = typed(document, 'ab')
  const made = write(document, () => {
    document.text.insert(1, '123')
    document.text.insert(3, 'X')
    document.text.delete(1, 2)
    document.text.delete(2, 1)
  })
  expect(made.changes).toEqual([{ root: 'text', insert: 'X', id: id(1, 7), after: id(1, 2) }])
  expect(automerge.changes([update], made.update)).toEqual(made.changes)
  const nothing = write(document, () => {
    document.text.insert(0, 'y')
    document.text.delete(0, 1)
    document.registers.append('k', 1, 'y')
    document.registers.remove('k')
  })
  expect(nothing.changes).toEqual([])
})

test('[DO31] what waits is told by the update that sets it free', () => {
  const one = writable(1)
  const [first, second] = [typed(one, 'first'), typed(one, ', second')]
  expect(automerge.changes([], second.update)).toEqual([])
  expect(automerge.changes([second.update], first.update)).toEqual([
    { root: 'text', insert: 'first, second', id: id(1, 2), after: null },
  ])
  const waiting = automerge.create()
  waiting.apply([second.update])
  expect(automerge.changes([waiting.snapshot()], first.update)).toHaveLength(1)
})

test('[DO31] a run follows what could be seen beside it, not what it was written behind', () => {
  const one = writable(1)
  const { update } = typed(one, 'abc')
  const [two, three] = [writable(2, update), writable(3, update)]
  const erased = write(one, () => one.text.delete(1, 1)).update
  const behind = write(two, () => two.text.insert(2, 'X')).update
  const nearer = write(three, () => three.text.insert(2, 'Y')).update
  expect(automerge.changes([update], behind)).toMatchObject([{ insert: 'X', after: id(1, 3) }])
  expect(automerge.changes([update, erased], behind)).toMatchObject([{ insert: 'X', after: id(1, 2) }])
  expect(automerge.changes([update, erased, nearer], behind)).toMatchObject([{ insert: 'X', after: id(3, 5) }])
  expect(inserts(automerge.changes([update], automerge.squash([erased, behind])))).toEqual(['X', ['b']])
})

test('[DO31] what two delete is told once, by what comes first', () => {
  const one = writable(1)
  const { update } = typed(one, 'abc')
  const two = writable(2, update)
  const first = write(one, () => one.text.delete(0, 2)).update
  const second = write(two, () => two.text.delete(1, 2)).update
  expect(inserts(automerge.changes([update, first], second))).toEqual([['c']])
  expect(inserts(automerge.changes([update, second], first))).toEqual([['a']])
})

test('[DO32] bytes that are no update are refused, wherever they stand', () => {
  const document = writable(1)
  const good = typed(document, 'good').update
  const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
  const both = automerge.squash([good, typed(document, ' and long enough').update]).bytes
  const bad = [
    Uint8Array.of(0),
    good.bytes.subarray(0, -1),
    flipped(good.bytes, 5),
    flipped(both, 50),
    flipped(document.snapshot().bytes, 60),
  ]
  for (const bytes of bad) {
    for (const encoding of ['yjs-1', 'automerge'] as const) {
      const update: Update = { encoding, bytes }
      expect(() => automerge.changes([good], update)).toThrow(expect.objectContaining({ kind: 'undecodable' }))
      expect(() => automerge.changes([update], good)).toThrow(expect.objectContaining({ kind: 'undecodable' }))
    }
  }
})

test('[DO32] a change of five thousand pieces is told in a time that does not grow with the square', () => {
  const count = 5000
  const document = writable(1)
  const backwards = write(document, () => {
    for (let i = 0; i < count; i++) document.text.insert(0, 'x')
  })
  expect(backwards.changes).toHaveLength(count)
  const removal = write(document, () => document.text.delete(0, count))
  expect(removal.changes).toHaveLength(count)
  expect(JSON.stringify(automerge.changes([backwards.update], removal.update))).toBe(JSON.stringify(removal.changes))
  expect(redo(writable(2), backwards.changes)).toHaveLength(count)
})

test('[DO220] a character of two units has one id and is a run of its own', () => {
  const document = writable(1)
  const { changes } = typed(document, 'a😀b👨‍👩')
  expect(changes).toEqual([
    { root: 'text', insert: 'a', id: id(1, 2), after: null },
    { root: 'text', insert: '😀', id: id(1, 3), after: id(1, 2) },
    { root: 'text', insert: 'b', id: id(1, 4), after: id(1, 3) },
    { root: 'text', insert: '👨', id: id(1, 5), after: id(1, 4) },
    { root: 'text', insert: '\u200d', id: id(1, 6), after: id(1, 5) },
    { root: 'text', insert: '👩', id: id(1, 7), after: id(1, 6) },
  ])
  const erased = write(document, () => document.text.delete(1, 3))
  expect(erased.changes).toEqual([
    { root: 'text', delete: '😀', id: id(1, 3) },
    { root: 'text', delete: 'b', id: id(1, 4) },
  ])
  const other = writable(2)
  redo(other, [...changes, ...erased.changes])
  expect(other.text.read()).toBe('a👨‍👩')
})

describe('what other software wrote', () => {
  const { object: text } = genesis.text
  const { object: list } = genesis.list
  const { object: registers } = genesis.registers
  const document = writable(1)
  const base = write(document, () => {
    document.text.insert(0, 'abc')
    document.list.insert(0, ['x'])
    document.registers.append('k', 1, 'v')
  }).update

  test('[DO224] marks, blocks, objects and what replaces an element are one thing untold', () => {
    const strange = [
      { action: 'set', obj: text, elemId: '2@00000001', value: 'Z', pred: ['2@00000001'] },
      { action: 'makeMap', obj: text, elemId: '4@00000001', insert: true, pred: [] },
      { action: 'set', obj: text, elemId: '4@00000001', insert: true, value: 'long', pred: [] },
      { action: 'makeMap', obj: registers, key: 'k', pred: [] },
      { action: 'makeText', obj: '_root', key: 'elsewhere', pred: [] },
    ]
    for (const op of strange)
      expect(automerge.changes([base], foreign(9, 20, [base], [op]))).toEqual([{ root: 'untold' }])
    const marking = writable(3, base)
    expect(write(marking, () => marking.text.format(0, 2, { bold: true })).changes).toEqual([{ root: 'untold' }])
  })

  test('[DO32] what the roots do not show is left out', () => {
    const update = foreign(
      9,
      20,
      [base],
      [
        { action: 'set', obj: registers, key: 'k', value: 'no entry', pred: [] },
        { action: 'set', obj: registers, key: 'k', value: '[1,"fits"]', pred: [] },
        { action: 'set', obj: registers, key: 'k', value: 5, datatype: 'int', pred: [] },
        { action: 'set', obj: list, elemId: '_head', insert: true, value: 'no JSON', pred: [] },
        { action: 'set', obj: list, elemId: '_head', insert: true, value: '[true]', pred: [] },
        { action: 'set', obj: list, elemId: '_head', insert: true, value: 7, datatype: 'int', pred: [] },
      ],
    )
    expect(automerge.changes([base], update)).toEqual([
      { root: 'registers', key: 'k', wrote: { ...id(9, 21), stamp: 1, value: 'fits' }, removed: [] },
      { root: 'list', insert: [[true]], id: id(9, 24), after: null },
    ])
  })
})

test('[DO31] a transaction is told as one thing, also where it makes changes again and takes some back', () => {
  const document = writable(1)
  const before = typed(document, 'one two three').update
  const cut = write(document, () => document.text.delete(3, 4))
  const other = typed(writable(2, before), '!').changes
  const { update, changes } = write(document, () => {
    document.text.insert(0, '(')
    document.redo(other)
    document.text.delete(document.text.length - 1, 1)
    document.revert(cut.changes, () => 1)
    document.text.insert(document.text.length, ')')
  })
  expect(document.text.read()).toBe('(one two three)')
  expect(inserts(changes)).toEqual(['(', ' two', ')'])
  expect(automerge.changes([before, cut.update], update)).toEqual(changes)
})
