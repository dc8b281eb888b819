import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeclaredSlots, SlotDeclarer, SlotTable } from './index.ts'

const sameOnly = (old: string, declared: string): string | undefined => (old === declared ? old : undefined)

test('[PR14] a slot that was not declared, and one declared with another meaning, are bad frames', () => {
  const table = new SlotTable<string>(4, 'document', sameOnly)
  expect(table.get(7)).toEqual({ ok: false, error: { kind: 'bad-frame', message: 'document slot 7 was not declared' } })
  expect(table.declare(7, 'a').ok).toBe(true)
  expect(table.declare(7, 'a').ok).toBe(true)
  expect(table.declare(7, 'b')).toMatchObject({ ok: false, error: { kind: 'bad-frame' } })
  expect(table.get(7)).toEqual({ ok: true, value: 'a' })
})

test('[PR14] a writer is declared again with further client ids', () => {
  const table = new SlotTable<readonly number[]>(4, 'writer', (old, declared) => [...old, ...declared])
  table.declare(1, [5])
  expect(table.declare(1, [6])).toEqual({ ok: true, value: [5, 6] })
})

test('[PR15] a table keeps the latest declarations, as many as its limit, and no more', () => {
  const table = new SlotTable<string>(3, 'document', sameOnly)
  for (const slot of [1, 2, 3, 1, 4]) table.declare(slot, `d${slot}`)
  expect(table.size).toBe(3)
  expect([1, 2, 3, 4].map((slot) => table.get(slot).ok)).toEqual([true, false, true, true])
})

test('[PR15] whatever is used in whatever order, what the declaring side takes for known is known', () => {
  const max = 8
  let declared = 0
  let forgotten = 0
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: max / 2 }), { maxLength: 60 }),
      (frames) => {
        const declarer = new SlotDeclarer(max)
        const table = new SlotTable<string>(max, 'document', sameOnly)
        const everDeclared = new Set<string>()
        for (const names of frames) {
          const used = names.map((name) => ({ key: `d${name}`, ...declarer.use(`d${name}`) }))
          for (const { slot, key, declare } of used) {
            if (!declare) continue
            expect(table.declare(slot, key).ok).toBe(true)
            if (everDeclared.has(key)) forgotten++
            everDeclared.add(key)
            declared++
          }
          for (const { slot, key } of used) expect(table.get(slot)).toEqual({ ok: true, value: key })
          for (const { slot, key } of used) expect(declarer.keyOf(slot)).toBe(key)
        }
      },
    ),
    { numRuns: 300 },
  )
  expect(declared).toBeGreaterThan(1000)
  expect(forgotten).toBeGreaterThan(100)
})

test('[PR15] slots numbered elsewhere follow the same rule, sparse as they may be', () => {
  const slots = new DeclaredSlots(4)
  expect([70_000, 5, 70_000, 9, 5, 70_000].map((slot) => slots.use(slot))).toEqual([
    true,
    true,
    false,
    true,
    false,
    true,
  ])
})
