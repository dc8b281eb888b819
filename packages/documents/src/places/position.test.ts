import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pathBetween, pathPattern } from './path.ts'
import { between, isPosition, positionLengthMax, run } from './position.ts'

const paths = new RegExp(`^${pathPattern}$`)
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Texts of the right letters, many of them paths: also with the least and the greatest numbers. */
const path = fc
  .array(
    fc.oneof(
      fc.constantFrom('000000000', '000000001', 'zzzzzzzzz', 'zzzzzzzzy', 'V', 'W', '8', 'r', 's0', '7z'),
      fc.constantFrom(...digits),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => paths.test(text))
const tag = fc.constantFrom('0', 'a', 'a0', 'b', '1z141z3', 'zzzzzzz', '2gosa7pa2gv')
const position = fc
  .array(fc.tuple(path, tag, path), { minLength: 1, maxLength: 3 })
  .map((levels) => levels.map((level) => level.join('.')).join('.'))

/** Inserts at the given index each time, by the given writer. */
function grow(count: number, indexOf: (length: number, n: number) => number, tagOf: (n: number) => string): string[] {
  const positions: string[] = []
  for (let n = 0; n < count; n++) {
    const index = indexOf(positions.length, n)
    positions.splice(index, 0, between(positions[index - 1], positions[index], tagOf(n)))
  }
  return positions
}

const lengths = (positions: readonly string[]): { mean: number; max: number } => {
  const all = positions.map((each) => each.length)
  return { mean: all.reduce((a, b) => a + b, 0) / all.length, max: Math.max(...all) }
}

describe('a path', () => {
  test('[DO100] lies strictly between two others, whichever they are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 2, maxLength: 2 }), (two) => {
        const [left = '', right = ''] = two.sort()
        const [before, middle, after] = [
          pathBetween(undefined, left),
          pathBetween(left, right),
          pathBetween(right, undefined),
        ]
        expect([before < left, left < middle, middle < right, right < after]).toEqual([true, true, true, true])
        for (const made of [before, middle, after]) expect(made).toMatch(paths)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a position', () => {
  test('[DO100] lies strictly between two different ones, whoever wrote them, and is one itself', () => {
    fc.assert(
      fc.property(fc.uniqueArray(position, { minLength: 2, maxLength: 2 }), tag, (two, own) => {
        const [left = '', right = ''] = two.sort()
        const made = [
          between(undefined, left, own),
          left,
          between(left, right, own),
          right,
          between(right, undefined, own),
        ]
        expect(made).toEqual([...new Set(made)].sort())
        for (const each of made) expect([each, isPosition(each)]).toEqual([each, true])
      }),
      { numRuns: 2000 },
    )
  })

  test('[DO100] runs ascend, and are what insertions one behind the other make', () => {
    fc.assert(
      fc.property(fc.uniqueArray(position, { minLength: 2, maxLength: 2 }), tag, fc.nat(50), (two, own, count) => {
        const [left = '', right = ''] = two.sort()
        const made = [left, ...run(left, right, own, count), right]
        expect(made).toEqual([...new Set(made)].sort())
      }),
    )
  })

  test('[DO101] what two writers put into one gap, each in any order, does not interleave', () => {
    /** Where in the gap each next item goes, as a fraction of what is there: 0 is backwards, 1 is forwards. */
    const order = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }))
    const typing = fc.array(order, { minLength: 1, maxLength: 12 })
    const history = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), tag), { maxLength: 20 })
    const twoTags = fc.uniqueArray(tag, { minLength: 2, maxLength: 2 })
    const fill = (gap: readonly (string | undefined)[], own: string, places: readonly number[]): string[] => {
      const all = [gap[0], gap[1]]
      for (const place of places) {
        const index = 1 + Math.round(place * (all.length - 2))
        all.splice(index, 0, between(all[index - 1], all[index], own))
      }
      return all.slice(1, -1).flatMap((each) => each ?? [])
    }
    fc.assert(
      fc.property(history, fc.nat(), twoTags, typing, typing, (shared, at, [a = '', b = ''], first, second) => {
        const before = grow(
          shared.length,
          (length, n) => Math.round((shared[n]?.[0] ?? 0) * length),
          (n) => shared[n]?.[1] ?? '',
        )
        const index = at % (before.length + 1)
        const gap = [before[index - 1], before[index]]
        const [left, right] = [fill(gap, a, first), fill(gap, b, second)]
        const merged = [...left, ...right].sort()
        expect([
          [...left, ...right],
          [...right, ...left],
        ]).toContainEqual(merged)
      }),
      { numRuns: 2000 },
    )
  })

  test('[DO102] positions grow with the logarithm of what is appended or prepended, however many write', () => {
    const writers = (count: number) => (n: number) => (((n % count) * 2_654_435_761) % 2 ** 32).toString(36)
    for (const count of [1, 2, 30, 10_000]) {
      const appended = lengths(grow(10_000, (length) => length, writers(count)))
      const prepended = lengths(grow(10_000, () => 0, writers(count)))
      expect(appended.mean).toBeLessThan(14)
      expect(prepended.mean).toBeLessThan(14)
      expect(Math.max(appended.max, prepended.max)).toBeLessThan(17)
    }
  })

  test('[DO102] ten thousand insertions anywhere take some twenty characters each', () => {
    const random = fc.sample(fc.double({ min: 0, max: 1, noNaN: true }), { numRuns: 10_000, seed: 1 })
    const anywhere = (length: number, n: number): number => Math.round((random[n] ?? 0) * length)
    const one = lengths(grow(10_000, anywhere, () => '1z141z3'))
    expect(one.mean).toBeLessThan(18)
    expect(one.max).toBeLessThan(positionLengthMax / 8)
    const sessions = lengths(
      grow(10_000, anywhere, (n) =>
        Math.floor(n / 20)
          .toString(36)
          .padStart(7, '1'),
      ),
    )
    expect(sessions.mean).toBeLessThan(32)
    expect(sessions.max).toBeLessThan(positionLengthMax / 2)
  })

  test('[DO103] anything else is none, and takes no time to refuse', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.string({ unit: fc.constantFrom(...'0V.zar'), maxLength: 300 }),
      position,
    )
    fc.assert(
      fc.property(text, (some) => {
        if (isPosition(some))
          expect(
            run(undefined, some, 'a', 2)
              .concat(some, run(some, undefined, 'a', 2))
              .every(isPosition),
          ).toBe(true)
      }),
      { numRuns: 2000 },
    )
    const hostile = [
      '',
      '.',
      'V',
      'V.a',
      'V.a.',
      'V.a.V.',
      'V.a.000000000',
      'V.A.V',
      'V.123456789abc.V',
      'V..V',
      'V.a.V.V',
      'V.a.V\n',
      's.a.V',
      'V.a.é',
    ]
    for (const each of [...hostile, 'V'.repeat(65_536), `${'V.a.'.repeat(20_000)}V`, 7, null, undefined, ['V.a.V']])
      expect([each, isPosition(each)]).toEqual([each, false])
    expect(isPosition(`V.a.${'V'.repeat(positionLengthMax - 4)}`)).toBe(true)
    expect(isPosition(`V.a.${'V'.repeat(positionLengthMax - 3)}`)).toBe(false)
  })
})
