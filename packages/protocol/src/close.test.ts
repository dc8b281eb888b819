import { expect, test } from 'vitest'
import { errorKinds, retryOf } from '@rejoin/base'
import { closeCodeOf, kindOfClose } from './index.ts'

test('[PR61] every kind has a close code of its own, in the class of its retry', () => {
  for (const kind of errorKinds) {
    const code = closeCodeOf(kind)
    expect(kindOfClose(code)).toBe(kind)
    expect(Math.floor(code / 100)).toBe(retryOf(kind) === 'later' ? 45 : 44)
  }
  expect(new Set(errorKinds.map(closeCodeOf)).size).toBe(errorKinds.length)
})

test.each([
  [1006, 'unavailable'],
  [1000, 'unavailable'],
  [1001, 'shutting-down'],
  [1009, 'too-large'],
  [1007, 'bad-frame'],
  [4499, 'bad-frame'],
  [4599, 'unavailable'],
  [3000, 'unavailable'],
])('[PR61] close code %d of whoever else is %s', (code, kind) => {
  expect(kindOfClose(code)).toBe(kind)
})
