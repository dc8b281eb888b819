import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isStamp, nextStamp, noStamp, observeStamp, skewAllowedMs, stampAt, wallOf } from './stamp.ts'

const anyClock = fc.oneof(
  fc.integer({ min: 1_577_836_800_000, max: 3_000_000_000_000 }),
  fc.double(),
  fc.constantFrom(0, -1, Number.NaN, Infinity, -Infinity, 8.64e15),
)

test('[BA3] each stamp is above the one before, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1_577_836_800_000, max: 3_000_000_000_000 }), { minLength: 2 }), (clock) => {
      let last = noStamp
      for (const now of clock) {
        const next = nextStamp(last, now)
        expect(next).toBeGreaterThan(last)
        expect(wallOf(next)).toBeGreaterThanOrEqual(now)
        last = next
      }
    }),
  )
})

test('[BA3] a clock that is ahead is followed to the millisecond', () => {
  expect(wallOf(nextStamp(stampAt(1_700_000_000_000), 1_700_000_000_005))).toBe(1_700_000_000_005)
})

test('[BA4] a stamp within the skew is adopted, one beyond it is not', () => {
  const now = 1_700_000_000_000
  const near = stampAt(now + skewAllowedMs)
  expect(observeStamp(noStamp, near, now)).toBe(near)
  expect(observeStamp(5, stampAt(now + skewAllowedMs + 1), now)).toBe(5)
  expect(observeStamp(near, 7, now)).toBe(near)
})

test('[BA5] any clock gives a stamp', () => {
  fc.assert(fc.property(anyClock, anyClock, (a, b) => void expect(isStamp(nextStamp(stampAt(a), b))).toBe(true)))
  expect([Number.NaN, -1, 1.5, 2 ** 53, '1', null].some(isStamp)).toBe(false)
})
