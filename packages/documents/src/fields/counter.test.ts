import { collection, counter } from '@rejoin/schema'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientIdOf } from '../client-ids.ts'
import { deliver, errorOf, foreign, registersOf, replica, share, updatesOf, writerOf } from '../replicas.test.helper.ts'

const max = Number.MAX_SAFE_INTEGER
const clientOf = (n: number): string => clientIdOf(writerOf(n), 0).toString(16).padStart(8, '0')

describe('a counter', () => {
  test('[DO62] no addition is lost, whoever adds and in whatever order it arrives', () => {
    const additions = fc.array(fc.record({ replica: fc.nat(2), count: fc.integer({ min: -9, max: 9 }) }), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(additions, fc.infiniteStream(fc.nat()), (all, order) => {
        const replicas = [1, 2, 3].map((n) => replica(n))
        const updates = all.flatMap(({ replica: n, count }) => {
          const result = replicas[n]?.entity.edit('user', ({ minutes }) => minutes.add(count))
          return result === undefined ? [] : updatesOf(result)
        })
        const shuffled = updates.map((update) => [order.next().value ?? 0, update] as const).sort(([a], [b]) => a - b)
        for (const { entity } of replicas) for (const [, update] of shuffled) deliver(entity, [update])
        const sum = all.reduce((total, { count }) => total + count, 0)
        expect(replicas.map(({ entity }) => entity.view().minutes)).toEqual([sum, sum, sum])
      }),
      { numRuns: 50 },
    )
  })

  test('[DO62] a client id has one running total, also over several edits and within one', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ minutes: 5 }))
    updatesOf(
      entity.edit('user', ({ minutes }) => {
        minutes.add(2)
        minutes.add(3)
        expect(minutes.value).toBe(10)
      }),
    )
    expect(entity.canonical()).toContain(`"minutes/${clientOf(1)}":[[2,10]]`)
  })

  test('[DO62] a writer that lost its documents counts on beside what it had counted', () => {
    const before = replica(1)
    const counted = updatesOf(before.entity.create({ minutes: 5 }))
    // The space is left and joined again by the same open of the store, and edited before anything has arrived.
    const again = replica(1, { clientIds: before.clientIds, stamps: before.stamps })
    const early = updatesOf(again.entity.edit('user', ({ minutes }) => minutes.add(2)))
    deliver(again.entity, counted)
    updatesOf(again.entity.edit('user', ({ minutes }) => minutes.add(1)))
    expect(again.entity.view().minutes).toBe(8)
    const other = replica(2)
    deliver(other.entity, [...early, ...counted])
    expect(other.entity.view().minutes).toBe(7)
  })

  test('[DO50] a failed edit gives a counter its total back', () => {
    const [a, b] = [replica(1), replica(2)]
    share(a.entity.create({ minutes: 5 }), b.entity)
    const failed = b.entity.edit('user', ({ minutes }) => {
      minutes.add(4)
      expect(minutes.value).toBe(9)
      throw new Error('stop')
    })
    expect(failed.updates).toEqual([])
    expect([b.entity.view().minutes, b.entity.canonical()]).toEqual([5, a.entity.canonical()])
    updatesOf(b.entity.edit('user', ({ minutes }) => minutes.add(1)))
    expect(b.entity.view().minutes).toBe(6)
  })

  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '5', null])(
    '[DO62] %s is refused at the call',
    (count) => {
      const { entity } = replica(1)
      const bad = errorOf(() => entity.edit('user', ({ minutes }) => minutes.add(count as number)))
      expect(bad).toMatchObject({ kind: 'bad-value' })
      expect(bad.message).toMatch(/^Field minutes: .* is not a whole number; count in a smaller unit/)
    },
  )

  test('[DO62] an addition that would pass 2^53 - 1 is refused, by the own total and by the sum', () => {
    const [a, b] = [replica(1), replica(2)]
    share(a.entity.create({ minutes: max }), b.entity)
    for (const { entity } of [a, b])
      expect(errorOf(() => entity.edit('user', ({ minutes }) => minutes.add(1))).message).toMatch(
        /passes the greatest whole number/,
      )
    updatesOf(b.entity.edit('user', ({ minutes }) => minutes.add(-1)))
    expect(b.entity.view().minutes).toBe(max - 1)
  })

  test('[DO62] a sum that concurrent writers took too far shows as the limit, and as a misfit', () => {
    const [a, b, c] = [replica(1), replica(2), replica(3)]
    for (const { entity } of [a, b])
      share(
        entity.edit('user', ({ minutes }) => minutes.add(max)),
        c.entity,
      )
    expect(c.entity.view().minutes).toBe(max)
    expect(c.entity.misfits()).toEqual([{ field: 'minutes', value: 2 * max }])
    // Totals that cancel out are exact again, whatever the order in which they are added up.
    for (const n of [4, 5, 6, 7])
      share(
        replica(n).entity.edit('user', ({ minutes }) => minutes.add(max)),
        c.entity,
      )
    for (const n of [14, 15, 16, 17, 18])
      share(
        replica(n).entity.edit('user', ({ minutes }) => minutes.add(-max)),
        c.entity,
      )
    expect([c.entity.view().minutes, c.entity.misfits()]).toEqual([max, []])
  })

  test('[DO62] where others took the sum too far, what leads back is written and what leads further is refused', () => {
    const { entity } = replica(1)
    for (const n of [7, 8])
      entity.apply(registersOf('shared'), [
        foreign(registersOf('shared'), ({ registers }) => registers.append(`minutes/${clientOf(n)}`, 1, max)).update,
      ])
    expect(errorOf(() => entity.edit('user', ({ minutes }) => minutes.add(1)))).toMatchObject({ kind: 'bad-value' })
    updatesOf(entity.edit('user', ({ minutes }) => minutes.add(-max)))
    expect(entity.view().minutes).toBe(max)
    updatesOf(entity.edit('user', ({ minutes }) => minutes.add(0)))
  })

  test('[DO62] of concurrent totals under one key the one with the greatest stamp counts', () => {
    const { entity } = replica(1)
    for (const [stamp, total] of [
      [7, 30],
      [9, 10],
      [8, 20],
    ] as const)
      deliver(entity, [
        foreign(registersOf('shared'), ({ registers }) => registers.append(`minutes/${clientOf(5)}`, stamp, total)),
      ])
    expect(entity.view().minutes).toBe(10)
  })

  test('[DO72] totals that are none are left out and listed', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ minutes: 5 }))
    const hostile = [
      [clientOf(7), 0.5],
      [clientOf(8), '5'],
      ['me', 7],
      [clientOf(9), 2 ** 60],
    ] as const
    for (const [client, total] of hostile)
      deliver(entity, [
        foreign(registersOf('shared'), ({ registers }) => registers.append(`minutes/${client}`, 900, total)),
      ])
    expect(entity.view().minutes).toBe(5)
    expect(new Set(entity.misfits().map(({ value }) => value))).toEqual(new Set([0.5, '5', 7, 2 ** 60]))
    // A hostile total under our own key does not stop us.
    deliver(entity, [
      foreign(registersOf('shared'), ({ registers }) => registers.append(`minutes/${clientOf(1)}`, 901, 'x')),
    ])
    updatesOf(entity.edit('user', ({ minutes }) => minutes.add(2)))
    expect(entity.view().minutes).toBe(2)
  })

  test('[DO62] counters whose keys share a beginning stay apart', () => {
    const pair = collection('notes', { a: counter(), ab: counter({ key: 'a.b' }) })
    const { entity } = replica(1, { collection: pair })
    updatesOf(entity.create({ a: 1, ab: 2 }))
    expect(entity.view()).toMatchObject({ a: 1, ab: 2 })
  })
})
