import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import { Time } from './time.ts'

test.prop([fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 60 })])(
  '[LA30] alarms go off in the order of their times, and of two at once the one that was set first',
  (alarms) => {
    const time = new Time()
    const went: (readonly [atMs: number, set: number])[] = []
    let set = 0
    const put = (atMs: number): void => {
      const nth = set++
      time.at(atMs, () => went.push([time.elapsed, nth]))
    }
    // Each sets another one when it goes off: some for a time that is over.
    for (const [atMs, nextMs] of alarms) {
      put(atMs)
      time.at(atMs, () => put(nextMs))
    }
    time.runUntil(100)
    expect(went).toHaveLength(2 * alarms.length)
    expect(went.map(([atMs]) => atMs)).toEqual(went.map(([atMs]) => atMs).toSorted((a, b) => a - b))
    for (const [at, [atMs, nth]] of went.entries()) {
      const next = went[at + 1]
      if (next?.[0] === atMs) expect(next[1]).toBeGreaterThan(nth)
    }
    expect(time.elapsed).toBe(100)
  },
)

test('[LA30] time stops when what was waited for is so, and says when it never will be', () => {
  const time = new Time()
  let rung = 0
  for (const atMs of [5, 10, 15]) time.at(atMs, () => rung++)
  expect(time.runUntilDone(() => rung === 2)).toBe(true)
  expect(time.elapsed).toBe(10)
  expect(time.runUntilDone(() => rung === 4)).toBe(false)
  expect(time.elapsed).toBe(15)
})
