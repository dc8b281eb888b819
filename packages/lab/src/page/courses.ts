import { apart, lineHeight } from './apart.ts'
import type { Label } from './apart.ts'
import { colour, series as looks } from './colours.ts'
import { draw, linesOf, width, wrapped } from './drawing.ts'
import type { Svg } from './drawing.ts'
import { isMeasured, short } from './number.ts'

/** How a measure goes along a few steps that have an order, and no distances. */
export interface Courses {
  /** What is to be seen, in a sentence for those who cannot see it. */
  readonly title: string
  readonly unit: string
  /** What the steps are, and their names. */
  readonly along: string
  readonly steps: readonly string[]
  /** Six at most: more cannot be told apart. */
  readonly courses: readonly Course[]
}

export interface Course {
  readonly name: string
  /** One a step. */
  readonly points: readonly CoursePoint[]
}

export interface CoursePoint {
  readonly value: number
  readonly low?: number
  readonly high?: number
}

interface Named extends Label {
  readonly look: (typeof looks)[number]
}

const labels = 150
/** What keeps the whiskers of one step apart, as a share of a step. */
const beside = 0.03
const margin = { top: 34, right: labels, bottom: 46, left: 40 }

/** From zero up, each course with its name at its end. What is not finite is not drawn. */
export function courses({ title, unit, along, steps, courses: all }: Courses): Promise<Svg> {
  const kept = all
    .slice(0, looks.length)
    .map((course, i) => ({ ...course, look: looks[i] ?? ({ colour: 'grey', symbol: 'circle' } as const) }))
  const ends = kept
    .flatMap(({ points }) => points.flatMap(({ value, low, high }) => [value, low, high]))
    .filter(isMeasured)
  const from = Math.min(0, ...ends)
  const to = Math.max(...ends, from + Number.MIN_VALUE) * 1.02 || 1
  const words = kept.map(({ name }) => wrapped(name, labels - 36))
  const needed = words.reduce((sum, text) => sum + linesOf(text) * lineHeight + 8, 0)
  const height = Math.max(320, needed + margin.top + margin.bottom)
  const bottom = height - margin.bottom
  const pixel = (value: number): number => bottom - ((bottom - margin.top) * (value - from)) / (to - from)
  const value = (at: number): number => from + ((bottom - at) * (to - from)) / (bottom - margin.top)
  const last = steps.length - 1
  const names = apart(
    kept.map(({ points, look }, i): Named => {
      const end = pixel(points.findLast((point) => isMeasured(point.value))?.value ?? from)
      return { label: words[i] ?? '', end, at: end, look }
    }),
    margin.top,
    bottom,
  )
  const right = width - labels
  const across = (pixels: number): number => last + (pixels * Math.max(1, last)) / (right - margin.left - 24)
  return draw(title, ({ dot, line, link, ruleX, text }) => ({
    height,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: {
      type: 'linear',
      domain: [0, Math.max(1, last)],
      insetLeft: 12,
      insetRight: 12,
      label: along,
      labelArrow: 'none',
      labelAnchor: 'left',
      ticks: steps.map((_, i) => i),
      tickFormat: (i: number) => wrapped(steps[i] ?? '', (right - margin.left) / Math.max(1, last)),
    },
    y: { type: 'linear', domain: [from, to], label: unit, labelArrow: 'none', ticks: 5, tickFormat: short, grid: true },
    marks: [
      ...kept.flatMap(({ points, look }, nth) => {
        const aside = (nth - (kept.length - 1) / 2) * beside
        const placed = points.map((point, x) => ({ ...point, x: x + aside })).filter((point) => isMeasured(point.value))
        const whiskers = placed.filter(({ low, high }) => isMeasured(low) && isMeasured(high))
        return [
          line(placed, { x: 'x', y: 'value', stroke: colour(look.colour), strokeWidth: 1.8 }),
          ruleX(whiskers, { x: 'x', y1: 'low', y2: 'high', stroke: colour(look.colour), strokeWidth: 1.5 }),
          dot(placed, { x: 'x', y: 'value', symbol: look.symbol, fill: colour(look.colour), r: 4 }),
        ]
      }),
      ...names.flatMap(({ label, end, at, look }) => [
        link([0], {
          x1: () => across(10),
          x2: () => across(22),
          y1: () => value(end),
          y2: () => value(at),
          stroke: colour(look.colour),
          strokeOpacity: 0.5,
        }),
        dot([0], { x: () => across(28), y: () => value(at), symbol: look.symbol, fill: colour(look.colour), r: 4 }),
        text([label], {
          x: () => across(37),
          y: () => value(at),
          text: (words: string) => words,
          textAnchor: 'start',
        }),
      ]),
    ],
  }))
}
