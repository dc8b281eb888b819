import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { policies } from '../policies/index.ts'
import type { Policy } from '../policies/policy.ts'
import { holding } from '../world/devices.test.helper.ts'
import type { Held } from '../world/held.ts'
import { listIn } from '../workloads/shown.ts'
import type { Deed } from './deed.ts'
import { after, naive } from './naive.test.helper.ts'
import type { Naive } from './naive.test.helper.ts'
import type { Shape, Shown } from './shape.ts'
import { nthOf, symbolOf, symbolsIn } from './symbols.ts'

const shape: Shape = {
  title: { kind: 'value' },
  count: { kind: 'counter' },
  tags: { kind: 'set' },
  items: { kind: 'order' },
  log: { kind: 'log' },
  votes: { kind: 'votes' },
  text: { kind: 'text' },
}

/** Few of each, so that what is named is often there, and often not. */
const one = (prefix: string): fc.Arbitrary<string> => fc.integer({ min: 1, max: 6 }).map((n) => `${prefix}${n}`)
const item = one('item')
const symbol = fc.nat(30).map(symbolOf)
const symbols = fc.uniqueArray(symbol, { minLength: 1, maxLength: 5 }).map((each) => each.join(''))

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ do: fc.constant('set' as const), field: fc.constant('title'), value: one('title') }),
  fc.record({ do: fc.constant('add' as const), field: fc.constant('count'), amount: fc.integer({ min: -9, max: 9 }) }),
  fc.record({ do: fc.constantFrom('put' as const, 'take' as const), field: fc.constant('tags'), element: one('tag') }),
  fc.record({
    do: fc.constantFrom('place' as const, 'move' as const),
    field: fc.constant('items'),
    item,
    after: fc.option(item),
    before: fc.constant(null),
  }),
  fc.record({ do: fc.constant('remove' as const), field: fc.constant('items'), item }),
  fc.record({ do: fc.constant('append' as const), field: fc.constant('log'), line: one('line') }),
  fc.record({
    do: fc.constant('vote' as const),
    field: fc.constant('votes'),
    by: one('user'),
    stars: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({
    do: fc.constant('type' as const),
    field: fc.constant('text'),
    symbols,
    after: fc.option(symbol),
    before: fc.constant(null),
  }),
  fc.record({ do: fc.constant('erase' as const), field: fc.constant('text'), symbols }),
)

/** A symbol is typed once: of what was typed already nothing is typed again. */
function typedOnce(all: readonly Deed[]): readonly Deed[] {
  const typed = new Set<string>()
  return all.flatMap((deed): readonly Deed[] => {
    if (deed.do !== 'type') return [deed]
    const fresh = [...deed.symbols].filter((each) => !typed.has(each))
    for (const each of fresh) typed.add(each)
    return fresh.length === 0 ? [] : [{ ...deed, symbols: fresh.join('') }]
  })
}

async function alone(policy: Policy): Promise<Held> {
  const [model, [device]] = await holding(policy, shape, 1)
  const held = device?.held(model.id)
  if (held === undefined) throw new Error('There is no device.')
  held.create()
  return held
}

/** Sets have no order. */
const comparable = (shown: Shown | undefined): unknown => ({ ...shown, tags: listIn(shown, 'tags').toSorted() })

const comparableTo = (seen: Naive): unknown => ({ ...seen, text: seen.text.join('') })

describe.each(policies)('under $name', (policy) => {
  test.prop([fc.array(deeds, { maxLength: 30 }).map(typedOnce)], { numRuns: policy.name === 'automerge' ? 10 : 40 })(
    '[LA40] one who is alone sees what was done, deed by deed, as with plain arrays',
    async (all) => {
      const held = await alone(policy)
      let seen = naive()
      for (const deed of all) {
        const before = comparableTo(seen)
        seen = after(seen, deed)
        const updates = held.do([deed])
        expect(comparable(held.shown)).toEqual(comparableTo(seen))
        expect({ deed, wrote: updates.length > 0 }).toEqual({
          deed,
          wrote: JSON.stringify(comparableTo(seen)) !== JSON.stringify(before),
        })
      }
      held.dispose()
    },
  )

  test('[LA41] what is so already, and what names something that is not there, writes nothing', async () => {
    const held = await alone(policy)
    held.do([
      { do: 'set', field: 'title', value: 'a' },
      { do: 'put', field: 'tags', element: 'a' },
      { do: 'place', field: 'items', item: 'a', after: null, before: null },
      { do: 'place', field: 'items', item: 'b', after: 'a', before: null },
      { do: 'vote', field: 'votes', by: 'a', stars: 3 },
      { do: 'type', field: 'text', symbols: symbolOf(0), after: null, before: null },
    ])
    const nothing: readonly Deed[] = [
      { do: 'set', field: 'title', value: 'a' },
      { do: 'put', field: 'tags', element: 'a' },
      { do: 'take', field: 'tags', element: 'b' },
      { do: 'place', field: 'items', item: 'b', after: 'a', before: null },
      { do: 'move', field: 'items', item: 'b', after: 'a', before: null },
      { do: 'move', field: 'items', item: 'b', after: 'b', before: null },
      { do: 'move', field: 'items', item: 'c', after: 'a', before: null },
      { do: 'remove', field: 'items', item: 'c' },
      { do: 'vote', field: 'votes', by: 'a', stars: 3 },
      { do: 'erase', field: 'text', symbols: symbolOf(1) },
    ]
    expect(nothing.filter((deed) => held.do([deed]).length > 0)).toEqual([])
    held.dispose()
  })

  test('[LA42] several deeds of one transaction are all there, and of a deleted entity nothing is shown', async () => {
    const held = await alone(policy)
    held.do([
      { do: 'set', field: 'title', value: 'a' },
      { do: 'add', field: 'count', amount: 2 },
      { do: 'append', field: 'log', line: 'a' },
    ])
    expect(held.shown).toMatchObject({ title: 'a', count: 2, log: ['a'] })
    expect(held.do([{ do: 'delete' }]).length).toBeGreaterThan(0)
    expect(held.isThere).toBe(false)
    expect(held.shown).toBeUndefined()
    held.dispose()
  })
})

test('[LA43] a symbol is one character of four bytes, and its number comes back', () => {
  const text = [0, 1, 65_535, 1_048_575].map(symbolOf)
  expect(text.map((each) => [[...each].length, new TextEncoder().encode(each).length])).toEqual(text.map(() => [1, 4]))
  expect(text.map(nthOf)).toEqual([0, 1, 65_535, 1_048_575])
  expect([...symbolsIn(text.join(''))]).toEqual([0, 1, 65_535, 1_048_575])
  expect(() => symbolOf(1_048_576)).toThrow(RangeError)
})
