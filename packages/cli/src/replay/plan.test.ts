import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { createDirector } from './director.ts'
import { createLink, nextStop } from './link.ts'
import { defaultFaults, drawPlan, seededDraw } from './plan.ts'
import type { ProgressReport } from './roles.ts'

const faults = fc.record({ cuts: fc.nat(20), kills: fc.nat(5), serverKills: fc.nat(5) })
const sizes = fc.integer({ min: 1, max: 300_000 })

const progress = (position: number, pending: number, online = true): ProgressReport => ({
  kind: 'progress',
  position,
  pending,
  online,
  durable: position,
  bytesUp: 0,
  bytesDown: 0,
  madeOffline: 0,
})

describe('the plan', () => {
  test.prop([sizes, faults, fc.nat()])('[RE6] the same seed gives the same plan', (size, wanted, seed) => {
    expect(drawPlan(size, wanted, seededDraw(seed))).toEqual(drawPlan(size, wanted, seededDraw(seed)))
  })

  test('[RE6] another seed gives another plan', () => {
    const plan = (seed: number): unknown => drawPlan(259_778, defaultFaults, seededDraw(seed))
    expect(plan(1)).not.toEqual(plan(2))
  })

  test.prop([sizes, faults, fc.nat()])(
    '[RE7] cuts do not touch, and are a quarter of the session together',
    (size, wanted, seed) => {
      const { cuts, kills, serverKills } = drawPlan(size, wanted, seededDraw(seed))
      expect(cuts).toHaveLength(Math.min(wanted.cuts, Math.floor(size / 8)))
      let end = -1
      for (const { from, to } of cuts) {
        expect(from).toBeGreaterThan(end)
        expect(to).toBeGreaterThan(from)
        end = to
      }
      expect(end).toBeLessThanOrEqual(size)
      const offline = cuts.reduce((sum, { from, to }) => sum + to - from, 0)
      if (cuts.length > 0) expect(Math.abs(offline / size - 0.25)).toBeLessThan(0.03 + cuts.length / 2 / size)
      expect([kills.length, serverKills.length]).toEqual([wanted.kills, wanted.serverKills])
      for (const kill of [...kills, ...serverKills]) {
        expect(kill).toBeGreaterThanOrEqual(Math.floor(size / 20))
        expect(kill).toBeLessThan(size)
        expect(cuts.some(({ from, to }) => from <= kill && kill < to)).toBe(false)
      }
    },
  )

  test('[RE8] a kill waits for its position and for 100 writes without an ack', () => {
    const director = createDirector({ cuts: [], kills: [500], serverKills: [700] })
    expect(director.next(progress(499, 5000))).toBeUndefined()
    expect(director.next(progress(600, 99))).toBeUndefined()
    expect(director.next(progress(650, 100, false))).toBe('author')
    expect(director.next(progress(700, 400, false))).toBeUndefined()
    expect(director.next(progress(701, 400))).toBe('server')
    expect(director.next(progress(900, 400))).toBeUndefined()
    expect(director.overdue()).toBeUndefined()
  })

  test('[RE8] what is still due when everything is typed happens then', () => {
    const director = createDirector({ cuts: [], kills: [500], serverKills: [700] })
    expect([director.overdue(), director.overdue(), director.overdue()]).toEqual(['server', 'author', undefined])
  })

  test.prop([sizes, faults, fc.nat()])('[RE9] the link changes exactly where the plan says', (size, wanted, seed) => {
    const plan = drawPlan(size, wanted, seededDraw(seed))
    const seen: (readonly [string, number, number])[] = []
    const link = createLink(plan, {
      cut: (index, at) => seen.push(['cut', index, at]),
      rejoined: (index, at) => seen.push(['rejoined', index, at]),
    })
    for (let at = 0; at < size; at = nextStop(plan, at, 250, size)) link.follow(at)
    link.follow(size)
    expect(seen).toEqual(
      plan.cuts.flatMap(({ from, to }, index) => [
        ['cut', index, from],
        ['rejoined', index, to],
      ]),
    )
    expect(link.cut).toBeUndefined()
  })
})
