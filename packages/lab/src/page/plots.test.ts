import { fc, test } from '@fast-check/vitest'
import { DOMParser } from 'linkedom'
import { describe, expect } from 'vitest'
import { barsAgainstLimit } from './bars.ts'
import type { Bar } from './bars.ts'
import type { Svg } from './drawing.ts'
import { growthCurves } from './growth.ts'
import { intervals } from './intervals.ts'

const hostile = `<script>alert(1)</script>"'&amp;\u0000`

const bars = (list: readonly Bar[], title = 'T'): Promise<Svg> =>
  barsAgainstLimit({ title, unit: '× the limit', limit: { value: 1, name: 'the limit' }, bars: list })

const curve = (name: string, exponent: number, sizes = [1000, 2000, 4000, 8000]) => ({
  name,
  points: sizes.map((x) => ({ x, y: 0.01 * x ** exponent })),
  fit: { exponent, low: exponent - 0.1, high: exponent + 0.1 },
})

const curves = (...list: ReturnType<typeof curve>[]): Promise<Svg> =>
  growthCurves({ title: 'T', x: 'updates', y: 'ms', curves: list })

/** Parsed as XML: what comes out again is what went in. */
function parsed(svg: Svg): Document {
  const document = new DOMParser().parseFromString(svg, 'image/svg+xml') as unknown as Document
  expect(document.documentElement.tagName).toBe('svg')
  expect(String(document).replace(/^<\?xml[^>]*>\n?/, '')).toBe(svg)
  return document
}

const label = (document: Document, aria: string): Element[] => [...document.querySelectorAll(`[aria-label="${aria}"]`)]
const words = (document: Document): string[] => [...document.querySelectorAll('text')].map((text) => text.textContent)

/** All the numbers of all the attributes that place something. */
const places = (svg: Svg): string =>
  [...svg.matchAll(/ (?:d|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height|viewBox)="([^"]*)"/g)]
    .map(([, v]) => v)
    .join(' ')

const number = fc.oneof(fc.double(), fc.constantFrom(0, -1, 1, Number.NaN, Infinity, -Infinity))
const finite = fc.double({ min: 1e-3, max: 1e12, noNaN: true })

