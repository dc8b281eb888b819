import { writerId } from '@rejoin/base'
import { expect, test } from 'vitest'
import { clientIdOf, ClientIds } from './client-ids.ts'

const writer = writerId('00112233445566778899aabbccddeeff')

test('[DO26] a client id is 32 bits of a hash of writer and number, the same for ever', () => {
  expect([0, 1, 2].map((k) => clientIdOf(writer, k))).toEqual([2473333890, 656079557, 522224918])
  expect(clientIdOf(writerId('ff112233445566778899aabbccddeeff'), 0)).not.toBe(clientIdOf(writer, 0))
})

test('[DO27] one id serves every document of a writer', () => {
  const ids = new ClientIds(writer)
  expect(ids.pick('a', () => 0)).toBe(clientIdOf(writer, 0))
  expect(ids.pick('b', () => 0)).toBe(clientIdOf(writer, 0))
  expect(ids.all()).toEqual([clientIdOf(writer, 0)])
})

test('[DO27] an id is taken up again only in a document that holds all that was handed out under it', () => {
  const ids = new ClientIds(writer)
  const [first, second, third] = [0, 1, 2].map((k) => clientIdOf(writer, k))
  const clocks = new Map<number, number>()
  const clockOf = (id: number): number => clocks.get(id) ?? 0
  expect(ids.pick('a', clockOf)).toBe(first)
  ids.used('a', 5)
  clocks.set(first ?? 0, 5)
  expect(ids.pick('a', clockOf)).toBe(first)
  // Loaded without the last write, as after a crash or a rebuild.
  clocks.set(first ?? 0, 4)
  expect(ids.pick('a', clockOf)).toBe(second)
  ids.used('a', 2)
  clocks.set(second ?? 0, 3)
  expect(ids.pick('a', clockOf)).toBe(third)
  expect(ids.pick('b', () => 0)).toBe(first)
  expect(ids.all()).toEqual([first, second, third])
})

test('[DO27] an id under which an unknown document already holds operations is passed over', () => {
  const ids = new ClientIds(writer)
  expect(ids.pick('a', (id) => (id === clientIdOf(writer, 0) ? 1 : 0))).toBe(clientIdOf(writer, 1))
})
