import { colour } from './colours.ts'
import type { Colour } from './colours.ts'
import { draw, linesOf, width, wrapped } from './drawing.ts'
import type { Svg } from './drawing.ts'
import { isMeasured } from './number.ts'

/** Two measures of the same things beside each other, for what is paid for the one with the other. */
export interface Paired {
  /** What is to be seen, in a sentence for those who cannot see it. */
  readonly title: string
  /** What the lengths of the bars are: “lost, % of effects”. */
  readonly units: readonly [left: string, right: string]
  readonly rows: readonly PairedRow[]
}

export interface PairedRow {
  readonly name: string
  readonly values: readonly [left: Told, right: Told]
}

export interface Told {
  readonly value: number
  /** As it is to be read. */
  readonly told: string
}

interface Bar {
  readonly from: number
  readonly to: number
  readonly top: number
  readonly told: string
  readonly colour: Colour
}

const gap = 18
const panel = (width - gap) / 2
/** Of what is told behind the longest bar. */
const room = 92
const lineHeight = 15
const thickness = 10
const sides = [
  { left: 0, colour: 'vermilion' },
  { left: panel + gap, colour: 'blue' },
] as const

/** Each side has its own scale, from zero to its longest bar. What is not finite or below zero is told, not drawn. */
export function paired({ title, units, rows }: Paired): Promise<Svg> {
  const headings = units.map((unit) => wrapped(unit, panel))
  const begins = Math.max(...headings.map(linesOf)) * lineHeight + 6
  const { names, bars, end } = placed(rows, begins)
  const axes = sides.map(({ left }) => left)
  return draw(title, ({ rect, ruleX, text }) => ({
    height: end + 4,
    margin: 0,
    x: { type: 'identity', axis: null },
    y: { type: 'identity', axis: null },
    marks: [
      text(headings, {
        x: (_: string, i: number) => axes[i] ?? 0,
        y: () => 2,
        text: (words: string) => words,
        textAnchor: 'start',
        lineAnchor: 'top',
      }),
      ruleX(axes, { y1: () => begins, y2: () => end, stroke: 'currentColor', strokeOpacity: 0.4 }),
      rect(bars, {
        x1: 'from',
        x2: 'to',
        y1: 'top',
        y2: ({ top }: Bar) => top + thickness,
        fill: (bar: Bar) => colour(bar.colour),
      }),
      text(bars, {
        x: ({ to }: Bar) => to + 5,
        y: ({ top }: Bar) => top + thickness / 2,
        text: 'told',
        textAnchor: 'start',
        fontVariant: 'tabular-nums',
      }),
      text(names, { x: () => 4, y: 'y', text: 'name', textAnchor: 'start', lineAnchor: 'bottom', fontWeight: 600 }),
    ],
  }))
}

function placed(
  rows: readonly PairedRow[],
  begins: number,
): { names: { readonly name: string; readonly y: number }[]; bars: Bar[]; end: number } {
  const most = sides.map((_, side) => Math.max(0, ...rows.map(({ values }) => lengthOf(values[side]))))
  const names: { name: string; y: number }[] = []
  const bars: Bar[] = []
  let y = begins
  for (const { name, values } of rows) {
    const label = wrapped(name, width)
    y += linesOf(label) * lineHeight + 9
    names.push({ name: label, y: y - 4 })
    for (const [side, { left, colour }] of sides.entries()) {
      const value = values[side]
      const length = (lengthOf(value) / (most[side] || 1)) * (panel - room)
      bars.push({ from: left, to: left + length, top: y, told: value?.told ?? '', colour })
    }
    y += thickness
  }
  return { names, bars, end: y }
}

const lengthOf = (told: Told | undefined): number => (isMeasured(told?.value) && told.value > 0 ? told.value : 0)
