import fc from 'fast-check'
import { expect, test } from 'vitest'
import { token } from './frames.test.arbitraries.ts'
import { tokenAt } from './frames.test.samples.ts'
import {
  compareTokens,
  decodeToken,
  emptyToken,
  encodeToken,
  epochOf,
  isEmptyToken,
  parseToken,
  sameToken,
  seqOf,
  tokenBytesMax,
} from './index.ts'

const ofEpoch = (digit: string, seq: number): ReturnType<typeof encodeToken> =>
  encodeToken({ ...decodeToken(tokenAt(seq)), epoch: digit.repeat(32) })

test('[PR50] a token is its four parts, in at most 56 bytes', () => {
  fc.assert(
    fc.property(token, (one) => {
      expect(one.length).toBeLessThanOrEqual(tokenBytesMax)
      expect(parseToken(one)).toEqual({ ok: true, value: one })
      if (isEmptyToken(one)) return
      expect(sameToken(encodeToken(decodeToken(one)), one)).toBe(true)
      expect(decodeToken(one)).toMatchObject({ epoch: epochOf(one), seq: seqOf(one) })
    }),
  )
})

test('[PR50] bytes that are no token are refused', () => {
  const good = tokenAt(300)
  for (let length = 1; length < good.length; length++) expect(parseToken(good.subarray(0, length)).ok).toBe(false)
  expect(parseToken(Uint8Array.from([...good, 0])).ok).toBe(false)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const parsed = parseToken(bytes)
      if (parsed.ok && !isEmptyToken(parsed.value)) expect(encodeToken(decodeToken(parsed.value))).toEqual(bytes)
    }),
  )
})

test('[PR51] tokens of one epoch compare by seq; of two epochs neither is ahead; nothing is before everything', () => {
  expect(compareTokens(tokenAt(3), tokenAt(200))).toBe(-1)
  expect(compareTokens(tokenAt(200), tokenAt(3))).toBe(1)
  expect(compareTokens(tokenAt(3), tokenAt(3))).toBe(0)
  expect(compareTokens(ofEpoch('a', 3), ofEpoch('b', 200))).toBeUndefined()
  expect(compareTokens(emptyToken, tokenAt(0))).toBe(-1)
  expect(compareTokens(tokenAt(0), emptyToken)).toBe(1)
  expect(compareTokens(emptyToken, emptyToken)).toBe(0)
})

test('[PR51] tokens of the same length are the same only byte by byte', () => {
  const other = encodeToken({ ...decodeToken(tokenAt(3)), hash: new Uint8Array(16).fill(1) })
  expect(compareTokens(other, tokenAt(3))).toBe(0)
  expect(sameToken(other, tokenAt(3))).toBe(false)
  expect(sameToken(tokenAt(3), tokenAt(3))).toBe(true)
  expect([seqOf(emptyToken), epochOf(emptyToken)]).toEqual([0, ''])
})
