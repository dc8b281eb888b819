import { counterexampleOf, planLaws, statisticsOf } from '@rejoin/documents/testing'
import type { HistoryFacts, Law } from '@rejoin/documents/testing'
import { describe, expect, test } from 'vitest'
import { candidates } from './engines.ts'
import type { Candidate } from './engines.ts'
import { laws } from './laws.ts'

const files = 4

/**
 * Every fourth law on every engine, so that four files share the work; that the histories were worth it; and that a law
 * which is skipped would be broken.
 */
export function tryLaws(file: number): void {
  for (const candidate of candidates)
    describe(candidate.name, () => {
      for (const { law, reason } of planLaws(laws, candidate.skips).filter((_, i) => i % files === file))
        if (reason === undefined) test(law.title, { timeout: 240_000 }, () => tryLaw(law, candidate))
        else test(`skipped: ${law.title} (${reason})`, async () => counterexampleOf(law, await candidate.open()))
    })
}

async function tryLaw(law: Law, { open, runs }: Candidate): Promise<void> {
  const facts: HistoryFacts[] = []
  law.check(await open(), { runs, watch: (one) => facts.push(one) })
  const { histories, medianOperations, concurrent } = statisticsOf(facts)
  expect(histories).toBeGreaterThanOrEqual(runs)
  expect(medianOperations).toBeGreaterThanOrEqual(20)
  expect(concurrent).toBeGreaterThanOrEqual(0.6)
}
