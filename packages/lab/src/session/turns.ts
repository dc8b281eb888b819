import type { Trace } from '../trace/index.ts'
import type { Step } from './session.ts'

export interface TurnOptions {
  /** How many devices the writer of a sequential trace has; one unless told. */
  readonly devices?: number
  /** How many transactions are made on one of them before the next one is taken up. */
  readonly turn?: number
}

export const turnUnlessTold = 100

/**
 * A sequential trace as its writer would have written it on several devices by turns, each of which has all but the
 * latest turn when it is taken up: every turn is concurrent to the one before. What stands at the start is typed first.
 */
export function inTurns(trace: Trace, { devices = 1, turn = turnUnlessTold }: TurnOptions): readonly Step[] {
  const { startContent, transactions } = trace
  const written = startContent === '' ? transactions : [[[0, 0, startContent]] as const, ...transactions]
  const first = written.length - transactions.length
  const turnOf = (index: number): number => Math.floor(Math.max(0, index - first) / turn)
  const read = Array.from({ length: devices }, () => 0)
  return written.map((patches, index) => {
    const author = turnOf(index) % devices
    const from = read[author] ?? 0
    // The start is part of the first turn, but everybody has it.
    const to = Math.max(index >= first ? first : 0, turnOf(index) < 2 ? 0 : first + (turnOf(index) - 1) * turn)
    read[author] = Math.max(from, to)
    const takesIn: number[] = []
    for (let other = from; other < to; other++) if (turnOf(other) % devices !== author) takesIn.push(other)
    return { author, takesIn, reader: 0, reads: [], patches }
  })
}
