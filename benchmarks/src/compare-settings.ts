import type { RunResult } from './result.ts'

/** In what the two runs differ besides what they measured: a sentence each. */
export function compareSettings(base: RunResult, now: RunResult): string[] {
  const settings = [
    ...(base.quick === now.quick
      ? []
      : [`The base is a ${sizeOf(base)} run and this a ${sizeOf(now)} one: their inputs differ.`]),
    ...different('seed', base.seed, now.seed),
    ...different('recorded session', base.trace, now.trace),
    ...different('number of rounds', base.rounds, now.rounds),
  ]
  const names = new Set([...Object.keys(base.fingerprint), ...Object.keys(now.fingerprint)])
  const machine = [...names]
    .filter((name) => !isMeasured(name))
    .flatMap((name) => different(name, base.fingerprint[name], now.fingerprint[name]))
  const failures = [
    ...base.failures.map(({ bench }) => `In the base ${bench} failed.`),
    ...now.failures.map(({ bench }) => `${bench} failed.`),
  ]
  return [...settings, ...machine, ...failures]
}

const sizeOf = ({ quick }: RunResult): string => (quick ? 'quick' : 'full')

type Setting = string | number | undefined

const different = (what: string, base: Setting, now: Setting): string[] =>
  base === now ? [] : [`The base is of another ${what}: ${base ?? 'none told'} there, ${now ?? 'none told'} here.`]

/** The speeds of a machine differ from minute to minute. */
const isMeasured = (name: string): boolean => /(?:Us|PerSecond)$/.test(name)
