import { collection, map, register } from '@rejoin/schema'
import type { Collection, FieldDeclaration, Json, Policy } from '@rejoin/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Entity } from '../entity/entity.ts'
import { deliver, errorOf, foreign, meet, registersOf, replica, Stamps, updatesOf } from '../replicas.test.helper.ts'
import { number, oneOf, string } from '../schemas.test.helper.ts'

type Value = FieldDeclaration<'register', 'shared', Json, Json>
type Values = FieldDeclaration<'map', 'shared', Json, Json>
type Held = Collection<{ readonly value: Value; readonly members: Values }>

const heldBy = (policy: Policy): Held =>
  collection('held', { value: register().conflicts(policy), members: map().conflicts(policy) })
const create = (entity: Entity<Held>) => entity.create({})
const write =
  (...values: readonly Json[]) =>
  (entity: Entity<Held>) =>
    entity.edit('user', (held) => {
      for (const value of values) {
        held.value.set(value)
        held.members.set('m', value)
      }
    })

/** What is shown where each of the devices wrote, in the order of their stamps, after all had seen `before`. */
function shown(policy: Policy, before: readonly Json[], concurrent: readonly Json[]): Json | undefined {
  const met = meet(
    heldBy(policy),
    [create, ...before.map((value) => write(value))],
    concurrent.map((value) => write(value)),
  )
  const { value, members } = met.view()
  expect(members.m).toEqual(value)
  return value
}

const states: Policy = {
  transitions: {
    draft: ['review'],
    review: ['draft', 'approved', 'rejected'],
    approved: ['published'],
    published: [],
  },
}
const grades: Policy = { order: ['draft', 'sent', 'paid'] }
const joined: Policy = {
  resolve: (values) =>
    values
      .map(String)
      .toSorted((a, b) => a.localeCompare(b))
      .join('+'),
}

/** Among numbers and texts. */
function greater(a: Json | undefined, b: Json | undefined): boolean {
  if (typeof a === 'number') return b === undefined || (typeof b === 'number' && a > b)
  return typeof a === 'string' && (typeof b !== 'string' || a > b)
}

