import { test } from 'vitest'
import type { Engine } from './engine.ts'
import { counterexampleOf, planLaws } from './testing/index.ts'
import type { Law, LawOptions, Skips } from './testing/index.ts'

/** A test for each law. One that is skipped says so in its title, and passes if what breaks the law is found. */
export function testLaws(
  laws: readonly Law[],
  engine: Engine,
  { skips, ...options }: LawOptions & { readonly skips?: Skips } = {},
): void {
  for (const { law, reason } of planLaws(laws, skips)) {
    if (reason === undefined) test(law.title, () => law.check(engine, options))
    else test(`skipped: ${law.title} (${reason})`, () => void counterexampleOf(law, engine, options))
  }
}
