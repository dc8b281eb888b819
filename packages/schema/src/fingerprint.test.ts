import { expect, test } from 'vitest'
import { collection } from './collection.ts'
import type { Collection } from './collection.ts'
import { counter, map, ref, register, text } from './fields.ts'
import { fingerprint } from './fingerprint.ts'
import { number, string } from './schemas.test.helper.ts'

const up = (): number => 1
const base = (): Collection => collection('c', { a: register(number), b: text() })

test('[SC24] a fingerprint is the same for a declaration that is repeated, and another for each that shows otherwise', () => {
  const others: readonly Collection[] = [
    base(),
    collection('c', { a: register(number) }),
    collection('c', { b: text(), a: register(number) }),
    collection('c', { a2: register(number, { key: 'a' }), b: text() }),
    collection('c', { a: register(number, { key: 'a2' }), b: text() }),
    collection('c', { a: counter(), b: text() }),
    collection('c', { a: register(number).writtenBy('server'), b: text() }),
    collection('c', { a: register(number).conflicts('max'), b: text() }),
    collection('c', { a: register(number).conflicts({ resolve: (values) => values[0] ?? 0 }), b: text() }),
    collection('c', { a: register(number).conflicts({ resolve: (values) => values.at(-1) ?? 0 }), b: text() }),
    collection('c', { a: register(number, { upgrade: up }), b: text() }),
    collection('c', { a: register(number, { lens: { from: 'x', up } }), b: text() }),
    collection('c', { a: register(number, { lens: { from: 'y', up } }), b: text() }),
    collection('c', { a: register(number, { lens: { from: 'x', up: () => 2 } }), b: text() }),
    collection('c', { a: ref('x'), b: text() }),
    collection('c', { a: ref('x', { whenGone: 'clear' }), b: text() }),
    collection('c', { a: map(number), b: text() }),
    collection('c', { a: register(number), b: text() }, { derive: { d: () => 1 } }),
    collection('c', { a: register(number), b: text() }, { derive: { d: () => 2 } }),
    collection('c', { a: register(number), b: text() }, { engine: 'automerge' }),
  ]
  expect(new Set(others.map(fingerprint)).size).toBe(others.length)
  expect(fingerprint(base())).toBe(fingerprint(base()))
  // What a validator accepts is not looked into, and what no view shows does not count.
  expect(fingerprint(collection('d', { a: register(string), b: text() }, { deletion: 'edit-wins', space: 's' }))).toBe(
    fingerprint(base()),
  )
})
