import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shrink } from './shrink.ts'
import type { ShrinkOptions, StillBroken } from './shrink.ts'
import type { Act, Conditions, Schedule, Strike } from './types.ts'

const calm = { replicas: 1, chaosMs: 1_000, delayMs: 0, tiny: 0 } as Conditions
const plenty: ShrinkOptions = { calm, runsMax: 2_000 }

const acts = Array.from({ length: 120 }, (_, index): Act => ({
  atMs: index * 100,
  who: `r${index % 4}`,
  what: 'edit',
  nth: index,
}))
const strikes = Array.from({ length: 40 }, (_, index): Strike => ({
  moment: `r${index % 4}.1 up ${index}`,
  fault: 'drop',
}))
const big: Schedule = {
  seed: 7,
  conditions: { replicas: 4, chaosMs: 12_500, delayMs: 30, tiny: 1 } as Conditions,
  acts,
  strikes,
  odds: { drop: 0.1 },
}

/** Breaks if the schedule says so, and counts what it ran. */
function brokenIf(holds: (schedule: Schedule) => boolean): {
  readonly stillBroken: StillBroken
  readonly ran: Schedule[]
} {
  const ran: Schedule[] = []
  const stillBroken = (schedule: Schedule): Promise<Schedule | undefined> => {
    ran.push(schedule)
    return Promise.resolve(holds(schedule) ? schedule : undefined)
  }
  return { stillBroken, ran }
}

const has = ({ acts }: Schedule, ...wanted: readonly number[]): boolean =>
  wanted.every((nth) => acts.some((act) => act.nth === nth))
const struck = ({ strikes }: Schedule, at: string): boolean =>
  strikes !== 'by-odds' && strikes.some(({ moment }) => moment === at)

describe('shrinking', () => {
  test('[SI41] the pair of acts that breaks it is all that remains', async () => {
    const { stillBroken } = brokenIf((schedule) => has(schedule, 16, 89))
    const shrunk = await shrink(big, stillBroken, plenty)
    expect(shrunk).toMatchObject({
      isMinimal: true,
      schedule: {
        seed: 7,
        conditions: { replicas: 2, chaosMs: 8_901, delayMs: 0, tiny: 0 },
        acts: [acts[16], acts[89]],
        strikes: [],
        odds: {},
      },
    })
    expect(shrunk?.runs).toBeLessThan(150)
  })

  test('[SI41] a strike, a condition and a replica that are needed stay', async () => {
    const { stillBroken } = brokenIf(
      (schedule) => struck(schedule, 'r2.1 up 10') && schedule.conditions.tiny === 1 && has(schedule, 3 - 2),
    )
    expect((await shrink(big, stillBroken, plenty))?.schedule).toMatchObject({
      conditions: { replicas: 3, chaosMs: 101, delayMs: 0, tiny: 1 },
      acts: [acts[1]],
      strikes: [{ moment: 'r2.1 up 10', fault: 'drop' }],
    })
  })

  test('[SI41] strikes that struck nobody are not kept', async () => {
    const stillBroken: StillBroken = (schedule) =>
      Promise.resolve({ ...schedule, strikes: schedule.strikes === 'by-odds' ? [] : schedule.strikes.slice(0, 1) })
    const shrunk = await shrink(big, stillBroken, { ...plenty, runsMax: 1 })
    expect(shrunk).toEqual({ schedule: { ...big, strikes: strikes.slice(0, 1) }, runs: 1, isMinimal: false })
  })

  test('[SI41] strikes by odds stay so', async () => {
    const byOdds: Schedule = { ...big, strikes: 'by-odds' }
    const { stillBroken } = brokenIf((schedule) => schedule.strikes === 'by-odds' && has(schedule, 4))
    expect((await shrink(byOdds, stillBroken, plenty))?.schedule).toMatchObject({
      acts: [acts[4]],
      strikes: 'by-odds',
      odds: { drop: 0.1 },
    })
  })

  test('[SI41] a schedule that is not broken has nothing to shrink', async () => {
    const { stillBroken, ran } = brokenIf(() => false)
    expect(await shrink(big, stillBroken, plenty)).toBeUndefined()
    expect(ran).toEqual([big])
  })

  test('[SI41] the budget of runs and the hurry end it with the smallest so far', async () => {
    const bounded = brokenIf((schedule) => has(schedule, 16, 89))
    const some = await shrink(big, bounded.stillBroken, { ...plenty, runsMax: 20 })
    expect(bounded.ran).toHaveLength(20)
    expect(some).toMatchObject({ runs: 20, isMinimal: false })
    expect(some?.schedule.acts.length).toBeLessThan(60)

    const hurried = brokenIf((schedule) => has(schedule, 16, 89))
    await shrink(big, hurried.stillBroken, { ...plenty, hurry: () => hurried.ran.length >= 5 })
    expect(hurried.ran).toHaveLength(5)
  })

  test('[SI41] whatever breaks it: the result was run and is broken, no act of it can go, and it comes out the same again', async () => {
    const needs = fc.record({
      acts: fc.uniqueArray(fc.nat(119), { maxLength: 4 }),
      strikes: fc.uniqueArray(fc.nat(39), { maxLength: 3 }),
      delay: fc.boolean(),
      runsMax: fc.constantFrom(3, 30, 5_000),
    })
    await fc.assert(
      fc.asyncProperty(needs, async ({ acts: wanted, strikes: moments, delay, runsMax }) => {
        const isBroken = (schedule: Schedule): boolean =>
          has(schedule, ...wanted) &&
          moments.every((index) => struck(schedule, strikes[index]?.moment ?? '')) &&
          (!delay || schedule.conditions.delayMs === 30)
        const { stillBroken, ran } = brokenIf(isBroken)
        const reports: Schedule[] = []
        const progress: ShrinkOptions['progress'] = ({ smallest }) => void reports.push(smallest)
        const shrunk = await shrink(big, stillBroken, { calm, runsMax, progress })
        expect(ran).toContain(shrunk?.schedule)
        expect(shrunk && isBroken(shrunk.schedule)).toBe(true)
        expect(reports.every(isBroken)).toBe(true)
        expect(reports).toHaveLength(ran.length)
        if (shrunk?.isMinimal) {
          expect(shrunk.schedule.acts).toHaveLength(wanted.length)
          expect(shrunk.schedule.strikes).toHaveLength(moments.length)
        }
        if (runsMax === 5_000) expect(shrunk?.isMinimal).toBe(true)
        expect(await shrink(big, brokenIf(isBroken).stillBroken, { calm, runsMax })).toEqual(shrunk)
      }),
      { numRuns: 30 },
    )
  })
})
