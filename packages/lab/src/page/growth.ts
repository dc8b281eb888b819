import { apart, lineHeight } from './apart.ts'
import type { Label } from './apart.ts'
import { colour, series as looks } from './colours.ts'
import { draw, linesOf, logTicks, width, wrapped } from './drawing.ts'
import type { Svg } from './drawing.ts'
import { hasLogarithm, short } from './number.ts'

export interface GrowthCurves {
  /** What is to be seen, in a sentence for those who cannot see it. */
  readonly title: string
  /** “updates”. */
  readonly x: string
  /** “milliseconds a run”. */
  readonly y: string
  /** Six at most: more cannot be told apart. */
  readonly curves: readonly Curve[]
}

export interface Curve {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
  /** `y` grows as `x ** exponent`, with the interval of the exponent. */
  readonly fit?: { readonly exponent: number; readonly low: number; readonly high: number }
}

interface Placed extends Label {
  readonly look: (typeof looks)[number]
  readonly points: Curve['points']
  /** The ends of the fitted line, if there is a fit. */
  readonly line: readonly { readonly x: number; readonly y: number }[]
}

const labels = 176
const margin = { top: 26, right: labels, bottom: 40, left: 46 }

/**
 * Both axes logarithmic, so that a power is a line: dots as measured, the fitted line through their middle, and at its
 * end the name with the exponent and its interval. What is not above 0 has no place on such axes and is left out.
 */
export function growthCurves({ title, x, y, curves }: GrowthCurves): Promise<Svg> {
  const kept = curves.slice(0, looks.length).map((curve) => ({ ...curve, points: curve.points.filter(isPlaced) }))
  const all = kept.flatMap(({ points }) => points)
  const [left, right] = range(
    all.map((point) => point.x),
    1.1,
  )
  const [low, high] = range(
    all.map((point) => point.y),
    1.25,
  )
  const named = kept.map((curve) => ({ ...curve, label: labelOf(curve) }))
  const needed = named.reduce((sum, { label }) => sum + linesOf(label) * lineHeight + 8, 0)
  const height = Math.max(330, needed + margin.top + margin.bottom)
  const bottom = height - margin.bottom
  const pixel = (value: number): number =>
    bottom - ((bottom - margin.top) * Math.log(value / low)) / Math.log(high / low)
  const placed = apart(
    named.map(({ points, fit, label }, i): Placed => {
      const look = looks[i] ?? { colour: 'grey', symbol: 'circle' }
      const line = fit === undefined ? [] : fitted(points, fit.exponent)
      const end = pixel((line.at(-1) ?? points.at(-1) ?? { y: low }).y)
      return { look, points, line, label, end, at: end }
    }),
    margin.top,
    bottom,
  )
  const sizes = [...new Set(all.map((point) => point.x))].sort((a, b) => a - b)
  const value = (at: number): number => low * (high / low) ** ((bottom - at) / (bottom - margin.top))
  const beside = (pixels: number): number => right * (right / left) ** (pixels / (width - margin.left - margin.right))
  return draw(title, ({ axisX, axisY, dot, gridY, line, link, text }) => ({
    height,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: {
      type: 'log',
      domain: [left, right],
      axis: null,
    },
    y: {
      type: 'log',
      domain: [low, high],
      axis: null,
    },
    marks: [
      gridY({ ticks: logTicks(low, high) }),
      axisY({ ticks: logTicks(low, high), text: short, label: `${y} (logarithmic)`, labelArrow: 'none' }),
      axisX({
        ticks: sizes.length <= 5 ? sizes : logTicks(left, right),
        text: short,
        label: `${x} (logarithmic)`,
        labelArrow: 'none',
        labelAnchor: 'left',
      }),
      ...placed.flatMap(({ look, points, line: ends, label, end, at }) => [
        line(ends, { x: 'x', y: 'y', stroke: colour(look.colour), strokeWidth: 1.8 }),
        dot(points, { x: 'x', y: 'y', symbol: look.symbol, fill: colour(look.colour), r: 4 }),
        link([0], {
          x1: () => right,
          x2: () => beside(16),
          y1: () => value(end),
          y2: () => value(at),
          stroke: colour(look.colour),
          strokeOpacity: 0.5,
        }),
        dot([0], { x: () => beside(22), y: () => value(at), symbol: look.symbol, fill: colour(look.colour), r: 4 }),
        text([label], {
          x: () => beside(31),
          y: () => value(at),
          text: (words: string) => words,
          textAnchor: 'start',
          fontSize: 12,
        }),
      ]),
    ],
  }))
}

const isPlaced = ({ x, y }: { readonly x: number; readonly y: number }): boolean => hasLogarithm(x) && hasLogarithm(y)

/** With some room at both ends; of nothing, or of one value, something still to draw. */
function range(values: readonly number[], room: number): [number, number] {
  if (values.length === 0) return [1, 10]
  return [Math.min(...values) / room, Math.max(...values) * room]
}

function labelOf({ name, fit, points }: Curve): string {
  const words = points.length === 0 ? `${name}: not measured` : name
  const label = wrapped(words, labels - 36)
  if (fit === undefined) return label
  const { exponent, low, high } = fit
  return `${label}\n${signed(exponent)} (${signed(low)} to ${signed(high)})`
}

/** Nothing is nothing, from below too. */
const signed = (value: number): string => value.toFixed(2).replace('-0.00', '0.00').replace('-', '−')

/** Least squares have the line go through the middle of the logarithms. */
function fitted(points: Curve['points'], exponent: number): { readonly x: number; readonly y: number }[] {
  if (points.length === 0) return []
  const middle = (of: (point: Curve['points'][number]) => number): number =>
    points.reduce((sum, point) => sum + Math.log(of(point)), 0) / points.length
  const [x, y] = [middle((point) => point.x), middle((point) => point.y)]
  const xs = points.map((point) => point.x)
  return [Math.min(...xs), Math.max(...xs)].map((at) => ({ x: at, y: Math.exp(y + exponent * (Math.log(at) - x)) }))
}
