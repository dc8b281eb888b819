import { Dice } from '@rejoin/simulator/network'
import { describe, expect, test } from 'vitest'
import type { Deed } from '../fields/deed.ts'
import type { Shown } from '../fields/shape.ts'
import { byHybridClock } from '../policies/last-write-wins.ts'
import type { Policy } from '../policies/policy.ts'
import { yjs } from '../policies/yjs.ts'
import { run } from '../run.ts'
import type { Conditions } from '../world/conditions.ts'
import { either, oneOf } from './acts.ts'
import { workloads } from './index.ts'
import { listIn, symbolsOf } from './shown.ts'
import type { Page, Person, Workload } from './workload.ts'

const hours: Conditions = {
  name: 'hours',
  devices: 4,
  durationMs: 12 * 3_600_000,
  edits: 40,
  apartMs: 3_600_000,
  contention: 1,
  skewMs: 0,
  delayMs: 50,
  bytesPerMs: 1_000,
}

/** So that what is tiny is not over before anybody meets anybody. */
const moments: Conditions = { ...hours, name: 'moments', devices: 3, durationMs: 60_000, edits: 3, apartMs: 20_000 }
const conditionsOf = ({ name }: Workload): Conditions => (name === 'tiny' ? moments : hours)
const seedsOf = ({ name }: Workload): number => (name === 'tiny' ? 40 : 2)

const apps = ['marketplace', 'studio', 'chat', 'learning', 'field-reports']

/** How many seeds broke each invariant. */
async function brokenUnder(policy: Policy, workload: Workload): Promise<Record<string, number>> {
  const broken: Record<string, number> = {}
  for (let seed = 1; seed <= seedsOf(workload); seed++) {
    const { invariants } = await run({ policy, workload, conditions: conditionsOf(workload), seed })
    for (const [name, count] of Object.entries(invariants)) broken[name] = (broken[name] ?? 0) + (count > 0 ? 1 : 0)
  }
  return broken
}

const mostOf = (broken: Record<string, number>): number => Math.max(...Object.values(broken))

test('[LA45] the five apps are there, and have every kind of field between them, and deletions', () => {
  const models = workloads.filter(({ name }) => apps.includes(name))
  expect(models.map(({ name }) => name)).toEqual(apps)
  for (const { entities } of models) expect(Object.keys(entities).length).toBeGreaterThanOrEqual(2)
  const kinds = models.flatMap(({ entities }) =>
    Object.values(entities).flatMap(({ shape }) => Object.values(shape).map(({ kind }) => kind)),
  )
  expect([...new Set(kinds)].toSorted()).toEqual(
    ['counter', 'log', 'order', 'set', 'status', 'text', 'value', 'votes'].toSorted(),
  )
})

describe.each(workloads)('$name', (workload) => {
  test('[LA45] says what its numbers are and where they come from, and what must hold of what it has', () => {
    const { parameters, invariants, entities } = workload
    expect(parameters.length).toBeGreaterThan(0)
    expect(new Set(parameters.map(({ name }) => name)).size).toBe(parameters.length)
    for (const { source } of parameters) expect(source).toMatch(/^\S.{10,}/)
    expect(invariants.length).toBeGreaterThan(0)
    expect(new Set(invariants.map(({ name }) => name)).size).toBe(invariants.length)
    for (const { of } of invariants) expect(Object.keys(entities)).toContain(of)
  })

  test('[LA46] people name only what they see', async () => {
    const strange: unknown[] = []
    let deeds = 0
    const watched = (page: Page): Page => ({
      ...page,
      do(...all) {
        deeds += all.length
        strange.push(...all.filter((deed) => !namesWhatIsSeen(deed, page.shown)))
        page.do(...all)
      },
    })
    const choose =
      (person: Person): Person['choose'] =>
      (type) => {
        const page = person.choose(type)
        return page && watched(page)
      }
    const act = (person: Person): void => workload.act({ ...person, choose: choose(person) })
    const conditions = conditionsOf(workload)
    for (let seed = 1; deeds < 100; seed++)
      await run({ policy: byHybridClock('record'), workload: { ...workload, act }, conditions, seed })
    expect(strange).toEqual([])
  })

  test('[LA47] fields that merge keep every invariant, and a record with the latest write does not', async () => {
    const kept = await brokenUnder(yjs, workload)
    expect(kept).toEqual(Object.fromEntries(workload.invariants.map(({ name }) => [name, 0])))
    expect(mostOf(await brokenUnder(byHybridClock('record'), workload))).toBeGreaterThanOrEqual(2)
  })
})

test.each(workloads.filter(({ name }) => apps.includes(name)))(
  '[LA47] nor do fields with the latest write in $name',
  async (workload) => {
    expect(mostOf(await brokenUnder(byHybridClock('field'), workload))).toBe(2)
  },
)

test('[LA46] of several acts each is chosen by its weight', () => {
  const counts: Record<string, number> = { a: 0, b: 0, c: 0 }
  const does = (name: string) => (): number => (counts[name] = (counts[name] ?? 0) + 1)
  const source = 'for this test'
  const act = oneOf([
    { name: 'a', weight: 6, source, to: 'things', does: either(0.5, does('a'), does('c')) },
    { name: 'b', weight: 2, source, to: 'things', does: does('b') },
  ])
  const page = { entity: 'things-0', shown: {}, do: () => {} }
  const dice = new Dice(1)
  const names = { name: String, symbols: String, memory: new Map<string, string>() }
  const person: Person = { ...names, user: 'ana', nth: 0, dice, choose: () => page }
  for (let turn = 0; turn < 8_000; turn++) act(person)
  const { a = 0, b = 0, c = 0 } = counts
  expect(a + b + c).toBe(8_000)
  for (const [count, wanted] of [
    [a, 3_000],
    [b, 2_000],
    [c, 3_000],
  ] as const)
    expect(Math.abs(count - wanted)).toBeLessThan(150)
})

function namesWhatIsSeen(deed: Deed, shown: Shown): boolean {
  switch (deed.do) {
    case 'place':
      return deed.after === null || listIn(shown, deed.field).includes(deed.after)
    case 'move':
      return [deed.item, ...(deed.after === null ? [] : [deed.after])].every((each) =>
        listIn(shown, deed.field).includes(each),
      )
    case 'remove':
      return listIn(shown, deed.field).includes(deed.item)
    case 'take':
      return listIn(shown, deed.field).includes(deed.element)
    case 'put':
      return !listIn(shown, deed.field).includes(deed.element)
    case 'type':
      return deed.after === null || symbolsOf(shown, deed.field).includes(deed.after)
    case 'erase':
      return [...deed.symbols].every((each) => symbolsOf(shown, deed.field).includes(each))
    default:
      return true
  }
}
