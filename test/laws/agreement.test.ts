import type { Engine, EngineDocument, RegisterRoot } from '@rejoin/documents'
import { agreementLaws } from '@rejoin/documents/testing'
import type { Compared } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import { describe, expect, test } from 'vitest'
import { candidates } from './engines.ts'

for (const { name, open, runs } of candidates.filter((one) => one.name !== yjs.name))
  describe(name, () => {
    const heard: Compared[] = []
    for (const law of agreementLaws(yjs, (compared) => heard.push(compared)))
      test(law.title, { timeout: 120_000 }, async () => {
        heard.length = 0
        law.check(await open(), { runs })
        const whole = heard.filter(({ difference }) => difference === undefined)
        const compared = heard.reduce((sum, { actions }) => sum + actions, 0)
        expect(heard.length).toBeGreaterThanOrEqual(runs)
        // Most histories are compared to the end; those of texts to where two first met at one place.
        if (law.title.startsWith('[DO240]')) expect(whole.length / heard.length).toBeGreaterThan(0.8)
        else expect(whole.length).toBeLessThan(heard.length)
        expect(compared / heard.length).toBeGreaterThan(5)
      })
  })

test('[DO240] an engine in which the least stamp wins does not agree', () => {
  const [law] = agreementLaws(yjs)
  expect(() => law?.check(leastWins, { runs: 50 })).toThrow('DO240')
})

const leastWins: Engine = { ...yjs, create: () => reversed(yjs.create()) }

function reversed(document: EngineDocument): EngineDocument {
  const { registers } = document
  const value: RegisterRoot = {
    survivors: (key) => registers.survivors(key).toReversed(),
    keys: () => registers.keys(),
    contested: () => registers.contested(),
    remove: (key, only) => registers.remove(key, only),
    append: (key, stamp, value) => registers.append(key, stamp, value),
  }
  return Object.defineProperty(document, 'registers', { value })
}