describe('policies, on two devices', () => {
  type Row = readonly [policy: Policy, seenByBoth: readonly Json[], onEach: readonly Json[], shown: Json]
  const check = (policy: Policy, before: readonly Json[], concurrent: readonly Json[], expected: Json): void =>
    expect(shown(policy, before, concurrent)).toEqual(expected)

  test.each<Row>([
    ['last-write-wins', ['a'], ['b', 'c'], 'c'],
    ['last-write-wins', ['a'], ['c', 'b'], 'b'],
    ['manual', ['a'], ['c', 'b'], 'b'],
  ])('[DO80] %j: after %j, %j at once, the later stamp last, show %j', check)

  test.each<Row>([
    ['first-write-wins', [], ['b', 'c'], 'b'],
    ['first-write-wins', ['a'], ['b', 'c'], 'a'],
  ])('[DO81] %j: after %j, %j at once, the later stamp last, show %j', check)

  test.each<Row>([
    ['max', [], [3, 9], 9],
    ['max', [], [9, 3], 9],
    ['max', [5], [3, 9], 9],
    ['max', [9], [3, 5], 9],
    ['max', [], ['b', 'a'], 'b'],
    ['max', [], [1e300, 'a'], 'a'],
    ['max', [], ['10', '9'], '9'],
    ['max', [], ['a', { a: 1 }], { a: 1 }],
    ['max', [], [{ b: 1, a: 2 }, { a: 3 }], { a: 3 }],
    ['min', [], [3, 9], 3],
    ['min', [5], [4, -1], -1],
    ['min', [], [null, 'z'], 'z'],
    ['max', [], [-0, 0], 0],
  ])('[DO82] %j: after %j, %j at once, the later stamp last, show %j', check)

  test.each<Row>([
    [grades, [], ['paid', 'draft'], 'paid'],
    [grades, ['draft'], ['paid', 'sent'], 'paid'],
    [grades, ['paid'], ['draft', 'sent'], 'paid'],
    [grades, [], ['lost', 'draft'], 'draft'],
    [grades, [], ['lost', 'found'], 'found'],
  ])('[DO83] %j: after %j, %j at once, the later stamp last, show %j', check)

  test.each<Row>([
    [states, ['draft', 'review'], ['approved', 'draft'], 'approved'],
    [states, ['draft', 'review'], ['draft', 'approved'], 'approved'],
    [states, ['draft', 'review'], ['rejected', 'approved'], 'approved'],
    [states, ['draft', 'review'], ['approved', 'rejected'], 'rejected'],
    [states, [], ['published', 'draft'], 'published'],
    [states, [], ['review', 'draft'], 'draft'],
  ])('[DO84] %j: after %j, %j at once, the later stamp last, show %j', check)

  test.each<Row>([
    [joined, ['a'], ['c', 'b'], 'b+c'],
    [joined, ['a'], ['b', 'b'], 'b'],
    [joined, ['a', 'b'], [], 'b'],
  ])('[DO85] %j: after %j, %j at once, the later stamp last, show %j', check)

  test('[DO84] states that lead to each other in a circle compete by stamp; what leads out of it wins over all of them', () => {
    const circle: Policy = { transitions: { a: ['b'], b: ['c'], c: ['a', 'end'], alone: ['alone'] } }
    expect(shown(circle, [], ['a', 'b', 'c'])).toBe('c')
    expect(shown(circle, [], ['c', 'b', 'a'])).toBe('a')
    expect(shown(circle, [], ['end', 'b', 'a'])).toBe('end')
    expect(shown(circle, [], ['end', 'alone'])).toBe('alone')
    expect(shown(circle, [], ['alone', 'unheard of', 'b'])).toBe('b')
  })

  test('[DO82] whatever is written where, seen or not, the greatest value ever written is shown', () => {
    const held = heldBy('max')
    const step = fc.record({ device: fc.nat(2), value: fc.oneof(fc.integer(), fc.string()), hears: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const stamps = new Stamps()
        const devices = [1, 2, 3].map((n) => replica(n, { collection: held, stamps }).entity)
        const all = updatesOf((devices[0] as Entity<Held>).create({})).slice()
        const least = devices.map((): Json | undefined => undefined)
        for (const { device, value, hears } of steps) {
          const entity = devices[device] as Entity<Held>
          if (hears) deliver(entity, all)
          all.push(...updatesOf(write(value)(entity)))
          const now = entity.view().value
          expect(greater(least[device], now)).toBe(false)
          expect(greater(value, now)).toBe(false)
          least[device] = now
        }
        for (const entity of devices) deliver(entity, all)
        const greatest = steps.reduce<Json | undefined>((so, { value }) => (greater(value, so) ? value : so), undefined)
        for (const entity of devices) expect(entity.view()).toMatchObject({ value: greatest })
        expect(new Set(devices.map((entity) => entity.canonical())).size).toBe(1)
      }),
      { numRuns: 60 },
    )
  })
})

