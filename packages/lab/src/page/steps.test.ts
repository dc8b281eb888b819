import { fc, test } from '@fast-check/vitest'
import { DOMParser } from 'linkedom'
import { describe, expect } from 'vitest'
import { courses } from './courses.ts'
import type { Course } from './courses.ts'
import { intervals } from './intervals.ts'
import { paired } from './paired.ts'
import type { PairedRow } from './paired.ts'
import { standalone } from './standalone.ts'
import type { Svg } from './drawing.ts'

const hostile = `<script>alert(1)</script>"'&amp;\u0000`

const parsed = (svg: string): Document => new DOMParser().parseFromString(svg, 'image/svg+xml') as unknown as Document
const label = (svg: string, aria: string): Element[] =>
  [...parsed(svg).querySelectorAll(`[aria-label="${aria}"]`)].flatMap((group) => [...group.children])
const words = (svg: string): string[] => [...parsed(svg).querySelectorAll('text')].map((text) => text.textContent)
const places = (svg: Svg): string =>
  [...svg.matchAll(/ (?:d|transform|x|y|x1|x2|y1|y2|cx|cy|r|width|height|viewBox)="([^"]*)"/g)]
    .map(([, v]) => v)
    .join(' ')

const row = (name: string, left: number, right: number): PairedRow => ({
  name,
  values: [
    { value: left, told: `${left} %` },
    { value: right, told: String(right) },
  ],
})

const drawPaired = (...rows: readonly PairedRow[]): Promise<Svg> =>
  paired({ title: 'T', units: ['lost', 'shown'], rows })

const drawCourses = (steps: readonly string[], ...list: readonly Course[]): Promise<Svg> =>
  courses({ title: 'T', unit: 'lost', along: 'time', steps, courses: list })

const number = fc.oneof(fc.double(), fc.constantFrom(0, -1, 1, Number.NaN, Infinity, -Infinity))

describe('measures beside each other', () => {
  test('[LA88] bars begin at zero, and each side has its own scale', async () => {
    const svg = await drawPaired(row('a', 10, 1), row('b', 5, 4), row('c', 0, 2))
    const bars = label(svg, 'rect').map((bar) => ({
      from: Number(bar.getAttribute('x')),
      length: Number(bar.getAttribute('width')),
    }))
    const left = bars.filter(({ from }) => from < 100)
    const right = bars.filter(({ from }) => from > 100)
    expect(new Set(left.map(({ from }) => from)).size).toBe(1)
    expect(new Set(right.map(({ from }) => from)).size).toBe(1)
    const longest = Math.max(...bars.map(({ length }) => length))
    expect(left.map(({ length }) => length / longest)).toEqual([1, 0.5, 0].map((share) => expect.closeTo(share)))
    expect(right.map(({ length }) => length / longest)).toEqual([0.25, 1, 0.5].map((share) => expect.closeTo(share)))
    expect(words(svg)).toEqual(expect.arrayContaining(['a', '10 %', '4', 'lost', 'shown']))
  })
})

describe('courses along steps', () => {
  test('[LA86] differ in symbol, and each has its name at its end', async () => {
    const course = (name: string, end: number): Course => ({ name, points: [{ value: 0 }, { value: end }] })
    const svg = await drawCourses(['now', 'later'], course('a', 1), course('b', 1.01), course('c', 4))
    const names = [...parsed(svg).querySelectorAll('text')].filter(({ textContent }) => /^[abc]$/.test(textContent))
    const placed = names
      .map(
        (text) => [Number(/,([-\d.]+)\)/.exec(text.getAttribute('transform') ?? '')?.[1]), text.textContent] as const,
      )
      .toSorted(([a], [b]) => a - b)
    expect(placed.map(([, name]) => name)).toEqual(['c', 'b', 'a'])
    for (const [i, [height]] of placed.entries())
      if (i > 0) expect(height - (placed[i - 1]?.[0] ?? 0)).toBeGreaterThan(13)
    expect(words(svg)).toEqual(expect.arrayContaining(['now', 'later', 'time', 'lost']))
  })

  test('[LA88] a whisker reaches from the low end to the high end', async () => {
    const points = [{ value: 0 }, { value: 2, low: 1, high: 4 }]
    const svg = await drawCourses(['now', 'later'], { name: 'a', points })
    const dots = label(svg, 'dot').map((dot) => Number(dot.getAttribute('cy')))
    const [zero = 0, two = 0] = dots
    const [whisker] = label(svg, 'rule')
    const [low, high] = [whisker?.getAttribute('y1'), whisker?.getAttribute('y2')].map(Number)
    expect([low, high]).toEqual([zero - (zero - two) / 2, zero - 2 * (zero - two)].map((at) => expect.closeTo(at)))
  })
})

describe('all of them', () => {
  test.prop([fc.array(fc.record({ value: number, low: number, high: number }), { maxLength: 5 }), fc.string()], {
    numRuns: 40,
  })('[LA85, LA81] has no place that is not a number, whatever the values', async (values, name) => {
    const drawings = await Promise.all([
      drawPaired(...values.map(({ value, low }) => row(name, value, low))),
      drawCourses(
        values.map(() => name),
        { name, points: values },
      ),
      drawCourses([], { name, points: values }),
      intervals({ title: name, unit: name, groups: [], reach: values[0]?.value ?? 0 }),
    ])
    for (const svg of drawings) expect(places(svg)).not.toMatch(/NaN|Infinity|undefined|null/)
  })

  test('[LA81] a name with a script in it is text', async () => {
    const points = [{ value: 1 }]
    for (const svg of [await drawPaired(row(hostile, 1, 1)), await drawCourses([hostile], { name: hostile, points })]) {
      expect(parsed(svg).querySelectorAll('script')).toHaveLength(0)
      expect(words(svg).join('').replaceAll(/\s/g, '')).toContain('<script>alert(1)</script>')
    }
  })

  test('[LA86] what stands alone has a ground of its own, and the colours of both schemes', async () => {
    const svg = standalone(await drawPaired(row('a', 1, 1)))
    const [style, ground] = parsed(svg).documentElement.children
    expect(style?.textContent).toMatch(/--ground: #ffffff;[^]*prefers-color-scheme: dark[^]*--ground: #14171a;/)
    expect(ground?.getAttribute('fill')).toBe('var(--ground)')
    expect(svg).not.toMatch(/href|url\(|@import|<image/)
  })

  test('[LA86] an axis reaches as far as that of another drawing', async () => {
    const groups = [{ name: 'g', values: [{ name: 'c', value: 1, told: 'one' }] }]
    const at = (svg: string): number =>
      Number(
        label(svg, 'dot')[0]
          ?.getAttribute('transform')
          ?.match(/[\d.]+/)?.[0] ?? label(svg, 'dot')[0]?.getAttribute('cx'),
      )
    const [alone, beside] = [
      await intervals({ title: 'T', unit: 'u', groups }),
      await intervals({ title: 'T', unit: 'u', groups, reach: 10 }),
    ]
    expect(at(beside)).toBeLessThan(at(alone))
    expect(words(alone)).toContain('one')
  })
})
