import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../engine.ts'
import { positionLengthMax } from './position.ts'
import { itemsOf, Sequence } from './sequence.ts'
import type { Item } from './sequence.ts'
import type { PlacesSource } from './existing.ts'
import { sourceOf } from './source.test.helper.ts'

const inOrder = (source: PlacesSource): readonly Item[] => new Sequence(itemsOf(source)).items

const id = fc.constantFrom('a.0', 'a.1', 'a.1.2', 'b.0', '1z141z3.zz')
const position = fc.constantFrom('V.a.V', 'V.a.W', 'V.b.V', 'W.a.V')

describe('a sequence', () => {
  test('[DO104] has exactly the items that are created, each with the last value and position', () => {
    const writes = fc.array(
      fc.oneof(
        fc.tuple(id, fc.constantFrom('', '/p'), position),
        fc.tuple(id, fc.constant('/v'), fc.integer() as fc.Arbitrary<Json>),
      ),
    )
    fc.assert(
      fc.property(writes, fc.func(fc.integer()), (all, order) => {
        const registers = new Map<string, Json>()
        for (const [name, aspect, value] of all)
          registers.set(`items/${name}${aspect}`, aspect === '' ? ['first', value] : value)
        const misfits: Json[] = []
        const items = inOrder(sourceOf('items', registers, misfits))
        const shuffled = [...registers].sort(([a], [b]) => order(a) - order(b))
        expect(inOrder(sourceOf('items', new Map(shuffled)))).toEqual(items)
        const created = [...registers.keys()].filter((key) => key.split('/').length === 2)
        expect(items.map((item) => `items/${item.id}`).sort()).toEqual(created.sort())
        for (const item of items) {
          const [first, at] = registers.get(`items/${item.id}`) as [Json, string]
          expect(item.value).toEqual(registers.get(`items/${item.id}/v`) ?? first)
          expect(item.position).toEqual(registers.get(`items/${item.id}/p`) ?? at)
        }
        expect(misfits).toEqual([])
        const sequence = new Sequence([...items])
        items.forEach((item, index) => expect(sequence.indexOf(item.id)).toBe(index))
        expect(sequence.indexOf('c.0')).toBe(-1)
        const texts = items.map((item) => `${item.position} ${item.id}`)
        expect(texts).toEqual(texts.toSorted())
      }),
    )
  })

  test('[DO104] a value of null is a value', () => {
    const registers = new Map<string, Json>([
      ['items/a.0', [1, 'V.a.V']],
      ['items/a.0/v', null],
      ['items/a.1', [null, 'V.a.W']],
    ])
    expect(inOrder(sourceOf('items', registers)).map(({ value }) => value)).toEqual([null, null])
  })

  test('[DO105] what does not fit is left out and told; an item whose new place does not fit stays where it began', () => {
    const registers = new Map<string, Json>([
      ['items/a.0', ['x', 'V.a.W']],
      ['items/a.0/p', 'nowhere'],
      ['items/a.1', ['y', 'V.a.V']],
      ['items/a.1/p', `V.a.${'V'.repeat(positionLengthMax)}`],
      ['items/a.2', 'no pair'],
      ['items/a.3', ['no position']],
      ['items/a.4', ['a bad position', 'V']],
      ['items/a.5', ['too much', 'V.a.V', 1]],
      ['items/__proto__', ['a bad id', 'V.a.V']],
      ['items/a.6/x', 'unknown'],
      ['items/a.6/v/x', 'deep'],
      ['items/a.7/p', 'V.a.V'],
      ['items/a.7/v', 'left behind'],
      ['items/a.8/p', 'left behind, no position'],
    ])
    const misfits: Json[] = []
    expect(inOrder(sourceOf('items', registers, misfits))).toEqual([
      { id: 'a.1', value: 'y', position: 'V.a.V' },
      { id: 'a.0', value: 'x', position: 'V.a.W' },
    ])
    expect(misfits).toHaveLength(9)
    expect(JSON.stringify(misfits)).not.toContain('left behind')
  })

  test('[DO104] ten thousand items are in order in a moment', () => {
    const registers = new Map<string, Json>()
    for (let n = 0; n < 10_000; n++) {
      const name = `items/a.${((n * 7919) % 10_000).toString(36)}`
      registers.set(name, [n, 'V.a.V']).set(`${name}/p`, `V.${((n * 104_729) % 10_000).toString(36)}.V`)
    }
    const items = inOrder(sourceOf('items', registers))
    expect(items).toHaveLength(10_000)
  })
})
