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

test('[CL150] documents that came to nothing give their ids back, unless somebody else wrote meanwhile', () => {
  const writer = writerId('b'.repeat(32))
  const ids = new PickedIds(writer)
  ids.pick('a', () => 0)
  ids.used('a', 4)
  const [first, second, third] = [0, 1, 2].map((k) => clientIdOf(writer, k))
  const attempt = (): ReturnType<PickedIds['trial']> => {
    const trial = ids.trial()
    trial.pick('a', (id) => (id === first ? 2 : 0))
    trial.used('a', 3)
    return trial
  }
  attempt().giveBack()
  attempt().giveBack()
  expect(ids.all()).toEqual([first, second])
  const trial = attempt()
  ids.used('a', 5)
  trial.giveBack()
  expect(attempt().all()).toEqual([first, second, third])
})
