import { readdirSync, readFileSync } from 'node:fs'
import { parseRegression, planOf, runSeed } from '@rejoin/simulator'
import type { Regression } from '@rejoin/simulator'
import { describe, expect, test } from 'vitest'

const folder = new URL('regressions/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

async function holds({ seed, plan }: Regression): Promise<void> {
  const { wrong, edits } = await runSeed(seed, { plan })
  expect(wrong).toEqual([])
  expect(edits).toBeGreaterThan(0)
}

describe('seeds that once broke a promise', () => {
  for (const name of files) {
    const regression = parseRegression(readFileSync(new URL(name, folder), 'utf8'))
    test(`[SI6] ${name}: ${regression.why}`, () => holds(regression))
  }
})

test('[SI6] a regression runs with its own plan, not with the one that its seed has now', async () => {
  const calm = { ...planOf(3), replicas: 1, chaosMs: 2_000 }
  const text = JSON.stringify({ seed: 3, plan: calm, why: 'A seed from an older plan.' })
  await holds(parseRegression(text))
  const { plan, edits } = await runSeed(3, { plan: parseRegression(text).plan })
  expect(plan).toEqual(calm)
  expect(edits).toBeLessThan((await runSeed(3)).edits)
})
