import { expect, test } from 'vitest'
import { yjs } from '../yjs/index.ts'
import { counterexampleOf, engineLaws, planLaws, ruleOf } from './index.ts'
import type { Law } from './index.ts'

const reason = 'It keeps one value of a key and drops the others.'

test('[DO230] a law is skipped for a written reason only, and only a law that exists', () => {
  const skipped = planLaws(engineLaws, new Map([['DO7', reason]])).filter((one) => one.reason !== undefined)
  expect(skipped.map((one) => [ruleOf(one.law), one.reason])).toEqual([['DO7', reason]])
  expect(planLaws(engineLaws).some((one) => one.reason !== undefined)).toBe(false)
  expect(() => planLaws(engineLaws, new Map([['DO7', 'no']]))).toThrow('needs its reason')
  expect(() => planLaws(engineLaws, new Map([['DO999', reason]]))).toThrow('no law DO999')
})

test('[DO230] a skip is refused where the law is kept; else the counterexample is told', () => {
  const broken: Law = {
    title: '[DO7] broken',
    check: () => {
      throw new Error('expected [1,2], found [2]')
    },
  }
  expect(counterexampleOf(broken, yjs)).toBe('expected [1,2], found [2]')
  for (const law of engineLaws.filter((one) => ruleOf(one) === 'DO30'))
    expect(() => counterexampleOf(law, yjs, { runs: 5 })).toThrow('yjs skips this law, and keeps it')
})
