import { printable } from './escape.ts'
import type { Markish, PlotOptions } from '@observablehq/plot'

declare const svg: unique symbol

/** A drawing, made by this module: whatever text came into it is text. */
export type Svg = string & { readonly [svg]: true }

export type Plots = typeof import('@observablehq/plot')

/** All drawings are as wide: they stand beside each other, and on a phone their letters stay large enough to read. */
export const width = 430

/** Of a letter of 12 px, on average; a little more than most. */
const letterWidth = 6.4

/**
 * Draws once the library is there, which takes a third of a second to load: who draws nothing does not wait.
 * `title` is for those who cannot see it.
 */
export async function draw(
  title: string,
  options: (plots: Plots) => Omit<PlotOptions, 'marks'> & { readonly marks: readonly Markish[] },
): Promise<Svg> {
  const [plots, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')])
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const { marks, ...rest } = options(plots)
  const drawn = plots.plot({ document, width, className: 'plot', ...rest, marks: [...marks] })
  // Its styles are the page's business.
  drawn.querySelector('style')?.remove()
  drawn.removeAttribute('class')
  drawn.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  drawn.setAttribute('role', 'img')
  drawn.setAttribute('font-size', '12')
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title')
  name.textContent = printable(title)
  drawn.prepend(name)
  return drawn.outerHTML as Svg
}

/** Letters that a line may run behind. */
export const halo = { fill: 'currentColor', stroke: 'var(--ground, #ffffff)', strokeWidth: 4 } as const

/** In lines of at most so many pixels, between words where possible. */
export function wrapped(text: string, pixels: number): string {
  const most = Math.max(8, Math.floor(pixels / letterWidth))
  const lines: string[] = []
  let line = ''
  for (const word of printable(text).split(/\s+/)) {
    const pieces = word.match(new RegExp(`.{1,${most}}`, 'gu')) ?? []
    for (const piece of pieces)
      if (line === '') line = piece
      else if (line.length + 1 + piece.length <= most) line = `${line} ${piece}`
      else {
        lines.push(line)
        line = piece
      }
  }
  return [...lines, line].join('\n')
}

export const linesOf = (text: string): number => text.split('\n').length

/** Powers of ten between the two; with their doubles and fivefolds where powers alone would be few. */
export function logTicks(low: number, high: number): number[] {
  const from = Math.floor(Math.log10(low))
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - from + 1 }, (_, i) => 10 ** (from + i))
  const between = (steps: readonly number[]): number[] =>
    decades
      .flatMap((decade) => steps.map((step) => Number((decade * step).toPrecision(3))))
      .filter((tick) => tick >= low * 0.999 && tick <= high * 1.001)
  const choices = [between([1, 2, 3, 4, 5, 6, 8]), between([1, 2, 5]), between([1])]
  const fine = choices.find((ticks) => ticks.length <= 7)
  if (fine !== undefined) return fine
  const powers = between([1])
  const step = Math.ceil(powers.length / 6)
  return powers.filter((_, i) => i % step === 0)
}
