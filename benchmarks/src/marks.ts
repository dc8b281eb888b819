import type { Contestant, Mark } from './bench.ts'
import { spread } from './statistics.ts'
import type { Spread } from './statistics.ts'

/** Whether a mark was reached, and by how much. */
export interface Verdict {
  readonly reached: boolean
  readonly what: string
  readonly value: number
  /** Of a ratio of times, over the rounds. */
  readonly spread?: Spread
  /** The same ratio of wall times. */
  readonly wall?: number
  readonly bounds: string
}

/** One contestant of a case after all rounds. */
interface Track {
  readonly contestant: Contestant
  readonly laps: readonly { readonly wallMs: number; readonly cpuMs: number }[]
  readonly figures: Readonly<Record<string, number>>
}

/**
 * Of times the median of the ratios in each round counts: both had the same machine. Of processor times unless told, in
 * which other programs that wait for the same cores are not seen.
 */
export function judge(record: Track, all: readonly Track[]): Verdict[] {
  return (record.contestant.marks ?? []).map((mark) => {
    const besideName = mark.beside ?? (mark.figure === undefined ? all[0]?.contestant.name : undefined)
    const beside = all.find(({ contestant }) => contestant.name === besideName)
    if (besideName !== undefined && beside === undefined) throw new Error(`there is no ${besideName} to compare with`)
    return mark.figure === undefined ? ofTimes(mark, record, beside) : ofFigures(mark, mark.figure, record, beside)
  })
}

function ofTimes(mark: Mark, record: Track, beside: Track | undefined): Verdict {
  const ratio = (what: 'wallMs' | 'cpuMs'): Spread =>
    spread(record.laps.map((lap, round) => lap[what] / (beside?.laps[round]?.[what] ?? Number.NaN)))
  const wall = ratio('wallMs')
  const told = mark.time === 'wall' ? wall : ratio('cpuMs')
  const what = named(record, mark.time === 'wall' ? 'wall' : undefined, beside)
  return { ...verdict(mark, what, told.median), spread: told, wall: wall.median }
}

function ofFigures(mark: Mark, figure: string, record: Track, beside: Track | undefined): Verdict {
  const own = record.figures[figure] ?? Number.NaN
  return verdict(
    mark,
    named(record, figure, beside),
    beside === undefined ? own : own / (beside.figures[figure] ?? Number.NaN),
  )
}

const named = ({ contestant }: Track, figure: string | undefined, beside: Track | undefined): string =>
  [contestant.name, figure === undefined ? '' : `, ${figure}`, beside ? ` / ${beside.contestant.name}` : ''].join('')

function verdict({ atLeast, atMost }: Mark, what: string, value: number): Verdict {
  const reached = value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity)
  const bounds = [atLeast === undefined ? [] : `≥ ${atLeast}`, atMost === undefined ? [] : `≤ ${atMost}`]
  return { reached, what, value, bounds: bounds.flat().join(', ') }
}
