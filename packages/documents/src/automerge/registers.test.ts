import { expect, test, vi } from 'vitest'
import type { EngineDocument, Json, Update } from '../engine.ts'
import { documentOf } from '../testing/case.ts'
import { stateOf } from '../testing/index.ts'
import { automerge, library, replaced, values, writable, write } from './writing.test.helper.ts'

/** Two devices that have both written a key, each knowing the other's write. */
function contested(): readonly [EngineDocument, EngineDocument] {
  const [one, other] = [writable(1), writable(2)]
  const updates = [replaced(one, 'k', 1, 'one'), replaced(other, 'k', 2, 'other')].map(({ update }) => update)
  for (const each of [one, other]) each.apply(updates)
  return [one, other]
}

test('[DO30] a key that others have settled or removed is contested no more, whatever was read before', () => {
  for (const settle of [
    ({ registers }: EngineDocument): void => registers.remove('k'),
    ({ registers }: EngineDocument): void => {
      registers.remove('k')
      registers.append('k', 3, 'settled')
    },
  ])
    for (const read of [
      (): unknown => undefined,
      ({ registers }: EngineDocument): unknown => registers.survivors('k'),
      ({ registers }: EngineDocument): unknown => [...registers.contested()],
    ]) {
      const [one, other] = contested()
      read(one)
      one.apply([write(other, () => settle(other)).update])
      expect([...one.registers.contested()]).toEqual([])
      expect(values(one, 'k')).toEqual(values(other, 'k'))
    }
})

test('[DO7] what others wrote is read whether few or many of the keys that are known were touched', () => {
  const [one, other] = [writable(1), writable(2)]
  const first = write(one, () => {
    for (let i = 0; i < 20; i++) one.registers.append(`k${i}`, 1, i)
  }).update
  other.apply([first])
  const all = (document: EngineDocument): Json[] =>
    [...document.registers.keys()].sort().flatMap((key) => values(document, key))
  expect(all(one)).toHaveLength(20)
  const few = (): Update[] =>
    [replaced(other, 'k3', 2, 'new'), write(other, () => other.registers.remove('k4'))].map(updateOf)
  const many = (): Update[] => Array.from({ length: 50 }, (_, i) => replaced(other, `k${i}`, 3, -i)).map(updateOf)
  for (const deliver of [few, many]) {
    one.apply(deliver())
    expect(all(one)).toEqual(all(other))
    expect(stateOf(one)).toBe(stateOf(documentOf(automerge, [other.snapshot()])))
  }
})

const updateOf = ({ update }: { readonly update: Update }): Update => update

test('[DO7] after a delivery only the keys that it touched are read again', () => {
  const [one, other] = [writable(1), writable(2)]
  const { update } = write(one, () => {
    for (let i = 0; i < 100; i++) one.registers.append(`k${i}`, 1, i)
  })
  other.apply([update])
  expect([...one.registers.keys()]).toHaveLength(100)
  const late = [replaced(other, 'k1', 2, 'new'), replaced(other, 'k2', 2, 'new')]
    .map((each) => each.update)
    .toReversed()
  const calls = vi.spyOn(library, 'call')
  for (const each of late) one.apply([each])
  for (let i = 0; i < 100; i++) one.registers.survivors(`k${i}`)
  const { length } = calls.mock.calls
  calls.mockRestore()
  expect(length).toBeLessThan(40)
  expect([values(one, 'k1'), values(one, 'k2'), values(one, 'k3')]).toEqual([['new'], ['new'], [3]])
})
