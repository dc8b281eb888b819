import { describe, test } from 'vitest'
import type { StorePlace } from './place.ts'
import { plan } from './plan.ts'

export { failEachCall, failingStore } from './failing.ts'
export type { FailingStore, FailurePlan } from './failing.ts'
export type { StorePlace } from './place.ts'

export interface StoreLawsOptions {
  /** Rule id to the reason, in a sentence, why this adapter cannot keep the rule; it is printed with the skipped test. */
  readonly skip?: Readonly<Record<string, string>>
}

/**
 * The laws of the store port as vitest tests: call it in a test file of the adapter. `open` gives each law a new, empty
 * place to open stores in; it is disposed after the law.
 */
export function storeLaws(name: string, open: () => Promise<StorePlace>, options: StoreLawsOptions = {}): void {
  describe(`store laws: ${name}`, () => {
    for (const { title, hold, reason } of plan(options.skip ?? {})) {
      if (reason !== undefined) test.skip(`${title} (skipped: ${reason})`)
      else
        test(title, async () => {
          await using place = await open()
          await hold(place)
        })
    }
  })
}
