import { expect, test } from 'vitest'
import { errorKinds, hintOf, isErrorKind, RejoinError, retryOf } from './error.ts'

test.each(errorKinds)('[BA10] %s says what to do', (kind) => {
  expect(hintOf(kind)).toMatch(/^[A-Z].{15,}\.$/)
  expect(['never', 'later', 'after-auth', 'in-order', 'after-repair']).toContain(retryOf(kind))
  expect(new RejoinError(kind)).toMatchObject({ kind, hint: hintOf(kind), message: hintOf(kind), retry: retryOf(kind) })
})

test('[BA10] only kinds are kinds', () => {
  expect(isErrorKind('rule')).toBe(true)
  expect(isErrorKind('toString')).toBe(false)
})
