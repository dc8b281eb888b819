import { expect, test } from 'vitest'
import { planOf } from '../campaign/plan.ts'
import { inputOf } from './input-of.ts'

const inputFor = (asked: Parameters<typeof planOf>[0]) =>
  inputOf({ command: 'x', plan: planOf(asked), runs: [], sessions: [] })

test('[LA92] policies, workloads and conditions say of themselves what they are', () => {
  const input = inputFor({ policies: ['yjs', 'manual'], workloads: ['studio', 'sets'], seeds: 3, from: 5 })
  expect(input.policies.map(({ name, form }) => [name, form])).toEqual([
    ['yjs', 'merging'],
    ['manual', 'whole'],
  ])
  expect(input.workloads.map(({ name, isApp }) => [name, isApp])).toEqual([
    ['studio', true],
    ['sets', false],
  ])
  expect(input.seeds).toEqual([5, 6, 7])
  expect(input.conditions[0]).toMatchObject({ name: 'online', about: 'Everybody is always online.', edits: 60 })
})

test('[LA92] conditions in which a dial was turned that their words speak of are told by their dials', () => {
  const about = (dials: object) => inputFor({ conditions: ['hours'], dials }).conditions.map((each) => each.about)
  expect(about({ edits: 7, devices: 5 })).toEqual(['Everybody is offline for four hours at a stretch.'])
  for (const dial of ['apartMs', 'durationMs', 'skewMs']) expect(about({ [dial]: 1_000 })).toEqual([''])
  const others = inputFor({ conditions: ['crowded', 'even'], dials: { devices: 5 } }).conditions
  expect(others.map((each) => each.about)).toEqual(['', 'As hours, and nothing is chosen more often than another.'])
})
