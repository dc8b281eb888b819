import { colour, series as looks } from './colours.ts'
import { draw, halo, linesOf, width, wrapped } from './drawing.ts'
import type { Svg } from './drawing.ts'
import { compact, isMeasured, short } from './number.ts'

export interface Intervals {
  /** What is to be seen, in a sentence for those who cannot see it. */
  readonly title: string
  /** What is measured, with its unit: “lost effects, % of all”. */
  readonly unit: string
  readonly groups: readonly Group[]
  /** A line to see them against. */
  readonly reference?: { readonly value: number; readonly name: string }
  /** How far the axis reaches at least, to be compared with another drawing. */
  readonly reach?: number
}

/** A policy, say, with a value for each condition. */
export interface Group {
  readonly name: string
  readonly values: readonly Value[]
}

export interface Value {
  /** The condition; equal names look alike in all groups. Empty where there is but one. */
  readonly name: string
  readonly value: number
  readonly low?: number
  readonly high?: number
  /** As it is to be read; with three digits and the ends of its interval unless told. */
  readonly told?: string
}

interface Row extends Value {
  readonly look: (typeof looks)[number]
  readonly told: string
  readonly y: number
}

interface Heading {
  readonly name: string
  readonly y: number
}

const margin = { top: 18, bottom: 40, left: 118, right: 108 }
const rowHeight = 17
const lineHeight = 15

/**
 * Under each group's name a line a condition: a dot with its interval, its name before and its value behind it. The
 * axis begins at zero unless a value lies below. What is not finite is told as not measured, and not drawn.
 */
export function intervals({ title, unit, groups, reference, reach }: Intervals): Promise<Svg> {
  const { rows, headings, end } = placed(groups)
  const drawn = rows.filter(({ value }) => isMeasured(value))
  const whiskers = drawn.flatMap(({ low, high, look, y }) =>
    isMeasured(low) && isMeasured(high) ? [{ low, high, look, y }] : [],
  )
  const ends = [
    ...drawn.map(({ value }) => value),
    ...whiskers.flatMap(({ low, high }) => [low, high]),
    ...(reference === undefined ? [] : [reference.value]),
    ...(isMeasured(reach) ? [reach] : []),
  ]
  const from = Math.min(0, ...ends)
  const to = Math.max(...ends, from + Number.MIN_VALUE) * 1.02 || 1
  return draw(title, ({ dot, ruleX, ruleY, text }) => ({
    height: end + 8 + margin.bottom,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: {
      type: 'linear',
      domain: [from, to],
      label: unit,
      labelArrow: 'none',
      labelAnchor: 'left',
      ticks: 5,
      tickFormat: short,
      grid: true,
    },
    y: { type: 'identity', axis: null },
    marks: [
      ruleX([0], { y1: margin.top, y2: end + 8, stroke: 'currentColor', strokeOpacity: 0.4 }),
      ...(reference === undefined
        ? []
        : [
            ruleX([reference.value], { y1: margin.top, y2: end + 8, stroke: 'currentColor', strokeDasharray: '4,3' }),
            text([reference.name], { x: () => reference.value, y: () => margin.top - 7, text: (name: string) => name }),
          ]),
      ruleY(whiskers, {
        x1: 'low',
        x2: 'high',
        y: 'y',
        stroke: ({ look }: Row) => colour(look.colour),
        strokeWidth: 2,
      }),
      ...drawn.map((row) =>
        dot([row], { x: 'value', y: 'y', symbol: row.look.symbol, fill: colour(row.look.colour), r: 4 }),
      ),
      text(headings, {
        ...halo,
        frameAnchor: 'left',
        dx: 4 - margin.left,
        y: 'y',
        text: 'name',
        textAnchor: 'start',
        lineAnchor: 'bottom',
        fontWeight: 600,
      }),
      text(rows, { frameAnchor: 'left', dx: 14 - margin.left, y: 'y', text: 'name', textAnchor: 'start' }),
      text(rows, {
        frameAnchor: 'right',
        dx: margin.right - 2,
        y: 'y',
        text: 'told',
        textAnchor: 'end',
        fontVariant: 'tabular-nums',
      }),
    ],
  }))
}

function placed(groups: readonly Group[]): { rows: Row[]; headings: Heading[]; end: number } {
  const conditions = [...new Set(groups.flatMap(({ values }) => values.map(({ name }) => name)))]
  const rows: Row[] = []
  const headings: Heading[] = []
  let y = margin.top
  for (const group of groups) {
    const name = wrapped(group.name, width - 8)
    y += 6 + linesOf(name) * lineHeight
    headings.push({ name, y: y - 2 })
    for (const value of group.values) {
      const nth = conditions.indexOf(value.name) % looks.length
      const look = looks[nth] ?? { colour: 'grey', symbol: 'circle' }
      const label = wrapped(value.name, margin.left - 20)
      const height = Math.max(rowHeight, linesOf(label) * lineHeight)
      rows.push({ ...value, name: label, look, told: value.told ?? told(value), y: y + height / 2 })
      y += height
    }
  }
  return { rows, headings, end: y }
}

function told({ value, low, high }: Value): string {
  if (!isMeasured(value)) return 'not measured'
  return low === undefined || high === undefined
    ? compact(value)
    : `${compact(value)} (${compact(low)}–${compact(high)})`
}
