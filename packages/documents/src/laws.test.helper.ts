import { test } from 'vitest'
import type { Engine } from './engine.ts'
import { counterexampleOf, planLaws } from './testing/index.ts'
import type { Law, LawOptions, Skips } from './testing/index.ts'

/** A test for each law. Those that are skipped show so, after what breaks them was found. */
export function testLaws(
  laws: readonly Law[],
  engine: Engine,
  { skips, ...options }: LawOptions & { readonly skips?: Skips } = {},
): void {
  for (const { law, reason } of planLaws(laws, skips)) {
    if (reason === undefined) test(law.title, () => law.check(engine, options))
    else
      test(`${law.title} (skipped: ${reason})`, ({ skip }) => {
        skip(counterexampleOf(law, engine, options))
      })
  }
}
