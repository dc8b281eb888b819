import { expect, test } from 'vitest'
import type { Change } from '../engine.ts'
import { stateOf } from '../testing/index.ts'
import { automerge, decoded, id, redo, replaced, revert, typed, writable, write } from './writing.test.helper.ts'

test('[DO33] what a list made itself is found in it by its old names', () => {
  const one = writable(1)
  const changes = [
    typed(one, 'a😀c'),
    write(one, () => one.text.insert(3, 'b')),
    write(one, () => one.text.delete(0, 3)),
    replaced(one, 'k', 1, 'first'),
    replaced(one, 'k', 2, 'second'),
    write(one, () => one.list.insert(0, [1, 2, 3])),
    write(one, () => one.list.delete(1, 1)),
  ].flatMap((written) => written.changes)
  const other = writable(2)
  const heirs = redo(other, changes)
  expect(stateOf(other)).toBe(stateOf(one))
  expect(heirs?.map(({ of, length }) => [of.clock, length])).toEqual([
    [2, 1],
    [3, 1],
    [4, 1],
    [5, 1],
    [8, 1],
    [9, 1],
    [10, 3],
  ])
})

test('[DO34] an element that was never seen keeps all of the list from being made again', () => {
  const one = writable(1)
  const base = typed(one, 'a').update
  const { changes: first } = typed(one, 'b')
  const { changes: second } = typed(one, 'c')
  const { changes: erased } = write(one, () => one.text.delete(1, 1))
  const other = writable(2, base)
  for (const changes of [second, erased, [...second, ...first]]) {
    const state = stateOf(other)
    expect(other.standAlone(changes)).toBe(false)
    expect(redo(other, changes)).toBeUndefined()
    expect(stateOf(other)).toBe(state)
  }
  expect(redo(other, [...first, ...second, ...erased])).toHaveLength(2)
  expect(other.text.read()).toBe('ac')
})

test('[DO222] the ids of what is made again are known beforehand, and all of it is one change of Automerge', () => {
  const one = writable(1)
  const changes = [
    typed(one, 'ab😀'),
    replaced(one, 'k', 3, 'v'),
    write(one, () => one.list.insert(0, [1, 2])),
    write(one, () => one.text.delete(0, 1)),
  ].flatMap((written) => written.changes)
  const other = writable(2, typed(writable(3), 'x').update)
  let heirs: ReturnType<typeof redo>
  const { changes: told, update } = write(other, () => {
    other.text.insert(0, 'native ')
    heirs = other.redo(changes)
  })
  expect(decoded(update)).toHaveLength(2)
  const ids = told.flatMap((change) => {
    if (change.root === 'registers') return change.wrote === undefined ? [] : [change.wrote.clock]
    return 'id' in change ? [change.id.clock] : []
  })
  const given = (heirs ?? []).map(({ id: { clock } }) => clock)
  expect(given).toEqual([10, 12, 13, 14])
  expect(ids.toSorted((a, b) => a - b)).toEqual([3, 11, 12, 13, 14])
  expect(automerge.changes([typed(writable(3), 'x').update], update)).toEqual(told)
})

test('[DO223] what is made again has the marks of the element that it follows', () => {
  const one = writable(1)
  const { update } = write(one, () => one.text.insert(0, 'bold', { bold: true }))
  const { changes } = write(one, () => one.text.insert(4, ' plain', {}))
  const run = changes.filter(({ root }) => root === 'text')
  expect(run).toMatchObject([{ insert: ' plain', after: id(1, 5) }])
  expect(one.text.runs()).toEqual([
    { text: 'bold', marks: { bold: true } },
    { text: ' plain', marks: {} },
  ])
  const other = writable(2, update)
  redo(other, run)
  expect(other.text.runs()).toEqual([{ text: 'bold plain', marks: { bold: true } }])
  const start = typed(writable(3), 'start ').changes
  redo(other, start)
  expect(other.text.runs()[0]).toEqual({ text: 'start ', marks: {} })
})

test('[DO225] names of nothing, and of what stands in another root, touch nothing', () => {
  const document = writable(1)
  const { update } = write(document, () => {
    document.text.insert(0, 'ab')
    document.list.insert(0, ['x'])
    document.registers.append('k', 1, 'v')
  })
  const [inText, inList, inRegisters] = [id(1, 2), id(1, 4), id(1, 5)]
  const insert = { root: 'text', insert: 'X', id: id(9, 0) } as const
  for (const after of [inList, inRegisters, id(1, 99), id(2, 2), id(1, 0)])
    expect(redo(document, [{ ...insert, after }])).toBeUndefined()
  const made = { root: 'list', insert: [1], id: id(9, 1), after: null } as const
  expect(redo(document, [made, { ...insert, after: made.id }])).toBeUndefined()
  const strange: readonly Change[] = [
    { root: 'text', delete: 'x', id: inList },
    { root: 'list', delete: ['v'], id: inRegisters },
    { root: 'registers', key: 'k', removed: [{ ...inText, stamp: 1, value: 'a' }] },
    { root: 'registers', key: 'other', removed: [{ ...inRegisters, stamp: 1, value: 'v' }] },
  ]
  expect(redo(document, strange)).toEqual([])
  expect(document.transact(() => document.revert(strange.slice(0, 2), () => 1))).toBeUndefined()
  expect(stateOf(document)).toBe(stateOf(writable(2, update)))
})

test('[DO38] after saving and loading all is found in its place, and pairs stay whole', () => {
  const one = writable(1)
  typed(one, 'one 😀 three')
  const inserted = write(one, () => one.text.insert(6, '!')).changes
  const erased = write(one, () => one.text.delete(0, one.text.length)).changes
  const saved = writable(2, one.snapshot())
  revert(saved, erased)
  expect(saved.text.read()).toBe('one 😀! three')
  const other = writable(3, one.snapshot())
  expect(redo(other, inserted)).toHaveLength(1)
  revert(other, erased)
  expect(other.text.read()).toBe('one 😀!! three')
  other.transact(() => other.text.insert(8, '|'))
  expect(other.text.read()).toBe('one 😀!!| three')
})
