import { expect, test } from 'vitest'
import { checkClocks } from './checks/clocks.ts'
import { runSchedule, runSeed } from './run.ts'
import { scheduleOf } from './schedule/schedule.ts'

test('[SI1, SI13] two runs of a seed are one run, and so is a run of what struck in it', async () => {
  const seeds = [4, 9, 20]
  for (const seed of seeds) {
    const first = await runSeed(seed)
    expect(first.wrong).toEqual([])
    expect((await runSeed(seed)).trace).toBe(first.trace)
    const { schedule } = first
    expect(schedule.strikes.length).toBeGreaterThan(0)
    const again = await runSchedule(schedule)
    expect(again.trace).toBe(first.trace)
    expect(again.schedule).toEqual(schedule)
  }
})

test('[SI12] what a schedule leaves out moves nothing that came before', async () => {
  const { schedule } = await runSeed(5)
  const lines = async (acts: typeof schedule.acts): Promise<readonly string[]> => {
    const shown: string[] = []
    await runSchedule({ ...schedule, acts }, { show: (line) => shown.push(line) })
    return shown
  }
  const left = schedule.acts[Math.floor(schedule.acts.length / 2)]
  const before = (all: readonly string[]): readonly string[] =>
    all.filter((line) => Number.parseFloat(line) < (left?.atMs ?? 0))
  const whole = before(await lines(schedule.acts))
  expect(whole.length).toBeGreaterThan(50)
  expect(before(await lines(schedule.acts.filter((act) => act !== left)))).toEqual(whole)
})

test('[SI15] with clocks that are years away and minutes apart the same is accepted', async () => {
  for (const seed of [2, 9]) expect((await checkClocks(runSchedule, scheduleOf(seed))).wrong).toEqual([])
})

test('[SI15] a run of which a clock decides the outcome is found', async () => {
  const { wrong, ...plain } = await runSeed(2)
  const other = { ...plain, wrong, accepted: plain.accepted.slice(1) }
  const run = (_: unknown, { clockOffsetMs }: { readonly clockOffsetMs?: unknown }) =>
    Promise.resolve(clockOffsetMs === undefined ? { ...plain, wrong } : other)
  expect((await checkClocks(run, plain.schedule)).wrong).toEqual([expect.stringMatching(/^\[I24\] /)])
})
