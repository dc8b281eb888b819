import { collection, map, register } from '@rejoin/schema'
import type { Json, Policy } from '@rejoin/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DocumentUpdate, Entity } from '../entity/entity.ts'
import { deliver, errorOf, foreign, registersOf, replica, Stamps, updatesOf } from '../replicas.test.helper.ts'
import { number, string } from '../schemas.test.helper.ts'

/** Version 1 has `price` in whole euros; version 2 has `cents`, and writes euros for version 1, rounded. */
const version1 = collection('goods', { price: register(number), prices: map(number), colour: register(string) })
const euros = {
  up: (stored: Json) => Number(stored) * 100,
  down: (cents: number) => Math.round(cents / 100),
}
const version2 = (policy: Policy<number> = 'last-write-wins', lens: typeof euros | Pick<typeof euros, 'up'> = euros) =>
  collection('goods', {
    cents: register(number, { lens: { from: 'price', ...lens } }).conflicts(policy),
    allCents: map(number, { lens: { from: 'prices', ...lens } }).conflicts(policy),
  })

type Old = Entity<typeof version1>
type New = Entity<ReturnType<typeof version2>>

/** An old and a new version on one clock, that hear of each other when told to. */
function pair(collection = version2()): { old: Old; young: New; stamps: Stamps; sync(): void } {
  const stamps = new Stamps()
  const old = replica(1, { collection: version1, stamps }).entity
  const young = replica(2, { collection, stamps }).entity
  let heard = 0
  const all: DocumentUpdate[] = []
  const record = <E extends Entity<never>>(entity: E): E =>
    Object.assign(entity, {
      edit: (...given: Parameters<E['edit']>) => {
        const result = Object.getPrototypeOf(entity).edit.apply(entity, given)
        all.push(...updatesOf(result))
        return result
      },
    })
  const sync = (): void => {
    for (const entity of [old, young]) deliver(entity, all.slice(heard))
    heard = all.length
  }
  const begun = updatesOf(old.create({}))
  deliver(young, begun)
  return { old: record(old as never), young: record(young as never), stamps, sync }
}

const setPrice = (entity: Old, price: number) =>
  entity.edit('user', (it) => (it.price.set(price), it.prices.set('a', price)))
const setCents = (entity: New, cents: number) =>
  entity.edit('user', (it) => (it.cents.set(cents), it.allCents.set('a', cents)))
const show = ({ old, young }: { old: Old; young: New }): unknown[] => {
  const [first, second] = [old.view(), young.view()]
  expect([first.prices['a'], second.allCents['a']]).toEqual([first.price, second.cents])
  return [first.price, second.cents]
}

