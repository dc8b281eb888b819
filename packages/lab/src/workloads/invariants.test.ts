import { expect, test } from 'vitest'
import type { Deed } from '../fields/deed.ts'
import { symbolOf } from '../fields/symbols.ts'
import { ended } from './ended.test.helper.ts'
import {
  asPutAndTaken,
  counterExact,
  eachOnce,
  latestValue,
  latestVotes,
  neverBack,
  noLineLost,
  nothingTypedLost,
  staysDeleted,
} from './invariants.ts'

const field = 'f'
const claim = { name: 'it holds', of: 'things', field }
/** Two devices that have seen nothing of each other. */
const none = [0, 0]

const add = (amount: number): Deed => ({ do: 'add', field, amount })
const put = (element: string): Deed => ({ do: 'put', field, element })
const take = (element: string): Deed => ({ do: 'take', field, element })
const place = (item: string): Deed => ({ do: 'place', field, item, after: null, before: null })
const remove = (item: string): Deed => ({ do: 'remove', field, item })
const append = (line: string): Deed => ({ do: 'append', field, line })
const set = (value: string): Deed => ({ do: 'set', field, value })
const vote = (by: string, stars: number): Deed => ({ do: 'vote', field, by, stars })
const type = (symbols: string): Deed => ({ do: 'type', field, symbols, after: null, before: null })
const erase = (symbols: string): Deed => ({ do: 'erase', field, symbols })

test('[LA44] counter exact: the sum of what was added, and of this field alone', () => {
  const { broken } = counterExact(claim)
  const other: Deed = { do: 'add', field: 'other', amount: 9 }
  const done = [[0, none, add(1), other] as const, [1, none, add(2)] as const]
  expect([1, 2, 3, 12].map((count) => broken(ended({ f: count }, done)))).toEqual([1, 1, 0, 1])
  expect(broken(ended(undefined, done))).toBe(0)
})

test('[LA44] no line lost: each that is missing counts, and each copy', () => {
  const { broken } = noLineLost(claim)
  const done = [[0, none, append('a')] as const, [1, none, append('b')] as const]
  const shown = [['a', 'b'], ['b', 'a'], ['a'], [], ['a', 'a', 'a', 'b']]
  expect(shown.map((f) => broken(ended({ f }, done)))).toEqual([0, 0, 1, 2, 2])
})

test('[LA44] each once: what somebody removed may be there or not', () => {
  const { broken } = eachOnce(claim)
  const done = [[0, none, place('a'), place('b')] as const, [1, [1, 0], remove('b')] as const]
  const shown = [['a'], ['a', 'b'], ['b'], ['a', 'a']]
  expect(shown.map((f) => broken(ended({ f }, done)))).toEqual([0, 0, 1, 1])
})

test('[LA44] as put and taken: a put that nobody who took had seen stands', () => {
  const { broken } = asPutAndTaken(claim)
  const seen = [[0, none, put('a')] as const, [1, [1, 0], take('a')] as const]
  expect([[], ['a']].map((f) => broken(ended({ f }, seen)))).toEqual([0, 1])
  const unseen = [...seen, [0, [1, 0], put('a')] as const]
  expect([[], ['a']].map((f) => broken(ended({ f }, unseen)))).toEqual([1, 0])
})

test('[LA44] latest value: one that nobody who had seen it replaced', () => {
  const { broken } = latestValue(claim)
  const done = [[0, none, set('a')] as const, [1, [1, 0], set('b')] as const, [0, [1, 0], set('c')] as const]
  expect(['a', 'b', 'c', undefined].map((f) => broken(ended({ f }, done)))).toEqual([1, 0, 0, 1])
  expect(broken(ended({ f: undefined }, []))).toBe(0)
})

test('[LA44] latest votes: of everybody one, after which the same user did not vote', () => {
  const { broken } = latestVotes(claim)
  const done = [
    [0, none, vote('ana', 1)] as const,
    [0, [1, 0], vote('ana', 2)] as const,
    [1, none, vote('ben', 5)] as const,
  ]
  const shown = [{ ana: 2, ben: 5 }, { ana: 1, ben: 5 }, { ben: 5 }, { ana: 2 }, {}]
  expect(shown.map((f) => broken(ended({ f }, done)))).toEqual([0, 1, 1, 1, 2])
  // On two devices of hers at once: either.
  const twice = [[0, none, vote('ana', 1)] as const, [1, none, vote('ana', 2)] as const]
  expect([1, 2, 3].map((ana) => broken(ended({ f: { ana } }, twice)))).toEqual([0, 0, 1])
})

test('[LA44] nothing typed is lost: every symbol but those that somebody erased', () => {
  const { broken } = nothingTypedLost(claim)
  const [a, b, c] = [0, 1, 2].map(symbolOf)
  const done = [[0, none, type(`${a}${b}`)] as const, [1, [1, 0], erase(`${b}`), type(`${c}`)] as const]
  expect([`${a}${c}`, `${c}${a}`, `${a}`, '', `${a}${c}${c}`].map((f) => broken(ended({ f }, done)))).toEqual([
    0, 0, 1, 2, 1,
  ])
})

test('[LA44] never back: on no device on the way, and not at the end', () => {
  const { broken } = neverBack(claim, ['a', 'b', 'c'])
  const done = [[0, none, set('a')] as const, [1, none, set('c')] as const]
  const back = { field, from: 'c', to: 'a' }
  expect(broken(ended({ f: 'c' }, done, [{ field, from: 'a', to: 'c' }]))).toBe(0)
  expect(broken(ended({ f: 'c' }, done, [back, { ...back, field: 'other' }]))).toBe(1)
  expect(broken(ended({ f: 'a' }, done, [back]))).toBe(2)
})

test('[LA44] stays deleted', () => {
  const { broken } = staysDeleted('stays', 'things')
  expect(broken(ended({}, []))).toBe(0)
  expect(broken(ended({}, [[0, none, { do: 'delete' }]]))).toBe(1)
  expect(broken(ended(undefined, [[0, none, { do: 'delete' }]]))).toBe(0)
})
