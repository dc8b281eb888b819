import { expect, test } from 'vitest'
import { documentOf } from '../testing/case.ts'
import { automerge, typed, writable } from './writing.test.helper.ts'

test('[DO214] the clocks of others are the same, however many are asked for, before and after they write', () => {
  const clients = Array.from({ length: 12 }, (_, i) => i + 10)
  const updates = clients.map((client) => typed(writable(client), 'x'.repeat(client)).update)
  const document = writable(1, ...updates.slice(0, 8))
  const oneByOne = (): readonly number[] =>
    clients.map((client) => documentOf(automerge, [document.snapshot()]).clientClock(client))
  const all = (): readonly number[] => clients.map((client) => document.clientClock(client))
  expect(all()).toEqual(oneByOne())
  expect(new Set(all()).size).toBe(9)
  typed(document, 'own')
  expect(all()).toEqual(oneByOne())
  document.apply(updates.slice(8))
  expect(all()).toEqual(oneByOne())
  expect(all()).not.toContain(0)
  const late = writable(30)
  const [, second] = [typed(late, 'first'), typed(late, 'second')]
  document.apply([second.update])
  expect([...all(), document.clientClock(30)]).toEqual([...oneByOne(), 0])
})
