import { linesOf } from './drawing.ts'

/** A name beside the end of a curve. */
export interface Label {
  readonly label: string
  /** Where the curve ends, and where the middle of its name is, in pixels from the top. */
  readonly end: number
  readonly at: number
}

export const lineHeight = 14

/** From top to bottom in the order of their curves' ends, none over another. */
export function apart<L extends Label>(labels: readonly L[], top: number, bottom: number): readonly L[] {
  const half = ({ label }: Label): number => (linesOf(label) * lineHeight) / 2 + 4
  let floor = top - 10
  const down = labels
    .toSorted((a, b) => a.end - b.end)
    .map((each) => {
      const at = Math.max(each.at, floor + half(each))
      floor = at + half(each)
      return { ...each, at }
    })
  let ceiling = bottom + 10
  return down.toReversed().map((each) => {
    const at = Math.min(each.at, ceiling - half(each))
    ceiling = at - half(each)
    return { ...each, at }
  })
}