describe('a drawing', () => {
  test.prop([fc.array(fc.record({ value: number, low: number, high: number }), { maxLength: 5 }), fc.string()], {
    numRuns: 40,
  })('[LA85, LA81] has no place that is not a number, whatever the values', async (values, name) => {
    const drawings = await Promise.all([
      bars(
        values.map((value) => ({ name, tone: 'peer', ...value })),
        name,
      ),
      growthCurves({
        title: name,
        x: name,
        y: name,
        curves: [{ name, points: values.map(({ value, low }) => ({ x: value, y: low })) }],
      }),
      intervals({ title: name, unit: name, groups: [{ name, values: values.map((value) => ({ name, ...value })) }] }),
    ])
    for (const svg of drawings) {
      expect(places(svg)).not.toMatch(/NaN|Infinity|undefined|null/)
      parsed(svg)
    }
  })

  test('[LA85] what was not measured is told', async () => {
    const document = parsed(await bars([{ name: 'never', value: Number.NaN, tone: 'peer' }]))
    expect(words(document)).toContain('not measured')
    expect(label(document, 'rect')).toEqual([])
    const groups = [{ name: 'g', values: [{ name: 'c', value: Number.NaN }] }]
    expect(words(parsed(await intervals({ title: 'T', unit: 'u', groups })))).toContain('not measured')
    const flat = await growthCurves({ title: 'T', x: 'x', y: 'y', curves: [{ name: 'a', points: [{ x: 1, y: 0 }] }] })
    expect(words(parsed(flat)).join()).toContain('not measured')
  })

  test('[LA81] a name with a script in it is text', async () => {
    const groups = [{ name: hostile, values: [{ name: hostile, value: 1 }] }]
    for (const svg of [
      await bars([{ name: hostile, value: 1, tone: 'subject' }], hostile),
      await curves(curve(hostile, 1)),
      await intervals({ title: hostile, unit: hostile, groups }),
    ]) {
      const document = parsed(svg)
      expect(document.querySelectorAll('script')).toHaveLength(0)
      expect(words(document).join('').replaceAll(/\s/g, '')).toContain('<script>alert(1)</script>')
      expect(
        document.querySelectorAll('text [fill="none"], [fill="none"] text, text[fill="none"]'),
        'letters unseen',
      ).toHaveLength(0)
    }
  })

  test('[LA82] equal data gives equal bytes', async () => {
    expect(await curves(curve('a', 1))).toBe(await curves(curve('a', 1)))
  })

  test('[LA80] has no style and no reference of its own', async () => {
    const svg = await bars([{ name: 'a', value: 1, tone: 'limit' }])
    expect(svg).not.toMatch(/<style|style=|href|url\(|<image|<use/)
    expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"')
  })

  test('[LA86] colours are the page’s, or what is right on white; curves differ in symbol', async () => {
    const svg = await curves(curve('a', 1), curve('b', 1.2), curve('c', 2))
    const painted = [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, paint]) => paint)
    expect(painted.filter((paint) => !/^(none|currentColor|var\(--[a-z]+, #[0-9a-f]{6}\))$/.test(paint ?? ''))).toEqual(
      [],
    )
    const dots = label(parsed(svg), 'dot').map((group) => group.firstElementChild)
    const shapes = dots.map((dot) => dot?.getAttribute('d') ?? dot?.tagName)
    expect(new Set(shapes).size).toBe(3)
  })

  test.prop([fc.double({ min: 0.2, max: 3, noNaN: true })], { numRuns: 20 })(
    '[LA87] the line of a growth curve has the exponent that is told',
    async (exponent) => {
      const document = parsed(await curves(curve('mine', exponent)))
      const path = label(document, 'line')[0]?.firstElementChild?.getAttribute('d') ?? ''
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = path.split(/[ML,]/).filter(Boolean).map(Number)
      // The scales, from the dots of the first and the last point, which lie on the line.
      const dots = [...(label(document, 'dot')[0]?.children ?? [])].map((dot) =>
        [dot.getAttribute('cx'), dot.getAttribute('cy')].map(Number),
      )
      expect(dots).toHaveLength(4)
      const [first = [], last = []] = [dots[0], dots.at(-1)]
      expect([x1, y1, x2, y2].map(Math.round)).toEqual([...first, ...last].map(Math.round))
      const told = `${exponent.toFixed(2)} (${(exponent - 0.1).toFixed(2)} to ${(exponent + 0.1).toFixed(2)})`
      expect(words(document).join('\n')).toContain(told)
    },
  )

  test('[LA87] an exponent is told with its sign, and nothing has none', async () => {
    const told = words(parsed(await curves(curve('flat', -0.001), curve('falling', -1)))).join('\n')
    expect(told).toContain('0.00 (−0.10 to 0.10)')
    expect(told).toContain('−1.00 (−1.10 to −0.90)')
    expect(told).not.toContain('−0.00')
  })

  test('[LA87] a curve that does not lie on its line has it go through the middle', async () => {
    const points = [1, 10, 100].map((x, i) => ({ x, y: i === 1 ? 10 : 1 }))
    const svg = await growthCurves({
      title: 'T',
      x: 'x',
      y: 'y',
      curves: [{ name: 'tent', points, fit: { exponent: 0, low: -1, high: 1 } }],
    })
    const document = parsed(svg)
    const path = label(document, 'line')[0]?.firstElementChild?.getAttribute('d') ?? ''
    const [, y1 = 0, , y2 = 0] = path.split(/[ML,]/).filter(Boolean).map(Number)
    const [low = 0, top = 0] = [...(label(document, 'dot')[0]?.children ?? [])].map((dot) =>
      Number(dot.getAttribute('cy')),
    )
    expect(y1).toBeCloseTo(y2)
    expect(y1).toBeCloseTo(low - (low - top) / 3)
  })

  test('[LA88] bars begin at zero, and their whiskers reach from end to end', async () => {
    const document = parsed(await bars([{ name: 'a', value: 2, low: 1, high: 4, tone: 'subject' }]))
    const bar = label(document, 'rect')[0]?.firstElementChild
    const [start, length] = [Number(bar?.getAttribute('x')), Number(bar?.getAttribute('width'))]
    const [limit, whisker, low, high] = label(document, 'rule').map((rule) => rule.firstElementChild)
    expect(Number(limit?.getAttribute('x1'))).toBeCloseTo(start + length / 2)
    // Beside the bar only: names and values stand above it.
    const [barTop, barHeight] = [Number(bar?.getAttribute('y')), Number(bar?.getAttribute('height'))]
    expect(Number(limit?.getAttribute('y1'))).toBeCloseTo(barTop - 1)
    expect(Number(limit?.getAttribute('y2'))).toBeCloseTo(barTop + barHeight + 4)
    expect(Number(whisker?.getAttribute('x1'))).toBeCloseTo(start + length / 2)
    expect(Number(whisker?.getAttribute('x2'))).toBeCloseTo(start + 2 * length)
    expect(Number(low?.getAttribute('x1'))).toBeCloseTo(start + length / 2)
    expect(Number(high?.getAttribute('x1'))).toBeCloseTo(start + 2 * length)
    expect(words(document).join()).not.toContain('logarithmic')
  })

  test('[LA88] where the length itself counts the axis stays linear', async () => {
    const svg = await barsAgainstLimit({
      title: 'T',
      unit: 'bytes',
      limit: { value: 1000, name: 'the limit' },
      bars: [{ name: 'a', value: 1, tone: 'subject' }],
      axis: 'linear',
    })
    const document = parsed(svg)
    expect(words(document).join()).not.toContain('logarithmic')
    expect(Number(label(document, 'rect')[0]?.firstElementChild?.getAttribute('width'))).toBeLessThan(1)
  })

  test('[LA88] far apart they begin at the limit, on an axis that is said to be logarithmic', async () => {
    const document = parsed(
      await bars([
        { name: 'a', value: 100, tone: 'peer' },
        { name: 'b', value: 0.1, tone: 'subject' },
      ]),
    )
    const [long, left] = [...(label(document, 'rect')[0]?.children ?? [])].map((bar) => ({
      from: Number(bar.getAttribute('x')),
      wide: Number(bar.getAttribute('width')),
    }))
    expect(long?.wide).toBeCloseTo(2 * (left?.wide ?? 0))
    expect(long?.from).toBeCloseTo((left?.from ?? 0) + (left?.wide ?? 0))
    expect(words(document).join()).toContain('(logarithmic)')
    for (const tick of ['0.1', '1', '10', '100']) expect(words(document)).toContain(tick)
  })

  test.prop([fc.array(finite, { minLength: 2, maxLength: 6 })], { numRuns: 30 })(
    '[LA87] labels of curves do not lie over one another',
    async (ends) => {
      const list = ends.map((end, i) => ({
        name: `c${i}`,
        points: [
          { x: 1, y: 1 },
          { x: 10, y: end },
        ],
      }))
      const document = parsed(await growthCurves({ title: 'T', x: 'x', y: 'y', curves: list }))
      const heights = [...document.querySelectorAll('text')]
        .filter(({ textContent }) => /^c\d$/.test(textContent))
        .map((text) => Number(/,([-\d.]+)\)/.exec(text.getAttribute('transform') ?? '')?.[1]))
        .sort((a, b) => a - b)
      expect(heights).toHaveLength(ends.length)
      for (const [i, height] of heights.entries()) if (i > 0) expect(height - (heights[i - 1] ?? 0)).toBeGreaterThan(13)
    },
  )
})
