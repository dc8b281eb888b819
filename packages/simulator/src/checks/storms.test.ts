import { expect, test } from 'vitest'
import { stormsIn, wrongReturns, wrongStorms } from './storms.ts'
import type { Connections } from './storms.ts'

const minuteMs = 60_000
const replica = (name: string) => ({ replica: { name } })
const triesOf = (name: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ name, at: from + i }))

/** Two replicas, and a server that lets nobody in for the first minute. */
const world = (tries: Connections['network']['attempts'], returns: Connections['returns'] = []): Connections => ({
  outages: [{ from: 0, to: minuteMs }],
  returns,
  network: { attempts: tries },
  people: [replica('r0'), replica('r1')],
})

test('[SI9] connections that are tried in vain are counted while nobody is let in, of replicas alone', () => {
  const tries = [...triesOf('r0', 3), ...triesOf('mallory', 90), ...triesOf('r1', 5, minuteMs)]
  const { tried, allowed } = stormsIn(world(tries))
  expect(tried).toBe(3)
  // Two for each half minute, and what the doubling from 0.25 s to 30 s and a beginning come to.
  expect(allowed).toBe(Math.round(2 * (4 + Math.log2(120) + 10)))
  expect(stormsIn(world(tries, [{ name: 'r0', at: 5 }])).allowed).toBeGreaterThan(allowed + 16)
  expect(wrongStorms({ tried, allowed })).toEqual([])
})

test('[SI9] a storm is found while nobody is let in, and when all is well again', () => {
  const { tried, allowed } = stormsIn(world(triesOf('r0', 200)))
  expect(wrongStorms({ tried, allowed })).toEqual([expect.stringMatching(/^\[I18\] /)])
  expect(wrongReturns(world(triesOf('r0', 6, minuteMs)), minuteMs)).toEqual([])
  expect(wrongReturns(world(triesOf('r0', 7, minuteMs)), minuteMs)).toEqual([expect.stringMatching(/^\[I18\] /)])
  expect(wrongReturns(world(triesOf('r0', 200)), minuteMs)).toEqual([])
})
