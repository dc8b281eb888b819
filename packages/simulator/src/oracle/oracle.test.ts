import type { Receipt } from '@rejoin/client'
import { expect, test } from 'vitest'
import type { Place } from '../world/app.ts'
import type { Page } from '../world/entity.ts'
import { Grades } from './grades.ts'
import { judge } from './judge.ts'
import type { Fate } from './judge.ts'
import { Oracle } from './oracle.ts'
import { Reads } from './reads.ts'

const place: Place = { space: 'earth', kind: 'notes', id: 'n1' }
const all = { marked: true, typed: true, stepped: true }

/** Two edits by two replicas; the device has both. */
async function books() {
  const oracle = new Oracle()
  oracle.created(place)
  const marks = [oracle.nextMark(), oracle.nextMark()]
  const [one = '', two = ''] = marks
  oracle.edited('r0', place, one, all, receipt('a-1'))
  oracle.edited('r1', place, two, { ...all, marked: true, typed: false }, receipt('b-1'))
  await Promise.resolve()
  const page: Page = { title: `title ${two}`, marks, count: 2, body: `lorem ${one} ipsum`, steps: [5, one, two] }
  return { oracle, one, two, page }
}

const receipt = (id: string): Receipt => {
  const done = Promise.resolve()
  return { id, state: 'device', device: done, stored: done }
}

const verdict = (oracle: Oracle, page: Page | undefined, fates: readonly Fate[]): readonly string[] =>
  judge(
    oracle,
    () => page,
    ({ receipt: id }) => fates[id === 'a-1' ? 0 : 1],
  ).map((sentence) => sentence.slice(0, sentence.indexOf(']') + 1))

test('[SI7] a page that shows every stored edit whole is right', async () => {
  const { oracle, page } = await books()
  expect(verdict(oracle, page, ['stored', 'stored'])).toEqual([])
})

test('[SI7] an edit that is stored and hidden, refused and shown, waiting or nowhere is found', async () => {
  const { oracle, page } = await books()
  expect(verdict(oracle, undefined, ['stored', 'rejected'])).toEqual(['[I1]'])
  expect(verdict(oracle, page, ['stored', 'rejected'])).toEqual(['[I9]'])
  expect(verdict(oracle, page, ['stored', 'pending'])).toEqual(['[I17]'])
  expect(verdict(oracle, undefined, ['rejected', undefined])).toEqual(['[I2]'])
})

test('[SI7] an edit of the text alone is where the text has it, once', async () => {
  const { oracle, one, page } = await books()
  const three = oracle.nextMark()
  oracle.edited('r0', place, three, { marked: false, typed: true, stepped: false }, receipt('c-1'))
  const fates = new Map<string, Fate>([
    ['a-1', 'stored'],
    ['b-1', 'stored'],
    ['c-1', 'stored'],
  ])
  const wrongWith = (body: string): readonly string[] =>
    judge(
      oracle,
      () => ({ ...page, body }),
      ({ receipt: id }) => fates.get(id),
    ).map((sentence) => sentence.slice(0, 4))
  expect(wrongWith(`${one} lorem ${three}`)).toEqual([])
  expect(wrongWith(one)).toEqual(['[I1]'])
  expect(wrongWith(`${one}${three}${three}`)).toEqual(['[I4]'])
  fates.set('c-1', 'rejected')
  expect(wrongWith(`${one}${three}`)).toEqual(['[I9]'])
})

test('[SI7] an edit whose space was left may have either end, but not none', async () => {
  const { oracle, page } = await books()
  oracle.left('r1', 'earth')
  expect(verdict(oracle, page, ['stored', 'rejected'])).toEqual([])
  expect(verdict(oracle, undefined, ['rejected', 'rejected'])).toEqual([])
  expect(verdict(oracle, undefined, ['rejected', 'stored'])).toEqual(['[I1]'])
})

test('[SI7] half a transaction is found, whichever half', async () => {
  const { oracle, one, two, page } = await books()
  const halves: readonly (readonly [Page, string])[] = [
    [{ ...page, count: 3 }, '[I4]'],
    [{ ...page, body: 'lorem' }, '[I8]'],
    [{ ...page, body: `${one}${one}` }, '[I4]'],
    [{ ...page, body: `${one}${two}` }, '[I8]'],
    [{ ...page, steps: [one] }, '[I8]'],
    [{ ...page, steps: [one, two, two] }, '[I4]'],
    [{ ...page, title: 'title x' }, '[I8]'],
    [{ ...page, marks: [one, two, 'x'] }, '[I8]'],
  ]
  for (const [half, invariant] of halves) expect(verdict(oracle, half, ['stored', 'stored'])).toEqual([invariant])
})

test('[SI7] what two copies of a store may have made again may be there twice, and nothing else', async () => {
  const { oracle, one, two, page } = await books()
  oracle.forgotten('r0', new Set(), 'silently')
  const twice = { ...page, count: 3, body: `${one}${one}`, steps: [one, two, one] }
  expect(verdict(oracle, twice, ['stored', 'stored'])).toEqual([])
  expect(verdict(oracle, { ...twice, count: 1 }, ['stored', 'stored'])).toEqual(['[I4]'])
  expect(verdict(oracle, { ...twice, steps: [one, two, two] }, ['stored', 'stored'])).toEqual(['[I4]'])
})

test('[SI7] a replica that stops showing what it has shown or has on its device is found', async () => {
  const { oracle, one, two, page } = await books()
  const reads = new Reads(oracle)
  expect(reads.read('r0', place, page)).toEqual({ wrong: [], missing: [] })
  expect(reads.read('r0', place, { ...page, marks: [one] }).wrong).toHaveLength(1)
  expect(reads.read('r0', place, { ...page, body: '', marks: [two] })).toEqual({
    wrong: [],
    missing: [oracle.byMark(one)],
  })
  reads.cloned('r0c', 'r0')
  reads.read('r0c', place, page)
  const less = reads.read('r0c', place, { ...page, body: '', marks: [] })
  expect(less.wrong).toEqual([expect.stringContaining(two)])
  oracle.left('r0', 'earth')
  reads.forget('r0', 'earth')
  expect(reads.read('r0', place, { ...page, body: '', marks: [] })).toEqual({ wrong: [], missing: [] })
})

test('[SI7] the last grade that was stored is shown, or a later one whose answer was lost', () => {
  const judgedAt = (grade: unknown): number => grades.judge(() => ({ title: '', marks: [], count: 0, grade })).length
  const grades = new Grades()
  grades.begin(place).end = 'stored'
  expect([undefined, 1, 2].map(judgedAt)).toEqual([1, 0, 1])
  grades.begin(place)
  grades.begin(place).end = 'refused'
  expect([undefined, 1, 2, 3].map(judgedAt)).toEqual([1, 0, 0, 1])
  grades.begin(place).end = 'stored'
  expect([1, 2, 3, 4].map(judgedAt)).toEqual([1, 1, 1, 0])
  expect(grades.judge(() => undefined)).toEqual([])
})
