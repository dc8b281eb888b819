import { expect, test } from 'vitest'
import { scheduleOf } from '../schedule/schedule.ts'
import { FaultCounts } from './fault-counts.ts'
import { Strikes } from './strikes.ts'

const moments = Array.from({ length: 2_000 }, (_, n) => `r0.1 up ${n}`)
const byOdds = { ...scheduleOf(1), odds: { drop: 0.1, cut: 0.01 } }

function struckBy(schedule: typeof byOdds) {
  const counts = new FaultCounts()
  const strikes = new Strikes(schedule, counts)
  const drawn = moments.flatMap((moment) =>
    (['drop', 'cut', 'flip'] as const).map((fault) => strikes.at(moment, fault)?.float()),
  )
  return { strikes, counts, drawn }
}

test('[SI12] faults strike as often as the odds say, each by dice of its own, and are counted', () => {
  const { strikes, counts } = struckBy(byOdds)
  expect(counts.of('drop')).toBeGreaterThan(150)
  expect(counts.of('drop')).toBeLessThan(250)
  expect(counts.of('cut')).toBeGreaterThan(5)
  expect(counts.of('flip')).toBe(0)
  expect(strikes.struck).toHaveLength(counts.of('drop') + counts.of('cut'))
  const drops = (odds: typeof byOdds.odds) =>
    struckBy({ ...byOdds, odds }).strikes.struck.filter(({ fault }) => fault === 'drop')
  expect(drops({ drop: 0.1, cut: 0.5 })).toEqual(drops({ drop: 0.1, cut: 0 }))
})

test('[SI12] what struck strikes again from its list, with the same dice; leaving one out moves no other', () => {
  const { strikes, drawn } = struckBy(byOdds)
  expect(struckBy({ ...byOdds, strikes: strikes.struck }).drawn).toEqual(drawn)
  const [left, ...rest] = strikes.struck
  const without = struckBy({ ...byOdds, strikes: rest })
  expect(without.strikes.struck).toEqual(rest)
  expect(left).toBeDefined()
})

test('[SI12] nothing strikes once it is over', () => {
  const strikes = new Strikes({ ...byOdds, odds: { drop: 1 } }, new FaultCounts())
  expect(strikes.at('r0.1 up 1', 'drop')).toBeDefined()
  strikes.end()
  expect(strikes.at('r0.1 up 2', 'drop')).toBeUndefined()
})
