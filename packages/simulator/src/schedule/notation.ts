import { invariant } from '@rejoin/base'
import { printNumber, printSeconds, readNumber, readSeconds, readWhole } from './decimal.ts'
import type { Act, Conditions, Schedule, Strike } from './types.ts'
import type { Vocabulary } from './vocabulary.ts'

/** A schedule as a file has it. */
export interface Notation {
  readonly schedule: Schedule
  /** What it once broke, or is there for. A regression must have it. */
  readonly why: string | undefined
}

/** A text is no schedule: the message is a sentence with the number of the line and what belongs there. */
export class NotationError extends Error {
  override readonly name = 'NotationError'
}

/** Prints a schedule in lines that a person can read and edit; `parseNotation` reads the same one back. */
export function printNotation(schedule: Schedule, why?: string): string {
  const { seed, conditions, acts, strikes, odds } = schedule
  invariant(Number.isSafeInteger(seed) && seed >= 0, 'a seed is a whole number')
  const lines = [
    ...(why === undefined ? [] : [`# why: ${why.replaceAll(/\s+/g, ' ').trim()}`]),
    `seed ${seed}`,
    ...Object.entries(conditions).map(([name, value]) => `set ${word(name)} ${printNumber(value)}`),
    ...acts.map(actLine),
    ...(strikes === 'by-odds' ? ['strikes by odds'] : strikes.map(strikeLine)),
    ...Object.entries(odds).flatMap(([fault, odds]) =>
      odds === undefined ? [] : [`odds ${word(fault)} ${printNumber(odds)}`],
    ),
  ]
  return `${lines.join('\n')}\n`
}

function actLine({ atMs, who, what, nth }: Act): string {
  invariant(Number.isSafeInteger(nth) && nth >= 0, 'acts are counted in whole numbers')
  return `${printSeconds(atMs)} ${word(who)} ${word(what)} ${nth}`
}

export const strikeLine = ({ moment, fault }: Strike): string =>
  `at ${moment.split(' ').map(word).join(' ')} ${word(fault)}`

/** A name must be one word, or it would be read back as something else. */
function word(name: string): string {
  invariant(/^[^\s#]+$/.test(name), `a name in a schedule is one word, unlike "${name}"`)
  return name
}

/** Reads a schedule. Conditions that the text does not set are calm. Throws a NotationError. */
export function parseNotation(text: string, vocabulary: Vocabulary): Notation {
  const draft = new Draft(vocabulary)
  const lines = text.split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    const [code = '', comment = ''] = split(line, '#')
    const why = /^ *why:(.*)$/.exec(comment)?.[1]?.trim()
    if (why !== undefined && why !== '' && code.trim() === '') draft.why ??= why
    const words = code.trim().split(/\s+/)
    const expected = code.trim() === '' ? undefined : draft.take(words)
    if (expected !== undefined)
      throw new NotationError(`Line ${index + 1}: expected ${expected}, found "${code.trim()}".`)
  }
  if (draft.seed === undefined) throw new NotationError(`Line ${lines.length}: expected a line such as seed 7 by now.`)
  return { schedule: draft.schedule(draft.seed), why: draft.why }
}

function split(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** A schedule while its lines are read. Each reader returns what it had expected if the line is wrong. */
class Draft {
  seed: number | undefined
  why: string | undefined
  readonly #vocabulary: Vocabulary
  readonly #conditions = new Map<string, number>()
  readonly #acts: Act[] = []
  readonly #strikes: Strike[] = []
  readonly #odds = new Map<string, number>()
  #isByOdds = false

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary
  }

  take(words: readonly string[]): string | undefined {
    switch (words[0]) {
      case 'seed':
        return this.#takeSeed(words)
      case 'set':
        return this.#takePair(words, this.#conditions, Object.keys(this.#vocabulary.calm), 'set a condition')
      case 'at':
        return this.#takeStrike(words)
      case 'odds':
        return this.#takePair(words, this.#odds, this.#vocabulary.strikes, 'odds of a fault')
      case 'strikes':
        return this.#takeByOdds(words)
      default:
        return this.#takeAct(words)
    }
  }

  schedule(seed: number): Schedule {
    const conditions: Conditions = { ...this.#vocabulary.calm, ...Object.fromEntries(this.#conditions) }
    const strikes = this.#isByOdds ? 'by-odds' : this.#strikes
    return { seed, conditions, acts: this.#acts, strikes, odds: Object.fromEntries(this.#odds) }
  }

  #takeSeed([, number, ...rest]: readonly string[]): string | undefined {
    const seed = readWhole(number)
    if (this.seed !== undefined) return 'one seed only'
    if (seed === undefined || rest.length > 0) return 'a line such as seed 7'
    this.seed = seed
    return undefined
  }

  /** `set delayMs 20`, `odds drop 0.01`: each name once. */
  #takePair(
    [verb, name = '', number, ...rest]: readonly string[],
    into: Map<string, number>,
    known: readonly string[],
    what: string,
  ): string | undefined {
    const value = readNumber(number)
    if (!known.includes(name)) return `${what}, one of ${known.join(', ')}`
    if (into.has(name)) return `${name} only once`
    if (value === undefined || rest.length > 0) return `a line such as ${verb} ${name} 0.5`
    into.set(name, value)
    return undefined
  }

  #takeStrike(words: readonly string[]): string | undefined {
    const { strikes } = this.#vocabulary
    const fault = strikes.find((known) => known === words.at(-1))
    if (this.#isByOdds) return 'no strike, because strikes are by odds'
    if (words.length < 3) return 'a moment and a fault, such as at r0.2 up 14 drop'
    if (fault === undefined) return `a fault at the end, one of ${strikes.join(', ')}`
    this.#strikes.push({ moment: words.slice(1, -1).join(' '), fault })
    return undefined
  }

  #takeByOdds(words: readonly string[]): string | undefined {
    if (words.join(' ') !== 'strikes by odds') return 'strikes by odds'
    if (this.#strikes.length > 0) return 'no strikes by odds, because strikes are listed'
    this.#isByOdds = true
    return undefined
  }

  #takeAct([time, who, act, number, ...rest]: readonly string[]): string | undefined {
    const { acts } = this.#vocabulary
    const atMs = readSeconds(time)
    const what = acts.find((known) => known === act)
    const nth = readWhole(number)
    if (atMs === undefined) return 'a time in seconds, or one of seed, set, at, odds, strikes'
    if (who === undefined || act === undefined) return 'a line such as 1.204 r0 edit 7'
    if (what === undefined) return `an act, one of ${acts.join(', ')}`
    if (nth === undefined || rest.length > 0) return `the number of the act at the end, such as ${time} ${who} ${act} 7`
    this.#acts.push({ atMs, who, what, nth })
    return undefined
  }
}