describe('policies, when something is written', () => {
  const written = (policy: Policy, before: readonly Json[], next: Json): boolean => {
    const { entity } = replica(1, { collection: heldBy(policy) })
    updatesOf(create(entity))
    for (const value of before) updatesOf(entity.edit('user', (held) => held.value.set(value)))
    return updatesOf(entity.edit('user', (held) => held.value.set(next))).length > 0
  }

  type Row = readonly [policy: Policy, before: readonly Json[], next: Json, written: boolean]
  const check = (policy: Policy, before: readonly Json[], next: Json, expected: boolean): void =>
    expect(written(policy, before, next)).toBe(expected)

  test.each<Row>([
    ['last-write-wins', ['a'], 'a', true],
    ['manual', ['a'], 'a', true],
  ])('[DO80] %j: after %j, writing %j writes: %j', check)

  test.each<Row>([['first-write-wins', ['a'], 'b', false]])('[DO81] %j: after %j, writing %j writes: %j', check)

  test.each<Row>([
    ['max', [5], 5, false],
    ['max', [5], 4, false],
    ['max', [5], 6, true],
    ['max', [{ a: 1, b: 2 }], { b: 2, a: 1 }, false],
  ])('[DO82] %j: after %j, writing %j writes: %j', check)

  test.each<Row>([
    [grades, ['sent'], 'sent', false],
    [grades, ['sent'], 'draft', false],
    [grades, ['sent'], 'lost', false],
    [grades, ['lost'], 'found', false],
    [grades, ['lost'], 'draft', true],
  ])('[DO83] %j: after %j, writing %j writes: %j', check)

  test.each<Row>([
    [states, ['draft'], 'draft', false],
    [states, ['anything'], 'anything', false],
    [states, ['draft'], 'review', true],
  ])('[DO84] %j: after %j, writing %j writes: %j', check)

  test('[DO84] a step that the table does not have is refused at the call, and says which there are', () => {
    const { entity } = replica(1, { collection: heldBy(states) })
    updatesOf(create(entity))
    updatesOf(write('draft')(entity))
    expect(errorOf(() => write('approved')(entity))).toEqual({
      kind: 'bad-value',
      message: 'Field value: draft cannot become approved; it may become review.',
    })
    // Two steps in one edit are two steps.
    updatesOf(write('review', 'approved')(entity))
    expect(entity.view().value).toBe('approved')
    updatesOf(write('published')(entity))
    expect(errorOf(() => write('draft')(entity))).toMatchObject({
      message: 'Field value: published cannot become draft; published is a last state.',
    })
    expect(entity.view()).toMatchObject({ value: 'published', members: { m: 'published' } })
  })

  test('[DO84] writing what is shown settles what competes with it', () => {
    const met = meet(heldBy(states), [create, write('draft'), write('review')], [write('rejected'), write('approved')])
    met.edit('user', (held) => expect(held.value.values).toEqual(['rejected', 'approved']))
    expect(updatesOf(met.edit('user', (held) => held.value.set('approved')))).toHaveLength(1)
    met.edit('user', (held) => expect(held.value.values).toEqual(['approved']))
    expect(updatesOf(met.edit('user', (held) => held.value.set('approved')))).toEqual([])
  })

  test('[DO80] concurrent values are told oldest first, equal ones once; a write settles them', () => {
    for (const policy of ['last-write-wins', 'manual'] as const) {
      const met = meet(heldBy(policy), [create], [write('a'), write({ x: 1, y: 2 }), write('a'), write({ y: 2, x: 1 })])
      met.edit('user', (held) => {
        expect(held.value.values).toEqual(['a', { x: 1, y: 2 }])
        expect(held.members.values('m')).toEqual(['a', { x: 1, y: 2 }])
        held.value.set('settled')
        expect([held.value.value, held.value.values]).toEqual(['settled', ['settled']])
      })
      expect(met.canonical()).toMatch(/"value":\[\[\d+,"settled"\]\]/)
    }
  })

  test('[DO86] a value of a policy that never goes back cannot be cleared, any other can', () => {
    for (const policy of ['max', 'min', 'first-write-wins', grades, states] as const) {
      const { entity } = replica(1, { collection: heldBy(policy) })
      updatesOf(entity.create({ value: 'draft', members: { m: 'draft' } }))
      expect(errorOf(() => entity.edit('user', (held) => held.value.clear()))).toMatchObject({
        kind: 'bad-value',
        message: 'Field value: its policy never goes back, so it cannot be cleared.',
      })
      expect(errorOf(() => entity.edit('user', (held) => held.members.delete('m')))).toMatchObject({
        kind: 'bad-value',
        message: 'Field members: its policy never goes back, so no member can be deleted.',
      })
      expect(entity.view()).toMatchObject({ value: 'draft', members: { m: 'draft' } })
    }
    for (const policy of ['last-write-wins', 'manual', joined] as const) {
      const { entity } = replica(1, { collection: heldBy(policy) })
      updatesOf(entity.create({ value: 'x', members: { m: 'x', n: 'y' } }))
      updatesOf(entity.edit('user', (held) => (held.value.clear(), held.members.delete('m'))))
      expect(entity.view()).toMatchObject({ value: undefined, members: { n: 'y' } })
    }
  })

  test('[DO86] clearing takes away what was seen: a concurrent write stays', () => {
    const clear = (entity: Entity<Held>) =>
      entity.edit('user', (held) => (held.value.clear(), held.members.delete('m')))
    for (const acts of [
      [clear, write('b')],
      [write('b'), clear],
    ])
      expect(meet(heldBy('manual'), [create, write('a')], acts).view()).toMatchObject({
        value: 'b',
        members: { m: 'b' },
      })
    expect(meet(heldBy('manual'), [create, write('a')], [clear, clear]).view()).toMatchObject({
      value: undefined,
      members: {},
    })
  })
})

