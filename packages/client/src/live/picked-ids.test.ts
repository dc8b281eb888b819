import { writerId } from '@rejoin/base'
import { clientIdOf } from '@rejoin/documents'
import { expect, test } from 'vitest'
import { PickedIds } from './picked-ids.ts'

test('[CL18] ids that a document drove us past are not declared, in whatever order documents are opened', () => {
  const writer = writerId('a'.repeat(32))
  const ids = new PickedIds(writer)
  const claimed = new Set(Array.from({ length: 5000 }, (_, k) => clientIdOf(writer, k)))
  const first = ids.pick('sound', () => 0)
  const all = ids.all()
  const beyond = ids.pick('crowded', (id) => (claimed.has(id) ? 1 : 0))
  ids.used('sound', 3)
  expect(ids.pick('sound', () => 3)).toBe(first)
  expect([first, beyond]).toEqual([clientIdOf(writer, 0), clientIdOf(writer, 5000)])
  expect(all).toEqual([first])
  expect(ids.all()).toEqual([first, beyond])
  expect(ids.all()).toBe(ids.all())
})