describe('a lens', () => {
  test('[DO180] shows what an older version wrote, and writes what it can read', () => {
    const both = pair()
    setPrice(both.old, 5)
    both.sync()
    expect(show(both)).toEqual([5, 500])
    setCents(both.young, 1049)
    both.sync()
    expect(show(both)).toEqual([10, 1049])
    // The old version writes again: the new one sees that, not what it had itself.
    setPrice(both.old, 7)
    both.sync()
    expect(show(both)).toEqual([7, 700])
    expect(both.young.misfits()).toEqual([])
  })

  test('[DO180] a renamed field without `down` leaves the older version what it had', () => {
    const both = pair(version2('last-write-wins', { up: euros.up }))
    setPrice(both.old, 5)
    both.sync()
    setCents(both.young, 1049)
    both.sync()
    expect(show(both)).toEqual([5, 1049])
    setPrice(both.old, 6)
    both.sync()
    expect(show(both)).toEqual([6, 600])
  })

  test('[DO180] clearing takes it away for both', () => {
    for (const lens of [euros, { up: euros.up }]) {
      const both = pair(version2('last-write-wins', lens))
      setPrice(both.old, 5)
      both.sync()
      both.young.edit('user', (it) => (it.cents.clear(), it.allCents.delete('a')))
      both.sync()
      expect(show(both)).toEqual([undefined, undefined])
      setCents(both.young, 300)
      both.sync()
      both.old.edit('user', (it) => (it.price.clear(), it.prices.delete('a')))
      both.sync()
      expect(both.old.view().price).toBeUndefined()
    }
  })

  test('[DO181] concurrent writes of both versions compete, each as it was written', () => {
    for (const [first, second] of [
      [setPrice, setCents],
      [setCents, setPrice],
    ] as const) {
      const both = pair(version2('manual'))
      setCents(both.young, 2000)
      both.sync()
      first(both[first === setPrice ? 'old' : 'young'] as never, first === setPrice ? 5 : 1049)
      second(both[second === setPrice ? 'old' : 'young'] as never, second === setPrice ? 5 : 1049)
      both.sync()
      const values = first === setPrice ? [500, 1049] : [1049, 500]
      both.young.edit('user', (it) => {
        expect([it.cents.values, it.allCents.values('a')]).toEqual([values, values])
        expect(it.cents.value).toBe(values[1])
      })
      expect(show(both)).toEqual(first === setPrice ? [10, 1049] : [5, 500])
      setCents(both.young, 700)
      both.sync()
      both.young.edit('user', (it) => expect(it.cents.values).toEqual([700]))
      expect(show(both)).toEqual([7, 700])
    }
  })

  test('[DO181] a conflict that is resolved is resolved for the older version too', () => {
    const stamps = new Stamps()
    const rule = version2('manual')
    const [a, b] = [2, 3].map((n) => replica(n, { collection: rule, stamps }).entity) as [New, New]
    const old = replica(1, { collection: version1, stamps }).entity
    const begun = updatesOf(a.create({ cents: 100 }))
    for (const entity of [b, old]) deliver(entity, begun)
    const both = [updatesOf(setCents(a, 300)), updatesOf(setCents(b, 500))]
    deliver(a, both[1] ?? [])
    deliver(old, both.flat())
    expect(old.view().price).toBe(5)
    const conflict = a.conflicts().find(({ field }) => field === 'cents')
    if (conflict === undefined) throw new Error('no conflict')
    const late = updatesOf(old.edit('user', (it) => it.price.set(8)))
    deliver(old, updatesOf(a.resolve(conflict, 'mine')))
    expect([a.view().cents, a.conflicts().map(({ field }) => field)]).toEqual([300, ['allCents']])
    a.edit('user', (it) => expect(it.cents.values).toEqual([300]))
    // What was not shown there competes on.
    deliver(a, late)
    expect(old.view().price).toBe(3)
    a.edit('user', (it) => expect(it.cents.values.toSorted((x, y) => x - y)).toEqual([300, 800]))
  })

  test('[DO181] what an older version wrote over does not compete any more', () => {
    const both = pair(version2('manual'))
    setCents(both.young, 1049)
    both.sync()
    setPrice(both.old, 5)
    both.sync()
    both.young.edit('user', (it) => expect(it.cents.values).toEqual([500]))
  })

  test('[DO181] under a policy that never goes back everything counts, but no shadow', () => {
    const greatest = pair(version2('max'))
    setCents(greatest.young, 1050)
    greatest.sync()
    // Its shadow reads 11 euros, which would be more.
    expect(show(greatest)).toEqual([11, 1050])
    setPrice(greatest.old, 3)
    greatest.sync()
    expect(greatest.young.view().cents).toBe(1050)
    setPrice(greatest.old, 20)
    greatest.sync()
    expect(greatest.young.view().cents).toBe(2000)
    expect(updatesOf(setCents(greatest.young, 1500))).toEqual([])

    const first = pair(version2('first-write-wins', { up: euros.up }))
    setPrice(first.old, 5)
    first.sync()
    expect(updatesOf(setCents(first.young, 1500))).toEqual([])
    expect(first.young.view().cents).toBe(500)
  })

  test('[DO180] two versions that go on together show the last write, whoever made it', () => {
    const step = fc.record({ young: fc.boolean(), value: fc.integer({ min: 0, max: 500 }), syncs: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), (steps) => {
        const both = pair()
        for (const { young, value, syncs } of steps) {
          if (young) setCents(both.young, value * 10)
          else setPrice(both.old, value)
          if (syncs) both.sync()
        }
        both.sync()
        const { young, value } = steps.at(-1) as (typeof steps)[number]
        expect(show(both)).toEqual(young ? [Math.round(value / 10), value * 10] : [value, value * 100])
      }),
      { numRuns: 60 },
    )
  })

  test('[DO180, DO181] old and new devices that hear of each other late and in part end alike, each in its own terms', () => {
    const step = fc.record({
      device: fc.nat(3),
      what: fc.constantFrom('set', 'set', 'clear', 'hear'),
      value: fc.integer({ min: 0, max: 500 }),
      share: fc.nat(100),
    })
    const policies = fc.constantFrom<Policy<number>>('last-write-wins', 'manual', 'max', 'first-write-wins')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), policies, fc.boolean(), (steps, policy, hasDown) => {
        const rule = version2(policy, hasDown ? euros : { up: euros.up })
        const stamps = new Stamps()
        const olds = [1, 2].map((n) => replica(n, { collection: version1, stamps }).entity)
        const youngs = [3, 4].map((n) => replica(n, { collection: rule, stamps }).entity)
        const devices = [...olds, ...youngs]
        const all: DocumentUpdate[] = []
        const heard = devices.map(() => 0)
        let greatest: number | undefined
        for (const { device, what, value, share } of steps) {
          const [old, young] = [olds[device], youngs[device - 2]]
          const entity = old ?? young
          if (entity === undefined) continue
          const upTo = Math.max(heard[device] ?? 0, Math.ceil((all.length * share) / 100))
          deliver(entity, all.slice(heard[device], upTo))
          heard[device] = upTo
          if (what === 'hear') continue
          if (what === 'clear' && (policy === 'max' || policy === 'first-write-wins')) continue
          if (old !== undefined)
            all.push(...updatesOf(old.edit('user', ({ price }) => (what === 'set' ? price.set(value) : price.clear()))))
          if (young === undefined) continue
          const written = updatesOf(
            young.edit('user', ({ cents }) => (what === 'set' ? cents.set(value * 10) : cents.clear())),
          )
          all.push(...written)
          if (what === 'set' && written.length > 0) greatest = Math.max(greatest ?? 0, value * 10)
        }
        for (const entity of devices) deliver(entity, all)
        for (const kind of [olds, youngs]) expect(new Set(kind.map((entity) => entity.canonical())).size).toBe(1)
        const [price, cents] = [olds[0]?.view().price, youngs[0]?.view().cents]
        expect(youngs[0]?.misfits()).toEqual([])
        if (policy === 'max') expect(cents ?? -1).toBeGreaterThanOrEqual(greatest ?? -1)
        else if (hasDown && policy !== 'first-write-wins')
          // That an older version has cleared its key does not reach the new one.
          expect(price).toBe(price === undefined || cents === undefined ? undefined : euros.down(cents))
      }),
      { numRuns: 200 },
    )
  })

  test('[DO182] what is in no version of the schema stays, whoever edits', () => {
    const both = pair()
    both.old.edit('user', (it) => it.colour.set('red'))
    both.sync()
    setCents(both.young, 1049)
    both.sync()
    expect(both.young.misfits()).toEqual([{ field: 'colour', value: 'red' }])
    expect(both.old.view()).toMatchObject({ price: 10, colour: 'red' })
    expect(both.old.misfits()).toEqual([
      { field: 'allCents/a', value: 1049 },
      { field: 'cents', value: 1049 },
    ])
  })

  test('[DO183] a lens that throws, or gives what does not fit, leaves a misfit', () => {
    const rubbish: ((stored: Json) => unknown)[] = [
      () => {
        throw new Error('boom')
      },
      () => undefined,
      () => 'text',
      () => new Date(0),
      () => Number.NaN,
    ]
    for (const up of rubbish) {
      const both = pair(version2('last-write-wins', { up: up as typeof euros.up }))
      setPrice(both.old, 5)
      both.sync()
      expect(both.young.view()).toMatchObject({ cents: undefined, allCents: {} })
      expect(both.young.misfits()).toContainEqual({ field: 'cents', value: 5 })
      setCents(both.young, 100)
      expect(both.young.view().cents).toBe(100)
    }
  })

  test('[DO183] one that cannot write for older versions refuses the write at the call', () => {
    const rubbish: [() => unknown, RegExp][] = [
      [
        () => {
          throw new Error('boom')
        },
        /^Field cents: its lens could not write it for older versions: boom\.$/,
      ],
      [() => undefined, /^Field cents: what its lens gives for older versions cannot be stored: undefined is not JSON/],
      [() => new Date(0), /cannot be stored: an object with a class/],
      [() => JSON.parse('{"__proto__":1}'), /cannot be stored: the key __proto__/],
    ]
    for (const [down, message] of rubbish) {
      const { entity } = replica(1, {
        collection: version2('last-write-wins', { up: euros.up, down: down as typeof euros.down }),
      })
      updatesOf(entity.create({}))
      const before = entity.canonical()
      expect(errorOf(() => entity.edit('user', (it) => it.cents.set(5)))).toMatchObject({
        kind: 'bad-value',
        message: expect.stringMatching(message),
      })
      // Nothing of it waits: the entity can be used on.
      expect(updatesOf(entity.edit('user', (it) => expect(() => it.cents.set(5)).toThrow()))).toEqual([])
      expect(entity.canonical()).toBe(before)
    }
  })

  test('[DO183] hostile values under either key are listed, and the rest is shown', () => {
    const { entity } = replica(1, { collection: version2() })
    updatesOf(entity.create({ cents: 500 }))
    for (const [stamp, key, value] of [
      [901, 'price', 'five'],
      [902, 'price', { a: [null] }],
      [903, 'cents', 'many'],
      [904, 'prices/__proto__', 1],
      [905, 'allCents/', 1],
    ] as const)
      deliver(entity, [foreign(registersOf('shared'), ({ registers }) => registers.append(key, stamp, value))])
    expect(entity.view()).toMatchObject({ cents: 500, allCents: {} })
    expect(entity.misfits()).toHaveLength(5)
    updatesOf(entity.edit('user', (it) => it.cents.set(700)))
    expect(entity.view().cents).toBe(700)
  })
})

