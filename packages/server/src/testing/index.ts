import { describe, test } from 'vitest'
import { logLaws } from './log-laws.ts'
import type { LogPlace } from './place.ts'

export type { LogPlace } from './place.ts'
export { plainToken, plainTokens } from './plain-tokens.ts'
export type { PlainToken } from './plain-tokens.ts'

/** The laws of the log store as vitest tests. `open` gives each law a new, empty place; it is disposed after the law. */
export function logStoreLaws(name: string, open: () => Promise<LogPlace>): void {
  describe(`log store laws: ${name}`, () => {
    for (const { title, hold } of logLaws)
      test(title, async () => {
        await using place = await open()
        await hold(place)
      })
  })
}
