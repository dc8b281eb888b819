import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPosition, positionLengthMax, run } from './position.ts'
import { byPlace, makeRoom } from './room.ts'
import type { Placed } from './room.ts'

const named = (positions: readonly string[]): Placed[] =>
  positions.map((position, n) => ({ id: `i${1000 + n}`, position }))

/** Does as a writer does: moves what has to give way, puts the new ones in. Returns how many it moved. */
function insert(items: Placed[], index: number, ids: readonly string[], tag: string): number {
  const { positions, moved } = makeRoom(items, index, ids.length, tag)
  const order = [...items.slice(0, index).map(({ id }) => id), ...ids, ...items.slice(index).map(({ id }) => id)]
  for (const { id, position } of moved) {
    const at = items.findIndex((item) => item.id === id)
    expect(isPosition(position)).toBe(true)
    items[at] = { id, position }
  }
  expect(positions.every(isPosition)).toBe(true)
  items.splice(index, 0, ...positions.map((position, n) => ({ id: ids[n] ?? '', position })))
  expect([...items].sort(byPlace).map(({ id }) => id)).toEqual(order)
  return moved.length
}

describe('room for an item', () => {
  test('[DO103] is found between any items, at equal positions and at the longest ones too', () => {
    const long = fc.constantFrom(
      `V.a.${'V'.repeat(positionLengthMax - 4)}`,
      `V.a.${'V'.repeat(positionLengthMax - 5)}U`,
      `V.a.${'z'.repeat(9 * 27)}`,
      `V.a.${'0'.repeat(9 * 27)}V`,
    )
    const position = fc.oneof(long, fc.constantFrom('V.a.V', 'V.a.W', 'W.b.V', 'V.a.V.V.b.V'))
    fc.assert(
      fc.property(
        fc.array(position, { maxLength: 12 }),
        fc.nat(),
        fc.integer({ min: 1, max: 3 }),
        (positions, at, count) => {
          const items = named(positions).sort(byPlace)
          insert(items, at % (items.length + 1), ['new0', 'new1', 'new2'].slice(0, count), 'b')
        },
      ),
      { numRuns: 500 },
    )
  })

  test('[DO103] between two at one position one gives way, and elsewhere none', () => {
    expect(makeRoom(named(['V.a.V', 'V.a.V', 'W.a.V']), 1, 1, 'b').moved).toEqual([
      { id: 'i1001', position: expect.any(String) },
    ])
    for (const index of [0, 2, 3]) expect(makeRoom(named(['V.a.V', 'V.a.V', 'W.a.V']), index, 1, 'b').moved).toEqual([])
    const many = named(Array.from({ length: 1000 }, () => 'V.a.V'))
    expect(makeRoom(many, 999, 1, 'b').moved).toHaveLength(1)
    expect(makeRoom(many, 1, 1, 'b').moved).toHaveLength(1)
  })

  test('[DO103] where all are squeezed into one gap, an insertion moves about one other on average', () => {
    const items = named(run(undefined, undefined, '1z141z3', 2))
    let moved = 0
    for (let n = 0; n < 1500; n++) moved += insert(items, items.length >> 1, [`n${1000 + n}`], '1z141z3')
    expect(moved).toBeGreaterThan(0)
    expect(moved).toBeLessThan(2 * items.length)
  })
})