describe('an upgrade', () => {
  const old = collection('goods', { size: register(string), sizes: map(string) })
  const upgrade = (stored: Json): number => ({ small: 1, large: 9 })[String(stored)] ?? Number(stored)
  const young = collection('goods', { size: register(number, { upgrade }), sizes: map(number, { upgrade }) })

  test('[DO184] shows what the schema of an older version let pass; a write puts the new form in its place', () => {
    const [a, b] = [replica(1, { collection: old }), replica(2, { collection: young })]
    deliver(b.entity, updatesOf(a.entity.create({ size: 'large', sizes: { x: 'small', y: '5' } })))
    expect(b.entity.view()).toMatchObject({ size: 9, sizes: { x: 1, y: 5 } })
    expect(b.entity.misfits()).toEqual([])
    b.entity.edit('user', (it) => expect([it.size.value, it.sizes.get('x')]).toEqual([9, 1]))
    deliver(a.entity, updatesOf(b.entity.edit('user', (it) => it.size.set(4))))
    // The older version has no use for the new form, and says so.
    expect([a.entity.view().size, a.entity.misfits()]).toEqual([undefined, [{ field: 'size', value: 4 }]])
    expect(b.entity.view().size).toBe(4)
  })

  test('[DO184] one that throws, or gives what does not fit, leaves a misfit', () => {
    for (const wrong of [
      () => 'text',
      () => {
        throw new Error('boom')
      },
      () => Number.NaN,
      () => undefined,
    ]) {
      const odd = collection('goods', { size: register(number, { upgrade: wrong as () => number }) })
      const [a, b] = [replica(1, { collection: old }), replica(2, { collection: odd })]
      deliver(b.entity, updatesOf(a.entity.create({ size: 'large' })))
      expect([b.entity.view().size, b.entity.misfits()]).toEqual([undefined, [{ field: 'size', value: 'large' }]])
    }
  })
})
