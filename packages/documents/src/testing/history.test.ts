import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Engine, EngineDocument, Update } from '../engine.ts'
import { yjs } from '../yjs/index.ts'
import { anyActions, playHistory } from './history.ts'

const places = (updates: readonly Update[]): number[] => updates.map(({ seq }) => seq ?? 0)

test('[DO231] each write has its place in one log, behind what its author wrote and had seen before', () => {
  fc.assert(
    fc.property(anyActions, (actions) => {
      const { writes } = playHistory(yjs, actions)
      const all = places(writes.map(({ update }) => update))
      expect(all.toSorted((a, b) => a - b)).toEqual(all.map((_, i) => i + 1))
      for (const { update, before } of writes) {
        const [own = 0] = places([update])
        expect(Math.max(0, ...places(before.map((write) => write.update)))).toBeLessThan(own)
      }
    }),
  )
})

test('[DO231] the order of the log is not that of making', () => {
  const orders = fc.sample(anyActions, 50).map((actions) => {
    const all = places(playHistory(yjs, actions).writes.map(({ update }) => update))
    return all.some((place, i) => place !== i + 1)
  })
  expect(orders.filter(Boolean).length).toBeGreaterThan(25)
})

test('[DO231] a replica is told of its own places before it hears of any behind them', () => {
  const heard: Update[][] = []
  const listening: Engine = {
    ...yjs,
    create() {
      const document = yjs.create()
      const updates: Update[] = []
      heard.push(updates)
      const apply = (some: readonly Update[]): void => {
        updates.push(...some)
        document.apply(some)
      }
      return new Proxy(document, {
        get: (target, name: keyof EngineDocument) => {
          if (name === 'apply') return apply
          const member: unknown = target[name]
          return typeof member === 'function' ? member.bind(target) : member
        },
      })
    },
  }
  fc.assert(
    fc.property(anyActions, (actions) => {
      heard.length = 0
      const { writes } = playHistory(listening, actions)
      for (const [replica, updates] of heard.entries()) {
        const own = new Set(places(writes.filter((write) => write.replica === replica).map(({ update }) => update)))
        for (const place of places(updates)) {
          expect(place).toBeGreaterThan(0)
          if (own.has(place)) own.delete(place)
          // Nothing of its own that is still untold lies before what it hears of.
          for (const untold of own) if (untold < place) throw new Error(`${place} came before its own ${untold}`)
        }
      }
    }),
  )
})
