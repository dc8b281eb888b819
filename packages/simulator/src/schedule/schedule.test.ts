import { expect, test } from 'vitest'
import { faultActs, strikeKinds } from './faults.ts'
import { engineMixes, scheduleOf } from './schedule.ts'
import { workKinds } from './types.ts'

const schedules = Array.from({ length: 400 }, (_, seed) => scheduleOf(seed))

test('[SI4] a seed unrolls to the same schedule always, and the schedule is plain data', () => {
  for (const schedule of schedules.slice(0, 100)) {
    expect(scheduleOf(schedule.seed)).toEqual(schedule)
    expect(JSON.parse(JSON.stringify(schedule))).toEqual(schedule)
  }
})

test('[SI4] every fault is in some schedules and missing in others', () => {
  const has = (name: string): number =>
    schedules.filter(({ acts, odds }) => acts.some(({ what }) => what === name) || name in odds).length
  for (const name of [...strikeKinds, ...faultActs]) {
    expect(has(name), name).toBeGreaterThan(schedules.length / 50)
    expect(has(name), name).toBeLessThan((schedules.length * 9) / 10)
  }
})

test('[SI4] acts are in the order of their times, numbered by kind and machine, and end with the chaos', () => {
  for (const { acts, conditions } of schedules) {
    const seen = new Map<string, number>()
    for (const [index, { atMs, who, what, nth }] of acts.entries()) {
      expect(atMs).toBeGreaterThanOrEqual(acts[index - 1]?.atMs ?? 0)
      expect(atMs).toBeLessThan(conditions.chaosMs)
      expect(nth).toBe((seen.get(`${who} ${what}`) ?? 0) + 1)
      seen.set(`${who} ${what}`, nth)
    }
  }
})

test('[SI4] a seed has only the faults that are asked for, and work all the same', () => {
  for (const { seed } of schedules) {
    const { acts, odds } = scheduleOf(seed, { faults: ['drop', 'kill'] })
    expect(['drop', undefined]).toContain(Object.keys(odds)[0])
    for (const { what } of acts) expect(['kill', ...workKinds]).toContain(what)
  }
  expect(scheduleOf(1, { faults: [] }).acts.length).toBeGreaterThan(0)
})

test('[SI16] some worlds have Automerge in a part or in all, as their own dice fall or as it is asked for', () => {
  const seen = schedules.map(({ conditions }) => conditions.automerge)
  const share = (on: number): number => seen.filter((automerge) => automerge === on).length / seen.length
  for (const on of [1, 2, 3]) expect(share(on)).toBeGreaterThan(0.005)
  expect(share(0)).toBeGreaterThan(0.85)
  const asked = { yjs: [0], mixed: [1, 2], automerge: [3] }
  for (const engines of engineMixes) {
    const mixes = schedules.map(({ seed }) => scheduleOf(seed, { engines }))
    expect(new Set(mixes.map(({ conditions }) => conditions.automerge))).toEqual(new Set(asked[engines]))
    for (const [i, mix] of mixes.entries()) {
      const { conditions, ...rest } = schedules[i] ?? mix
      expect(mix).toEqual({ ...rest, conditions: { ...conditions, automerge: mix.conditions.automerge } })
    }
  }
})
