import { invariant } from '@rejoin/base'
import type { Law } from './case.ts'

/** Rule id to the reason, in a sentence, why an engine cannot keep it; shown with the skipped law. */
export type Skips = ReadonlyMap<string, string>

/** A law that an engine keeps, or the reason why it does not. */
export interface Planned<L extends Law> {
  readonly law: L
  readonly reason?: string
}

const reasonLengthMin = 20

/** Every law, and for those that are skipped the reason. Throws if a reason is missing or names no law. */
export function planLaws<L extends Law>(laws: readonly L[], skips: Skips = new Map()): readonly Planned<L>[] {
  const rules = new Set(laws.map(ruleOf))
  for (const [rule, reason] of skips) {
    invariant(rules.has(rule), `there is no law ${rule} to skip`)
    invariant(reason.trim().length >= reasonLengthMin, `skipping ${rule} needs its reason, in a sentence`)
  }
  return laws.map((law) => {
    const reason = skips.get(ruleOf(law))
    return reason === undefined ? { law } : { law, reason }
  })
}

/** `DO7` of `[DO7] …`. */
export const ruleOf = ({ title }: Pick<Law, 'title'>): string => title.slice(1, title.indexOf(']'))
