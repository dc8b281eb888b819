import { invariant } from '@rejoin/base'
import { batchLaws } from './batch-laws.ts'
import type { Law } from './law.ts'
import { lifeLaws } from './life-laws.ts'

/** What every adapter must do; the rules are in SPEC.md. */
const laws: readonly Law[] = [...batchLaws, ...lifeLaws]

const reasonLengthMin = 20

/** Every law, and for those that are skipped the reason. Throws if a reason is missing or names no law. */
export function plan(skip: Readonly<Record<string, string>>): readonly (Law & { readonly reason?: string })[] {
  const ids = new Set(laws.map(idOf))
  for (const [id, reason] of Object.entries(skip)) {
    invariant(ids.has(id), `there is no law ${id} to skip`)
    invariant(reason.trim().length >= reasonLengthMin, `skipping ${id} needs its reason, in a sentence`)
  }
  return laws.map((law) => {
    const reason = skip[idOf(law)]
    return reason === undefined ? law : { ...law, reason }
  })
}

const idOf = ({ title }: Law): string => title.slice(1, title.indexOf(']'))
