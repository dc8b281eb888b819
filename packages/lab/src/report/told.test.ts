import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { boundOf, bytes, duration, ranges, share, told, toldDifference, toldShare } from './told.ts'

const estimate = (mean: number, half?: number) => ({
  mean,
  low: half === undefined ? null : mean - half,
  high: half === undefined ? null : mean + half,
})

describe('figures', () => {
  test.each([
    [0, undefined, '0'],
    [0, 0.4, '0'],
    [0.004, undefined, '< 0.01'],
    [0.345, 0.051, '0.35 ± 0.06'],
    [0.5, 0.5, '0.50 ± 0.50'],
    [1, undefined, '1.0'],
    [12.34, 1.01, '12.3 ± 1.1'],
    [12.34, 0, '12.3'],
    [216.4, 91.2, '216 ± 92'],
    [12_345.6, 7.1, '12,346 ± 8'],
  ])('[LA92] %d with %d of an interval on each side is “%s”', (mean, half, text) => {
    expect(told(estimate(mean, half)).replaceAll('\u00a0', ' ')).toBe(text)
  })

  test('[LA92] an interval that was cut on one side is told by both of its ends', () => {
    const cut = (mean: number, low: number, high: number) => told({ mean, low, high }).replaceAll('\u00a0', ' ')
    expect(cut(12.34, 0, 31.21)).toBe('12.3 (0–31.3)')
    expect(cut(99.6, 98.77, 100)).toBe('99.6 (98.7–100.0)')
    expect(cut(0.05, 0.001, 0.3)).toBe('0.05 (0.00–0.30)')
  })

  test.each([
    [0.123, 0.011, '+12.3 ± 1.1'],
    [-0.123, 0.011, '−12.3 ± 1.1'],
    [-0.00001, undefined, '< 0.01'],
    [0, undefined, '0'],
  ])('[LA92] the difference %d with %d on each side is “%s”', (mean, half, text) => {
    expect(toldDifference(estimate(mean, half)).replaceAll('\u00a0', ' ')).toBe(text)
  })

  test.each([
    [0, '0'],
    [0.123, '12.3 %'],
    [0.00001, '< 0.01 %'],
    [1, '100 %'],
  ])('[LA92] the share %d is “%s”', (value, text) => {
    expect(share(value).replaceAll('\u00a0', ' ')).toBe(text)
  })

  test.prop([fc.double({ min: 1e-12, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e3, noNaN: true })])(
    '[LA92] what is not nothing is not told as nothing, and no interval as narrower than it is',
    (mean, half) => {
      const text = told(estimate(mean, half)).replaceAll(',', '').replaceAll('\u00a0', ' ')
      expect(text).not.toMatch(/^0(?: |$)/)
      const [, toldMean, toldHalf] = /^([\d.]+) ± ([\d.]+)$/.exec(text) ?? []
      if (toldHalf === undefined || toldMean === undefined) {
        expect(mean).toBeLessThan(0.01)
        return
      }
      expect(Number(toldHalf)).toBeGreaterThanOrEqual(half - 1e-6)
      expect(Number(toldHalf)).toBeLessThanOrEqual(half + 1)
      expect(Math.abs(Number(toldMean) - mean)).toBeLessThanOrEqual(mean >= 100 ? 0.5 : mean >= 1 ? 0.0501 : 0.00501)
    },
  )

  test.prop([fc.double({ min: 1e-9, max: 0.9, noNaN: true })])('[LA92] a bound is never told as less', (value) => {
    expect(Number.parseFloat(boundOf(value)) / 100).toBeGreaterThanOrEqual(value - 1e-11)
  })

  test('[LA92] times and bytes have the unit of which there is one', () => {
    const plain = [0, 62, 1_500, 90_000, 600_000, 10_800_000, 86_400_000, 259_200_000].map(duration)
    expect(plain.map((text) => text.replaceAll('\u00a0', ' '))).toEqual([
      ...['0', '62 ms', '1.5 s', '1.5 min', '10 min', '3 h', '24 h', '3 days'],
    ])
    expect(
      [0, 999, 1_000, 9_999, 99_960, 123_456, 999_600, 2_500_000]
        .map(bytes)
        .map((text) => text.replaceAll('\u00a0', ' ')),
    ).toEqual([...['0 B', '999 B', '1.0 kB', '10.0 kB', '100 kB', '123 kB', '1.0 MB', '2.5 MB']])
    expect(ranges([3, 1, 2, 7, 9, 10, 10])).toBe('1–3, 7, 9–10')
    expect(toldShare(estimate(0.5, 0.1)).replaceAll('\u00a0', ' ')).toBe('50.0 ± 10.0 %')
  })
})
