/** Numbers as people read them. */

export const grouped = (value: number): string =>
  Math.round(value)
    .toString()
    .replaceAll(/\B(?=(\d{3})+$)/g, ',')

export const hoursOf = (ms: number): string => (ms / 3_600_000).toFixed(1)

export function spanOf(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds}s`
  if (minutes < 60) return `${minutes}m ${seconds % 60}s`
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`
}

export const countOf = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`

/** The first line of a sentence, cut where nobody reads on. */
export function shortened(sentence: string, max = 300): string {
  const [line = ''] = sentence.split('\n', 1)
  return line.length > max ? `${line.slice(0, max)}…` : line
}
