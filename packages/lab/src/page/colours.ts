/**
 * After Okabe and Ito, “Color universal design” (2008), told apart by people of every colour vision; darker on white
 * and lighter on black than theirs, so that each stands out from the ground by 3 to 1.
 */
export const colours = {
  blue: { light: '#0072b2', dark: '#56b4e9' },
  vermilion: { light: '#c44e00', dark: '#ff8a3d' },
  green: { light: '#007d5c', dark: '#2cc296' },
  purple: { light: '#a8518a', dark: '#e29cc4' },
  ochre: { light: '#8f6400', dark: '#e9b949' },
  grey: { light: '#6b7280', dark: '#9aa3af' },
} as const

export const ground = { light: '#ffffff', dark: '#14171a' } as const
export const ink = { light: '#1b1f23', dark: '#e4e7ea' } as const
/** Of what is beside the point: captions, headings of columns. */
export const faint = { light: '#57606a', dark: '#a3acb5' } as const

export type Colour = keyof typeof colours

/** A drawing that stands alone, without the page's variables, gets what is right on white. */
export const colour = (name: Colour): string => `var(--${name}, ${colours[name].light})`

/** What does the least that is possible, what is ours, and what is done elsewhere. */
export type Tone = 'limit' | 'subject' | 'peer'

export const tones: Readonly<Record<Tone, Colour>> = { limit: 'grey', subject: 'blue', peer: 'vermilion' }

/** For the nth of a few; with their symbols, which tell them apart without colour; there are more symbols than colours. */
export const series: readonly { readonly colour: Colour; readonly symbol: PlotSymbol }[] = [
  { colour: 'blue', symbol: 'circle' },
  { colour: 'vermilion', symbol: 'square' },
  { colour: 'green', symbol: 'triangle' },
  { colour: 'purple', symbol: 'diamond' },
  { colour: 'ochre', symbol: 'star' },
  { colour: 'grey', symbol: 'wye' },
  { colour: 'blue', symbol: 'cross' },
  { colour: 'vermilion', symbol: 'hexagon' },
  { colour: 'green', symbol: 'diamond2' },
]

export type PlotSymbol =
  | 'circle'
  | 'square'
  | 'triangle'
  | 'diamond'
  | 'star'
  | 'wye'
  | 'cross'
  | 'hexagon'
  | 'diamond2'

/** The variables of one scheme. */
export function variables(scheme: 'light' | 'dark'): string {
  const pairs = [...Object.entries(colours), ['ground', ground], ['ink', ink], ['faint', faint]] as const
  return pairs.map(([name, values]) => `--${name}: ${values[scheme]};`).join(' ')
}
