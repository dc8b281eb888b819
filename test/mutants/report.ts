import type { Trial } from './trial.ts'

export type Verdict = 'caught' | 'survived' | 'broken patch'

export function verdictOf({ problem, simulator, tests }: Trial): Verdict {
  if (problem !== undefined) return 'broken patch'
  return simulator === undefined && tests === undefined ? 'survived' : 'caught'
}

/** One line while it goes on. */
export function lineOf(trial: Trial): string {
  const { mutant, problem, simulator, tests, seconds } = trial
  const by = [problem, simulator && `simulator: ${simulator}`, tests && `test: ${tests}`].filter(
    (text) => text !== undefined,
  )
  return `${mutant.name} ${verdictOf(trial)} in ${seconds.toFixed(0)} s${by.map((text) => `\n    ${short(text)}`).join('')}`
}

/** The table at the end, and what is to be done. */
export function tableOf(trials: readonly Trial[], untried: readonly string[]): string {
  const cell = (text: string | undefined): string => (text === undefined ? '–' : short(text).replaceAll('|', '\\|'))
  const rows = trials.map(({ mutant, problem, simulator, tests, seconds }) => {
    const cells = [mutant.name, cell(problem ?? simulator), cell(tests), seconds.toFixed(0)]
    return `| ${cells.join(' | ')} |`
  })
  const named = (verdict: Verdict): readonly string[] =>
    trials.filter((trial) => verdictOf(trial) === verdict).map(({ mutant }) => mutant.name)
  const caught = named('caught').length
  return [
    '| mutant | simulator | test | seconds |',
    '|---|---|---|---|',
    ...rows,
    '',
    `${caught} of ${trials.length} caught.`,
    ...listed('Survived', named('survived')),
    ...listed('To be written anew', named('broken patch')),
    ...listed('No time left for', untried),
    '',
  ].join('\n')
}

export function jsonOf(trials: readonly Trial[], untried: readonly string[]): string {
  const mutants = trials.map((trial) => {
    const { mutant, problem, simulator, tests, seconds } = trial
    const { name, bug, seen, breaks } = mutant
    return {
      name,
      bug,
      seen,
      breaks,
      verdict: verdictOf(trial),
      problem,
      simulator,
      tests,
      seconds: Math.round(seconds),
    }
  })
  return `${JSON.stringify({ mutants, untried }, undefined, 2)}\n`
}

const listed = (what: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`${what}: ${names.join(', ')}.`]

const short = (text: string): string => (text.length > 160 ? `${text.slice(0, 157)}…` : text)
