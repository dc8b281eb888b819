import { invariant } from '@rejoin/base'
import { colour, tones } from './colours.ts'
import type { Tone } from './colours.ts'
import { draw, halo, linesOf, logTicks, width, wrapped } from './drawing.ts'
import type { Svg } from './drawing.ts'
import { compact, hasLogarithm, isMeasured, short } from './number.ts'

export interface Bars {
  /** What is to be seen, in a sentence for those who cannot see it. */
  readonly title: string
  /** What a bar's length is: “× the limit, processor time”. */
  readonly unit: string
  readonly bars: readonly Bar[]
  /** The line that bars are seen against. */
  readonly limit: { readonly value: number; readonly name: string }
  /** Linear however far values lie apart: where the length itself is what counts, as with bytes. */
  readonly axis?: 'linear'
}

export interface Bar {
  readonly name: string
  readonly value: number
  /** Of the spread or the interval; drawn as a whisker if both are told. */
  readonly low?: number
  readonly high?: number
  readonly tone: Tone
}

interface Row extends Bar {
  readonly label: string
  readonly told: string
  readonly top: number
  readonly bottom: number
}

interface Whisker {
  readonly low: number
  readonly high: number
  readonly y: number
}

/** Further apart than this, a linear axis would show all but the longest as nothing. */
const farApart = 25

const margin = { top: 18, right: 16, bottom: 40, left: 4 }
const lineHeight = 15
const thickness = 13

/**
 * Bars from zero; or, where values lie far apart, from the limit's line on a logarithmic axis. What is not finite is
 * told as not measured, and not drawn.
 */
export function barsAgainstLimit({ title, unit, bars, limit, axis }: Bars): Promise<Svg> {
  invariant(hasLogarithm(limit.value), 'a limit is above 0')
  const ends = bars.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]).filter(isDrawn)
  const least = Math.min(limit.value, ...ends)
  const most = Math.max(limit.value, ...ends)
  const logarithmic = axis !== 'linear' && hasLogarithm(least) && most / least > farApart
  const [from, to] = logarithmic ? [least / 1.15, most * 1.15] : [0, most * 1.04]
  const rows = placed(bars, unit)
  const drawn = rows.filter(({ value }) => isDrawn(value))
  const start = logarithmic ? limit.value : 0
  const whiskers = drawn.flatMap(({ low, high, top, bottom }): Whisker[] =>
    isDrawn(low) && isDrawn(high) ? [{ low, high, y: (top + bottom) / 2 }] : [],
  )
  const end = rows.at(-1)?.bottom ?? margin.top
  const ticks = logarithmic ? logTicks(from, to) : 6
  const left = (row: Row): { x: number; y: number } => ({ x: from, y: row.top - 5 })
  return draw(title, ({ axisX, gridX, rect, ruleX, ruleY, text }) => ({
    height: end + 8 + margin.bottom,
    marginTop: margin.top,
    marginRight: margin.right,
    marginBottom: margin.bottom,
    marginLeft: margin.left,
    x: {
      type: logarithmic ? 'log' : 'linear',
      domain: [from, to],
      axis: null,
    },
    y: { type: 'identity', axis: null },
    marks: [
      gridX({ ticks }),
      axisX({
        ticks,
        // Given as a format, half of them would be dropped on a logarithmic axis.
        text: short,
        label: `${unit}${logarithmic ? ' (logarithmic)' : ''}`,
        labelArrow: 'none',
        labelAnchor: 'left',
      }),
      rect(drawn, {
        x1: () => start,
        x2: 'value',
        y1: 'top',
        y2: 'bottom',
        fill: ({ tone }: Row) => colour(tones[tone]),
      }),
      // Beside the bars only: a line all the way down would go through names and values.
      ruleX(rows, {
        x: () => limit.value,
        y1: ({ top }: Row) => top - 1,
        y2: ({ bottom }: Row) => bottom + 4,
        stroke: 'currentColor',
        strokeWidth: 2,
      }),
      text([limit.value], {
        x: (value: number) => value,
        y: () => margin.top - 7,
        text: () => limit.name,
        textAnchor: limit.value > (logarithmic ? Math.sqrt(from * to) : to / 2) ? 'end' : 'start',
        fontSize: 11,
      }),
      ruleY(whiskers, { x1: 'low', x2: 'high', y: 'y', stroke: 'currentColor', strokeWidth: 1.5 }),
      ...(['low', 'high'] as const).map((side) =>
        ruleX(whiskers, {
          x: side,
          y1: ({ y }: Whisker) => y - 4,
          y2: ({ y }: Whisker) => y + 4,
          stroke: 'currentColor',
          strokeWidth: 1.5,
        }),
      ),
      text(rows, {
        ...halo,
        x: (row: Row) => left(row).x,
        y: (row: Row) => left(row).y,
        text: 'label',
        textAnchor: 'start',
        lineAnchor: 'bottom',
        fontSize: 12,
      }),
      text(rows, {
        ...halo,
        x: () => to,
        y: (row: Row) => left(row).y,
        text: 'told',
        textAnchor: 'end',
        lineAnchor: 'bottom',
        fontSize: 12,
        fontVariant: 'tabular-nums',
      }),
    ],
  }))
}

/** A length is not negative. */
const isDrawn = (value: number | undefined): value is number => isMeasured(value) && value >= 0

/** Each with its name and value in a line above it. */
function placed(bars: readonly Bar[], unit: string): Row[] {
  let y = margin.top
  return bars.map((bar) => {
    const told = valueOf(bar, unit)
    const label = wrapped(bar.name, width - margin.left - margin.right - told.length * 6.4 - 24)
    const top = y + 8 + linesOf(label) * lineHeight
    y = top + thickness
    return { ...bar, label, told, top, bottom: y }
  })
}

function valueOf({ value, low, high }: Bar, unit: string): string {
  if (!isDrawn(value)) return 'not measured'
  const sign = unit.startsWith('×') ? '× ' : ''
  const between = low === undefined || high === undefined ? '' : ` (${compact(low)}–${compact(high)})`
  return `${sign}${compact(value)}${between}`
}
