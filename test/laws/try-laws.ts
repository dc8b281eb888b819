import { entityLaws, factsOf, statisticsOf } from '@rejoin/documents/testing'
import type { EntityLaw, HistoryFacts } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import { expect, test } from 'vitest'

const runs = 1_000
const files = 4

/** Every fourth law, so that four files share the work; and that the histories were worth it. */
export function tryLaws(file: number): void {
  for (const law of entityLaws.filter((_, i) => i % files === file))
    test(law.title, { timeout: 240_000 }, () => tryLaw(law))
}

function tryLaw(law: EntityLaw): void {
  const facts: HistoryFacts[] = []
  law.check(yjs, { runs, watch: (world) => facts.push(factsOf(world)) })
  const { histories, medianOperations, concurrent } = statisticsOf(facts)
  expect(histories).toBeGreaterThanOrEqual(runs)
  expect(medianOperations).toBeGreaterThanOrEqual(20)
  expect(concurrent).toBeGreaterThanOrEqual(0.6)
}
