import fc from 'fast-check'
import { expect, test } from 'vitest'
import { yjs } from '../../yjs/index.ts'
import { anyHistory } from './any-history.ts'
import { entityLaw } from './law.ts'
import { entityLaws } from './laws.ts'
import { parseHistory, printHistory } from './notation.ts'
import { scopeOf } from './scope.ts'
import { counter, text } from './subjects/index.ts'

const fields = { minutes: counter, bodyOfServer: text }
const scope = scopeOf(fields, { life: ['create', 'delete'], disorderly: true })

test('what is printed is read back the same', () => {
  const others = (['remake', 'undo', 'resolve'] as const).map((besides) => scopeOf(fields, { besides }))
  for (const one of [scope, ...others])
    fc.assert(
      fc.property(anyHistory(one), (history) => void expect(parseHistory(printHistory(history))).toEqual(history)),
    )
})

test('what is no history is refused with its line', () => {
  for (const bad of ['', 'clocks 0\ndice 1', 'clocks 0 0\nx']) expect(() => parseHistory(bad)).toThrow('begins with')
  for (const bad of ['0 sing', 'edit x.y 1 1', '0 pull all 3', '0 edit x'])
    expect(() => parseHistory(`clocks 0 0\ndice 1\n${bad}`)).toThrow(/is no (action|command)/)
})

test('a failure names the law, says what does not hold, and prints a history that shows it again', () => {
  const claim = { end: ({ writes }: { writes: readonly unknown[] }) => expect(writes.length).toBeLessThan(3) }
  const law = entityLaw('[a rule] nobody writes three times', scope, () => claim)
  const failure = (() => {
    try {
      law.check(yjs, { runs: 50, seed: 3 })
    } catch (cause) {
      return cause instanceof Error ? cause.message : ''
    }
    return ''
  })()
  expect(failure).toMatch(
    /^\[a rule\] nobody writes three times\n.*expected 3 to be less than 3[^]*\nseed 3, shrunk to\n\nclocks/,
  )
  const shrunk = parseHistory(failure.slice(failure.indexOf('clocks')))
  expect(shrunk.actions.length).toBeLessThanOrEqual(4)
  expect(() => law.replay(yjs, shrunk)).toThrow('to be less than 3')
})

test('titles of laws are different', () => {
  expect(new Set(entityLaws.map(({ title }) => title)).size).toBe(entityLaws.length)
})
