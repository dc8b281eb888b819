import { canonicalJson } from '@rejoin/schema'
import type { Json } from '@rejoin/schema'
import type { PolicyRules } from './policy.ts'

const extreme = (isBetter: (a: Json, b: Json) => boolean): PolicyRules => {
  const best = (values: readonly Json[]): Json => values.reduce((so, value) => (isBetter(value, so) ? value : so))
  return {
    writes: (seen, value) => seen.length === 0 || isBetter(value, best(seen)),
    read: best,
    goesBack: false,
  }
}

/** The greatest value ever written: a smaller one is not written, and a greater one replaces only what it exceeds. */
export const max: PolicyRules = extreme((a, b) => compareJson(a, b) > 0)
export const min: PolicyRules = extreme((a, b) => compareJson(a, b) < 0)

/** Numbers by size, before texts by code unit, before the rest by canonical text. */
export function compareJson(a: Json, b: Json): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const [rankA, rankB] = [rankOf(a), rankOf(b)]
  if (rankA !== rankB) return rankA - rankB
  const [textA, textB] = [textOf(a), textOf(b)]
  return textA < textB ? -1 : textA > textB ? 1 : 0
}

const rankOf = (value: Json): number => (typeof value === 'number' ? 0 : typeof value === 'string' ? 1 : 2)
const textOf = (value: Json): string => (typeof value === 'string' ? value : canonicalJson(value))
