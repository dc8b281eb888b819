import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { symbolCount } from '../fields/symbols.ts'
import { differenceOf } from '../trace/index.ts'
import type { ConcurrentTrace, Patch, Trace } from '../trace/index.ts'
import { Reference } from './reference.ts'
import type { Stroke } from './reference.ts'
import { inTurns, turnUnlessTold } from './turns.ts'
import type { TurnOptions } from './turns.ts'

/** A recorded session, told by its characters: each that was typed has a number, in the order of the trace. */
export interface Session {
  readonly name: string
  /** How many wrote, or how many devices. */
  readonly authors: number
  readonly transactions: readonly SessionTransaction[]
  /**
   * Where one person wrote: how many transactions are made on one device before the next one is taken up. Null where it
   * is played as it was recorded.
   */
  readonly turn: number | null
  /** How many characters were typed. */
  readonly typed: number
  /** The text at the end where everything that anybody did counts. */
  readonly end: Int32Array
  /** Of each character the one before it in the order of all that ever were; -1 before the first. */
  readonly before: Int32Array
}

export interface SessionTransaction {
  /** From 0, in the order in which they come forward. */
  readonly author: number
  /** The transactions of others that come to the author before it; ascending. */
  readonly takesIn: readonly number[]
  /** Lamport's time: one more than that of all that its author has. */
  readonly time: number
  readonly strokes: readonly Stroke[]
}

/** Who writes what where, by positions in the text that the reference shows to `reader`. */
export interface Step {
  readonly author: number
  readonly takesIn: readonly number[]
  readonly reader: number
  readonly reads: readonly number[]
  readonly patches: readonly Patch[]
}

/**
 * What a trace says, by characters. A concurrent trace is played by its authors, who hear of each other as it tells; a
 * sequential one by one device, or in turns by several. The error is the end of a sentence that begins with the name
 * of the file.
 */
export function sessionOf(trace: ConcurrentTrace | Trace, options: TurnOptions = {}): Result<Session, string> {
  const steps = 'authors' in trace ? concurrent(trace) : inTurns(trace, options)
  const typed = steps.reduce((sum, { patches }) => sum + charactersIn(patches), 0)
  if (typed > symbolCount) return err(`has ${typed} characters typed, of which the lab can tell ${symbolCount} apart.`)
  const reference = new Reference(typed, 'authors' in trace ? 'points' : 'utf-16')
  const transactions: SessionTransaction[] = []
  const times: number[] = []
  for (const [index, { author, takesIn, reader, reads, patches }] of steps.entries()) {
    const strokes = reference.write(reader, reads, patches)
    if (!strokes.ok) return err(`is not a trace: its transaction ${index} has a patch that ${strokes.error}.`)
    const time = 1 + takesIn.reduce((max, taken) => Math.max(max, transactions[taken]?.time ?? 0), times[author] ?? 0)
    times[author] = time
    transactions.push({ author, takesIn, time, strokes: strokes.value })
  }
  const difference = differenceOf(reference.text(), trace.endContent)
  if (difference !== undefined) return err(untoldEnd(reference.tie, difference))
  const authors = new Set(steps.map(({ author }) => author)).size
  // On one device, or within one turn, nothing is concurrent to anything.
  const turn = 'authors' in trace || authors === 1 ? null : (options.turn ?? turnUnlessTold)
  return ok({ name: trace.name, authors, transactions, turn, typed, end: reference.end(), before: reference.before() })
}

/** Without a tie there is but one order, and the file says another end than that. */
const untoldEnd = (tie: number | undefined, difference: string): string =>
  tie === undefined
    ? `does not come to its endContent: ${difference}.`
    : `has people write where others write at the same time, first in its transaction ${tie}: which comes first there ` +
      'the format does not tell, and in the order that the lab takes its end is not the endContent, ' +
      'so that nobody can say whose each character is; give a trace without that, or one of a single author.'

function concurrent({ transactions }: ConcurrentTrace): readonly Step[] {
  const places = new Map<number, number>()
  return transactions.map(({ author: id, takesIn, patches }) => {
    const author = places.get(id) ?? places.size
    places.set(id, author)
    return { author, takesIn, reader: author, reads: takesIn, patches }
  })
}

function charactersIn(patches: readonly Patch[]): number {
  let count = 0
  for (const [, , inserted] of patches) for (const _ of inserted) count++
  return count
}
