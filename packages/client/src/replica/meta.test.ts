import { isStamp, skewAllowedMs, stampAt } from '@rejoin/base'
import { expect, test } from 'vitest'
import { BatchBuilder } from './committer.ts'
import { Counters, decodeMeta, newMeta, nobody } from './meta.ts'
import type { MetaRecord } from './meta.ts'

const now = Date.UTC(2026, 0, 1)
const hourMs = 3_600_000
const random = { bytes: (count: number) => new Uint8Array(count), float: () => 0 }
const countersOf = (meta: MetaRecord): Counters => new Counters({ now: () => now }, () => 0, meta, nobody)

/** What is read back after a restart. */
function reopened(counters: Counters): Counters {
  const batch = new BatchBuilder()
  counters.write(batch)
  const bytes = batch.build().put?.[0]?.[1]
  const meta = decodeMeta(bytes ?? new Uint8Array())
  if (!meta.ok) throw new Error(meta.error.message)
  return countersOf(meta.value)
}

test('[CL58] a stamp far ahead of the server is forgotten, unless the server has taken one', () => {
  const ahead = { ...newMeta(random), lastStamp: stampAt(now + hourMs) }
  const free = countersOf(ahead)
  free.heardServerTime(now)
  expect(free.nextStamp()).toBeLessThan(stampAt(now + skewAllowedMs))
  for (const again of [(it: Counters) => it, reopened]) {
    const counters = countersOf(ahead)
    const taken = counters.nextStamp()
    counters.stored(taken)
    const bound = again(counters)
    bound.heardServerTime(now + hourMs - skewAllowedMs / 2)
    expect(bound.nextStamp()).toBeGreaterThan(taken)
  }
})

test('[CL58] a stamp that only a wrong clock of the server could take is forgotten when that clock is right again', () => {
  for (const again of [(it: Counters) => it, reopened]) {
    const counters = countersOf(newMeta(random))
    counters.heardServerTime(now + 100 * hourMs)
    counters.stored(counters.nextStamp())
    const free = again(counters)
    free.heardServerTime(now)
    expect(free.nextStamp()).toBeLessThan(stampAt(now + skewAllowedMs))
  }
})

test.each([Number.MAX_SAFE_INTEGER, 0, -1, Number.NaN, Infinity])(
  '[CL59] a server time of %s leaves numbers that can be written and read',
  (ms) => {
    const counters = countersOf(newMeta(random))
    counters.stored(counters.nextStamp())
    counters.heardServerTime(ms)
    const again = reopened(counters)
    expect(again.skewMs).toBe(counters.skewMs)
    expect(Math.abs(again.skewMs)).toBeLessThan(51 * 366 * 24 * hourMs)
    const next = again.nextStamp()
    expect(isStamp(next)).toBe(true)
    expect(again.nextStamp()).toBeGreaterThan(next)
  },
)
