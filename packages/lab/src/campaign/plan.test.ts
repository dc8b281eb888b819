import { describe, expect, test } from 'vitest'
import { policies } from '../policies/index.ts'
import type { Session } from '../session/session.ts'
import { workloads } from '../workloads/index.ts'
import { namedConditions } from './conditions.ts'
import { cellsOf, countOfCells, nameOfCell, PlanError, planOf } from './plan.ts'
import type { Plan, PlanAsked } from './plan.ts'

const empty = new Int32Array()
const session: Session = { name: 'a', authors: 3, transactions: [], turn: null, typed: 7, end: empty, before: empty }

describe('a plan', () => {
  test('[LA67] is everything unless told, but for the workload of schedules', () => {
    const plan = planOf({})
    expect(plan.policies).toEqual(policies.map(({ name }) => name))
    expect(plan.workloads).toEqual(workloads.map(({ name }) => name).filter((name) => name !== 'tiny'))
    expect(plan.conditions).toEqual(namedConditions.map(({ conditions }) => conditions))
    expect(planOf({ workloads: ['tiny'] }).workloads).toEqual(['tiny'])
    const some = plan.conditions.filter(({ name }) => name !== 'minutes' && name !== 'clock-1s')
    const fewer = some.map((conditions) => ({ ...conditions, edits: 20 }))
    const sessionPolicies = ['yjs', 'automerge', 'lww-field-hlc', 'first-write-wins', 'server-wins']
    expect(planOf({ isQuick: true })).toEqual({ ...plan, seeds: 2, conditions: fewer, sessionPolicies })
    const asked = { isQuick: true, seeds: 7, dials: { edits: 60 } }
    expect(planOf(asked)).toEqual({ ...plan, seeds: 7, conditions: some, sessionPolicies })
    expect(planOf({ isQuick: true, policies: ['manual'] }).sessionPolicies).toEqual(['manual'])
    expect(planOf({ isQuick: true, conditions: ['minutes'] }).conditions).toMatchObject([
      { name: 'minutes', edits: 20 },
    ])
  })

  test('[LA67] names in another order are the same plan', () => {
    const asked = { policies: ['automerge', 'yjs'], workloads: ['sets', 'chat'], conditions: ['hours', 'online'] }
    const plan = planOf(asked)
    expect(plan).toMatchObject({ policies: ['yjs', 'automerge'], workloads: ['chat', 'sets'] })
    expect(plan.conditions.map(({ name }) => name)).toEqual(['online', 'hours'])
  })

  test('[LA67] of sessions alone, policies are played in the order in which they are asked for, each once', () => {
    const asked = { policies: ['lww-field-hlc', 'yjs', 'lww-field-hlc'], sessions: [session], isOnlySessions: true }
    expect(planOf(asked).policies).toEqual(['lww-field-hlc', 'yjs'])
    expect([...cellsOf(planOf(asked))].map(nameOfCell)).toEqual(['lww-field-hlc, session a', 'yjs, session a'])
    expect(planOf({ sessions: [session], isOnlySessions: true }).policies).toEqual(policies.map(({ name }) => name))
  })

  test('[LA67] its cells are the sessions, and then one seed after the other', () => {
    const plan = planOf({
      policies: ['yjs', 'server-wins'],
      workloads: ['sets'],
      conditions: ['online', 'hours'],
      from: 5,
      seeds: 2,
      sessions: [session],
    })
    const names = [...cellsOf(plan)].map(nameOfCell)
    expect(names).toEqual([
      'yjs, session a',
      'server-wins, session a',
      'yjs, sets, online, seed 5',
      'server-wins, sets, online, seed 5',
      'yjs, sets, hours, seed 5',
      'server-wins, sets, hours, seed 5',
      'yjs, sets, online, seed 6',
      'server-wins, sets, online, seed 6',
      'yjs, sets, hours, seed 6',
      'server-wins, sets, hours, seed 6',
    ])
    expect(countOfCells(plan)).toBe(names.length)
  })

  test('[LA68] a dial holds in all conditions, and leaves the others as they are', () => {
    const { conditions } = planOf({ dials: { delayMs: 7, edits: undefined } })
    expect(conditions.map(({ delayMs }) => delayMs)).toEqual(namedConditions.map(() => 7))
    expect(conditions.map(({ apartMs, edits }) => [apartMs, edits])).toEqual(
      namedConditions.map((each) => [each.conditions.apartMs, each.conditions.edits]),
    )
  })

  test('[LA68] conditions that dials make the same are run once, by the first of their names', () => {
    const namesOf = (plan: Plan): readonly string[] => plan.conditions.map(({ name }) => name)
    const dials = { apartMs: 12 * 3_600_000, skewMs: 300_000 }
    expect(namesOf(planOf({ dials }))).toEqual(['online', 'crowded', 'even', 'same-hour'])
    expect(namesOf(planOf({ dials, conditions: ['three-days', 'minutes'] }))).toEqual(['minutes'])
    expect(namesOf(planOf({ dials: { devices: 6 } }))).not.toContain('crowded')
  })

  test('[LA68] authors of a session have clocks from so far ahead to so far behind', () => {
    const sessions = planOf({ sessions: [session], dials: { skewMs: 1_000 }, isOnlySessions: true })
    expect(sessions).toMatchObject({ workloads: [], seeds: 0, sessions: [{ name: 'a', skewMs: [1_000, 0, -1_000] }] })
  })

  test('[LA68] conditions differ in nothing but what their name says', () => {
    const dialsOf = (name: string) => planOf({ conditions: [name] }).conditions[0]
    for (const name of ['minutes', 'hours', 'three-days'])
      expect({ ...dialsOf(name), apartMs: 0, name: 'online' }).toEqual(dialsOf('online'))
    expect({ ...dialsOf('crowded'), devices: 3, name: 'hours' }).toEqual(dialsOf('hours'))
    expect({ ...dialsOf('even'), contention: 1, name: 'hours' }).toEqual(dialsOf('hours'))
    for (const name of ['clock-1s', 'clock-60s'])
      expect({ ...dialsOf(name), skewMs: 0, name: 'same-hour' }).toEqual(dialsOf('same-hour'))
  })

  test.each<readonly [PlanAsked, string]>([
    [{ dials: { devices: 1_001 } }, '--devices must be at most 1000.'],
    [{ dials: { edits: 100_001 } }, '--edits must be at most 100000.'],
    [{ seeds: 100_001 }, '--seeds must be at most 100000.'],
    [{ from: 2 ** 32 - 5, seeds: 6 }, '--from must leave all seeds at most 4294967295, as dice repeat behind it.'],
    [{ from: Number.MAX_SAFE_INTEGER }, '--from must leave all seeds at most 4294967295, as dice repeat behind it.'],
  ])('[LA69] %j is more than there can be', (asked, sentence) => {
    expect(() => planOf(asked)).toThrow(new PlanError(sentence))
    expect(planOf({ dials: { devices: 1_000, edits: 100_000 }, from: 2 ** 32 - 5, seeds: 5 }).seeds).toBe(5)
  })

  test.each([
    [{ policies: ['yjs', 'hope'] }, /^There is no policy "hope"; the policies are yjs, automerge, .*client-wins\.$/],
    [{ workloads: ['war'] }, /^There is no workload "war"; the workloads are marketplace, .*\.$/],
    [{ conditions: ['fog'] }, /^There are no conditions "fog"; the conditions are online, .*clock-60s\.$/],
  ])('[LA69] %j is refused with one sentence that has the names there are', (asked, sentence) => {
    expect(() => planOf(asked)).toThrow(sentence)
  })
})