describe('policies and what does not fit', () => {
  test('[DO85] a resolver that throws, or gives what the schema refuses, leaves the last write', () => {
    const rubbish: ((values: readonly string[]) => unknown)[] = [
      () => {
        throw new Error('no idea')
      },
      () => {
        throw Object.create(null)
      },
      () => undefined,
      () => 5,
      () => new Date(0),
      () => Promise.resolve('x'),
      (values) => (values as string[]).splice(0, values.length),
    ]
    for (const resolve of rubbish) {
      const odd = collection('held', { value: register(string).conflicts({ resolve: resolve as () => string }) })
      const met = meet(
        odd,
        [(entity) => entity.create({})],
        ['a', 'b'].map((value) => (entity) => entity.edit('user', (held) => held.value.set(value))),
      )
      expect(met.view().value).toBe('b')
      met.edit('user', (held) => expect([held.value.value, held.value.values]).toEqual(['b', ['a', 'b']]))
    }
  })

  test('[DO85] a resolver is asked for what competes only, and sees each value once', () => {
    const asked: (readonly number[])[] = []
    const sum = collection('held', {
      value: register(number).conflicts({
        resolve(values) {
          asked.push(values)
          return values.reduce((a, b) => a + b)
        },
      }),
    })
    const met = meet(
      sum,
      [(entity) => entity.create({ value: 1 })],
      [7, 7, 5].map((value) => (entity) => entity.edit('user', (held) => held.value.set(value))),
    )
    expect(met.view().value).toBe(12)
    expect(new Set(asked.map((values) => values.join()))).toContain('7,5')
    expect(asked.every((values) => new Set(values).size === values.length && values.length > 1)).toBe(true)
  })

  test.each<Policy<number>>(['max', 'min', 'last-write-wins', 'first-write-wins'])(
    '[DO87] values that do not fit are no part of %j',
    (policy) => {
      const expected = 5
      const numbers = collection('held', {
        value: register(number).conflicts(policy),
        members: map(number).conflicts(policy),
      })
      const { entity, stamps } = replica(1, { collection: numbers })
      stamps.last = 10
      updatesOf(entity.create({ value: 5, members: { m: 5 } }))
      const hostile = ['zzz', null, { a: 1 }, [], true]
      for (const [n, value] of hostile.entries())
        for (const key of ['value', 'members/m'])
          for (const stamp of [n, 1000 + n])
            deliver(entity, [foreign(registersOf('shared'), ({ registers }) => registers.append(key, stamp, value))])
      expect(entity.view()).toMatchObject({ value: expected, members: { m: expected } })
      expect(entity.misfits()).toHaveLength(20)
    },
  )

  test.each<[Policy<string>, string, string]>([
    ['max', 'newest', 'known'],
    ['first-write-wins', 'newest', 'known'],
    [{ order: ['known', 'other'] }, 'newest', 'known'],
    [{ transitions: { known: ['other'] } }, 'newest', 'known'],
  ])('[DO87] %j: an old version that cannot read a value does not take it away', (policy, newest, known) => {
    const words = oneOf('known', 'other')
    const old = collection('held', {
      value: register(words).conflicts(policy as 'max'),
      members: map(words).conflicts(policy as 'max'),
    })
    const newer = collection('held', {
      value: register(string).conflicts(policy),
      members: map(string).conflicts(policy),
    })
    const stamps = new Stamps()
    const [a, b] = [replica(1, { collection: newer, stamps }), replica(2, { collection: old, stamps })]
    const begun = updatesOf(a.entity.create({ value: newest, members: { m: newest } }))
    deliver(b.entity, begun)
    expect(b.entity.view().value).toBeUndefined()
    deliver(
      a.entity,
      updatesOf(
        b.entity.edit('user', (held) => (held.value.set(known as 'known'), held.members.set('m', known as 'known'))),
      ),
    )
    expect(b.entity.view()).toMatchObject({ value: known, members: { m: known } })
    expect(b.entity.misfits()).toHaveLength(2)
    a.entity.edit('user', (held) => expect(held.value.values).toEqual([newest, known]))
  })

  test('[DO87] where a policy goes back, a write replaces also what it could not read', () => {
    const { entity } = replica(1, { collection: collection('held', { value: register(number) }) })
    updatesOf(entity.create({}))
    deliver(entity, [foreign(registersOf('shared'), ({ registers }) => registers.append('value', 900, 'odd'))])
    updatesOf(entity.edit('user', (held) => held.value.set(1)))
    expect([entity.view().value, entity.misfits()]).toEqual([1, []])
  })

  test('[DO88] a policy decides for each member of a map by itself', () => {
    const set = (members: Record<string, number>) => (entity: Entity<Held>) =>
      entity.edit('user', (held) => Object.entries(members).forEach(([name, value]) => held.members.set(name, value)))
    const met = meet(heldBy('max'), [create, set({ a: 5 })], [set({ a: 9, b: 1 }), set({ a: 7, b: 2, c: 3 })])
    expect(met.view().members).toEqual({ a: 9, b: 2, c: 3 })
  })
})
