import { expect, test } from 'vitest'
import type { Mark } from './bench.ts'
import { judge } from './marks.ts'

const track = (name: string, times: readonly number[], bytes: number, marks: readonly Mark[] = []) => ({
  contestant: { name, role: 'subject' as const, run: () => undefined, verify: () => undefined, marks },
  laps: times.map((cpuMs) => ({ cpuMs, wallMs: cpuMs ** 2 })),
  figures: { B: bytes },
})

const judged = (mark: Mark) => {
  const subject = track('ours', [3, 30, 6], 150, [mark])
  return judge(subject, [track('limit', [2, 10, 6], 100), track('other', [3, 3, 3], 300), subject])
}

test('a mark on the processor time takes the median of the ratios of each round', () => {
  expect(judged({ atMost: 1.5 })).toMatchObject([{ reached: true, value: 1.5, wall: 2.25, what: 'ours / limit' }])
  expect(judged({ atMost: 1.49 })).toMatchObject([{ reached: false }])
  expect(judged({ beside: 'other', atLeast: 3 })).toMatchObject([{ reached: false, value: 2, bounds: '≥ 3' }])
})

test('a mark on the time by the clock says so', () => {
  expect(judged({ time: 'wall', atMost: 2.25 })).toMatchObject([
    { reached: true, value: 2.25, wall: 2.25, what: 'ours, wall / limit' },
  ])
  expect(judged({ time: 'wall', atMost: 2 })).toMatchObject([{ reached: false }])
})

test('a mark on a figure bounds it, alone or beside another’s', () => {
  expect(judged({ figure: 'B', atLeast: 150, atMost: 150 })).toMatchObject([{ reached: true, value: 150 }])
  expect(judged({ figure: 'B', beside: 'other', atMost: 0.5 })).toMatchObject([{ reached: true, value: 0.5 }])
})

test('what was not measured reaches no mark', () => {
  expect(judged({ figure: 'KB', atMost: 1 })).toMatchObject([{ reached: false, value: Number.NaN }])
  expect(() => judged({ beside: 'nobody', atMost: 1 })).toThrow('there is no nobody to compare with')
})
