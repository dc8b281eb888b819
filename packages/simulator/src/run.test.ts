import { expect, test } from 'vitest'
import { checkClocks } from './checks/clocks.ts'
import { runSchedule, runSeed } from './run.ts'
import { parseNotation } from './schedule/notation.ts'
import { scheduleOf } from './schedule/schedule.ts'
import { vocabulary } from './schedule/vocabulary.ts'

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

test('[SI1, SI16] a world in which both engines are is one run too', async () => {
  for (const engines of ['mixed', 'automerge'] as const) {
    const schedule = scheduleOf(3, { engines })
    const first = await runSchedule(schedule)
    expect(first.wrong).toEqual([])
    expect((await runSchedule(schedule)).trace).toBe(first.trace)
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

test('[SI11] on a machine that sleeps nothing is started, and a server that stands still folds nothing', async () => {
  const { schedule } = parseNotation(
    `seed 1
    0.500 r0 edit 1
    1.000 r0 kill 1
    1.001 r0 sleep 1
    1.002 server server-pause 1
    2.000 server fold 1
    3.000 server server-pause 2`,
    vocabulary,
  )
  const shown: string[] = []
  const { counts, wrong } = await runSchedule(schedule, { show: (line) => shown.push(line) })
  expect(wrong).toEqual([])
  expect(counts.of('server-pause')).toBe(1)
  const isOf = (line: string): boolean => / (?:r0|server) (?:write|sync|answer|commits|r0)/.test(line)
  const asleep = shown.filter((line) => Number.parseFloat(line) > 1_002 && Number.parseFloat(line) < 6_000)
  expect(asleep.filter(isOf)).toEqual([])
  expect(shown.filter(isOf).length).toBeGreaterThan(asleep.length)
})
