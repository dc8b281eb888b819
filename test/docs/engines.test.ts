import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '@rejoin/documents'
// begin
import { counterexampleOf, engineLaws, entityLaws, planLaws, portLaws } from '@rejoin/documents/testing'

// first
import { yjs } from '@rejoin/documents/yjs'
import { expect, test } from 'vitest'

const openEngine = async (): Promise<Engine> => ({ ...yjs, name: 'mine' })
// then
const engine = await openEngine()
const skips = new Map<string, string>() // rule → why this engine cannot keep it, in a sentence
for (const { law, reason } of planLaws([...portLaws, ...engineLaws, ...entityLaws], skips))
  if (reason === undefined) test(law.title, () => law.check(engine, { runs: 5 }))
  else test(`skipped: ${law.title} (${reason})`, () => void counterexampleOf(law, engine))
// end

const own = readFileSync(import.meta.filename, 'utf8')
const page = readFileSync(join(import.meta.dirname, '../../docs/engines.md'), 'utf8')
const between = (from: string, to: string): string =>
  new RegExp(`^// ${from}\n([\\s\\S]*?)// ${to}\n`, 'm').exec(own)?.[1] ?? 'none'

test('the example of the guide is this file', () => {
  expect(page).toContain(between('begin', 'first') + between('then', 'end'))
})
