import { expect, test } from 'vitest'
import type { FieldShape, Value } from '../fields/shape.ts'
import { policies } from '../policies/index.ts'
import { run } from '../run.ts'
import { tinyConditions } from '../schedules/conditions.ts'
import { tiny } from '../workloads/tiny.ts'
import { judged } from './history.test.helper.ts'

const invented = (kind: FieldShape['kind'] | FieldShape, text: string, ...versions: readonly Value[]): number =>
  judged(kind, text, ...versions).tally.invented

test('[LA26] what is there and nobody ever wrote is invented, once however often it is there', () => {
  expect(invented('set', 'a: put x', ['x'])).toBe(0)
  expect(invented('set', 'a: put x', ['x', 'y', 'y', 'z'])).toBe(2)
  expect(invented('set', 'a: put x\nb: take y', ['x', 'y'])).toBe(1)
  expect(invented('order', 'a: place x first', ['y', 'x'])).toBe(1)
  expect(invented('log', 'a: append x', ['x', 'y'], ['x', 'z'])).toBe(2)
  expect(invented('text', 'a: type abc first', 'axbc')).toBe(1)
  expect(invented('value', 'a: set one\nb: set two', 'two')).toBe(0)
  expect(invented('value', 'a: set one', 'two')).toBe(1)
  expect(invented('value', 'a: set one', undefined)).toBe(0)
  expect(invented({ kind: 'status', steps: ['one', 'two'] }, 'a: set one', 'two')).toBe(1)
  expect(invented('votes', 'a: vote ann 3\na: vote ann 4', { ann: 3 })).toBe(0)
  expect(invented('votes', 'a: vote ann 3', { ann: 4, ben: 3 })).toBe(2)
  // What was there when people began was written.
  expect(invented('set', 'a founding: put x', ['x'])).toBe(0)
  // Of a number nobody can tell: what is too much was counted twice.
  expect(judged('counter', 'a: add 1', 3).tally).toMatchObject({ invented: 0, doubled: 2 })
})

test('[LA26] no policy invents anything', async () => {
  for (const policy of policies)
    for (let seed = 1; seed <= 20; seed++) {
      const { invented } = await run({ policy, workload: tiny, conditions: tinyConditions(seed), seed })
      expect(invented, `${policy.name}, seed ${seed}`).toBe(0)
    }
})
