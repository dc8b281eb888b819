import type { Receipt } from '@rejoin/client'
import { expect, test } from 'vitest'
import type { Read } from '../checks/pages.ts'
import type { Place } from '../world/app.ts'
import type { Page } from '../world/entity.ts'
import type { LeftLater } from '../world/later-fields.ts'
import { judgeLater } from './later.ts'
import { Oracle } from './oracle.ts'

const place: Place = { space: 'earth', kind: 'notes', id: 'n1' }
const done = Promise.resolve()

/** Edits that were all accepted, by one mark each: x, y, z. */
function booked(...edits: readonly (LeftLater & { readonly by?: string })[]): Oracle {
  const oracle = new Oracle()
  oracle.created(place)
  for (const [i, { by = 'r0', ...left }] of edits.entries()) {
    const receipt: Receipt = { id: `${i}`, state: 'stored', device: done, stored: done }
    oracle.edited(by, place, 'xyz'[i] ?? '', { marked: true, typed: false, stepped: false, ...left }, receipt)
  }
  for (const made of oracle.made) made.accepted = true
  return oracle
}

const empty: Read = { page: { title: '', marks: [], count: 0, order: [] }, isDeleted: false, disputes: [], hash: '' }
const judged = (oracle: Oracle, page: Partial<Page>, read: Partial<Read> = {}): readonly string[] =>
  judgeLater(oracle, place, { ...empty, ...read, page: { ...empty.page, ...page } }).map((sentence) =>
    sentence.slice(0, sentence.indexOf(']') + 1),
  )

test('[SI7] an item of an order is there once until it is deleted, and then no more', () => {
  const oracle = booked({ placed: 'filled' })
  expect(judged(oracle, { order: ['x', '~x'] })).toEqual([])
  expect(judged(oracle, { order: ['x'] })).toEqual(['[I1]'])
  expect(judged(oracle, { order: ['~x', 'x', '~x'] })).toEqual(['[I4]'])
  const dropped = booked({ placed: 'filled' }, { dropped: '~x' })
  expect(judged(dropped, { order: ['x'] })).toEqual([])
  expect(judged(dropped, { order: ['x', '~x'] })).toEqual(['[I7]'])
})

test('[SI7] a greatest value never falls, and is one that somebody wrote', () => {
  const oracle = booked({ best: 7 }, { best: 5 })
  expect(judged(oracle, { best: 7 })).toEqual([])
  expect(judged(oracle, { best: 5 })).toEqual(['[I1]'])
  expect(judged(oracle, {})).toEqual(['[I1]'])
  expect(judged(oracle, { best: 8 })).toEqual(['[I8]'])
})

test('[SI7] what nobody replaced who saw it stands, shown or disputed, and nothing else', () => {
  const write = (value: string, ...over: string[]): LeftLater => ({ state: { value, over } })
  const oracle = booked(write('x'), write('y', 'x'), write('z', 'x'))
  const disputed = (...values: string[]) => ({ disputes: [{ id: 'state', suggestion: 'z', values }] })
  expect(judged(oracle, { state: 'z' }, disputed('y', 'z'))).toEqual([])
  expect(judged(oracle, { state: 'z' })).toEqual(['[I1]'])
  expect(judged(oracle, { state: 'z' }, disputed('x', 'y', 'z'))).toEqual(['[I7]'])
  expect(judged(oracle, { state: 'w' }, disputed('y', 'z'))).toEqual(['[I8]'])
  // Settled: what was chosen stands, though it was written before.
  expect(judged(booked(write('x'), write('y'), write('x', 'x', 'y')), { state: 'x' })).toEqual([])
})

test('[SI7] the rating of a user is the last of its only device, or one of those of several', () => {
  const oracle = booked({ rated: 'r0' }, { rated: 'r0' }, { rated: 'r1', by: 'r1' })
  expect(judged(oracle, { rating: { r0: 'y', r1: 'z' } })).toEqual([])
  expect(judged(oracle, { rating: { r0: 'x', r1: 'z' } })).toEqual(['[I1]'])
  expect(judged(oracle, { rating: { r0: 'z', r1: 'z' } })).toEqual(['[I1]'])
  expect(judged(oracle, { rating: { r0: 'y' } })).toEqual(['[I1]'])
  expect(judged(oracle, { rating: { r0: 'y', r1: 'z', r2: 'y' } })).toEqual(['[I1]'])
  const cloned = booked({ rated: 'r0' }, { rated: 'r0', by: 'r0c' })
  expect(judged(cloned, { rating: { r0: 'x' } })).toEqual([])
})

test('[SI7] a deletion holds until it is taken back', () => {
  const [deleted, live] = [{ life: 'deleted' }, { life: 'live' }] as const
  expect(judged(booked(), {}, { isDeleted: true })).toEqual(['[I8]'])
  expect(judged(booked(deleted), {})).toEqual(['[I1]'])
  expect(judged(booked(deleted), {}, { isDeleted: true })).toEqual([])
  expect(judged(booked(deleted, live), {})).toEqual([])
  expect(judged(booked(live, deleted), {})).toEqual(['[I1]'])
})

test('[SI7] of what was refused nothing is asked, and of what may be lost not all', () => {
  const refused = booked({ best: 7, placed: 'filled', state: { value: 'x', over: [] }, rated: 'r0' })
  for (const made of refused.made) made.accepted = false
  expect(judged(refused, {})).toEqual([])
  refused.left('r0', 'earth')
  expect(judged(refused, { best: 7, state: 'x', rating: { r0: 'x' } })).toEqual([])
})

test('[SI7] what may have been made again later stands over what had replaced it', () => {
  const oracle = booked(
    { state: { value: 'x', over: [] }, rated: 'r0' },
    { state: { value: 'y', over: ['x'] }, rated: 'r0' },
  )
  expect(judged(oracle, { state: 'x', rating: { r0: 'x' } })).toEqual(['[I7]', '[I1]', '[I1]'])
  for (const made of oracle.made) made.anew = made.mark === 'x'
  const disputes = [{ id: 'state', suggestion: 'x', values: ['x', 'y'] }]
  expect(judged(oracle, { state: 'x', rating: { r0: 'x' } }, { disputes })).toEqual([])
})
