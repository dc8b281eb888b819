import type { Deed } from '../fields/deed.ts'
import type { Shown } from '../fields/shape.ts'
import { Ledger } from '../ledger/ledger.ts'
import type { Change, End } from './workload.ts'

type Done = readonly [author: number, seen: readonly number[], ...deeds: readonly Deed[]]

/** An end as the judge gives it: what is shown, and who did what, having seen how much of whom. */
export function ended(shown: Shown | undefined, done: readonly Done[], changes: readonly Change[] = []): End {
  const ledger = new Ledger()
  const counts = new Map<number, number>()
  for (const [atMs, [author, seen, ...deeds]] of done.entries()) {
    const nth = (counts.get(author) ?? 0) + 1
    counts.set(author, nth)
    ledger.add({ author, nth, atMs, entity: 'things-0', deeds, seen })
  }
  return { entity: 'things-0', shown, versions: {}, ledger, changes }
}
