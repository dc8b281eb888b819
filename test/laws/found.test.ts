import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entityLaws, parseHistory, planLaws, ruleOf } from '@rejoin/documents/testing'
import { describe, expect, test } from 'vitest'
import { candidates } from './engines.ts'
import { laws } from './laws.ts'

const folder = join(import.meta.dirname, 'found')
const files = globSync('*.history', { cwd: folder }).toSorted()

describe.each(candidates)('$name', ({ open, skips }) => {
  const reasons = new Map(planLaws(laws, skips).map(({ law, reason }) => [law.title, reason]))
  for (const file of files)
    test(`${file} is not found again`, async () => {
      const asked = entityLaws.filter((law) => ruleOf(law) === file.split('-', 1)[0])
      expect(asked.length).toBeGreaterThan(0)
      const history = parseHistory(readFileSync(join(folder, file), 'utf8'))
      const engine = await open()
      for (const law of asked) if (reasons.get(law.title) === undefined) law.replay(engine, history)
    })
})
