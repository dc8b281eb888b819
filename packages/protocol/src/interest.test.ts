import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collectionName, entityId } from '@rejoin/base'
import type { DocumentAddress } from '@rejoin/base'
import { interest } from './frames.test.arbitraries.ts'
import {
  everything,
  interestFilter,
  interestIn,
  interestKey,
  isEverything,
  joinInterests,
  parseEntityKey,
  sameInterest,
} from './index.ts'

const address = (collection: string, entity: string): DocumentAddress => ({
  collection: collectionName(collection),
  entity: entityId(entity),
  part: 'shared',
  field: '',
})

test('[PR52] an interest is canonical: sorted, unique, without entities of a collection that is named', () => {
  const one = interestIn(['tasks', 'notes', 'tasks'], ['chat/c2', 'notes/n1', 'chat/c1', 'chat/c2'])
  expect(one).toEqual({ collections: ['notes', 'tasks'], entities: ['chat/c1', 'chat/c2'] })
  expect(sameInterest(one, interestIn(['notes', 'tasks'], ['chat/c1', 'chat/c2']))).toBe(true)
  expect(interestIn([])).toEqual(everything)
})

test('[PR52] equal keys, equal interests', () => {
  fc.assert(
    fc.property(interest, interest, (a, b) => {
      expect(interestKey(a) === interestKey(b)).toBe(JSON.stringify(a) === JSON.stringify(b))
      expect(isEverything(a)).toBe(interestKey(a) === '*')
    }),
  )
})

test('[PR53] joining is a semilattice with everything at its top', () => {
  fc.assert(
    fc.property(interest, interest, interest, (a, b, c) => {
      expect(joinInterests(a, a)).toEqual(a)
      expect(joinInterests(a, b)).toEqual(joinInterests(b, a))
      expect(joinInterests(joinInterests(a, b), c)).toEqual(joinInterests(a, joinInterests(b, c)))
      expect(joinInterests(a, everything)).toEqual(everything)
    }),
  )
})

test('[PR53] a filter holds the documents of what is named, and no others', () => {
  const holds = interestFilter(interestIn(['notes'], ['chat/c1']))
  expect(
    [address('notes', 'x'), address('chat', 'c1'), address('chat', 'c2'), address('note', 's')].map(holds),
  ).toEqual([true, true, false, false])
  expect(interestFilter(everything)(address('chat', 'c2'))).toBe(true)
})

test.each(['notes', 'notes/', '/n1', 'notes/n1/x', 'notes/__proto__', ''])('[PR52] %j names no entity', (text) => {
  expect(() => parseEntityKey(text)).toThrow(expect.objectContaining({ kind: 'bad-id' }))
  expect(() => interestIn([], [text])).toThrow(expect.objectContaining({ kind: 'bad-id' }))
})
