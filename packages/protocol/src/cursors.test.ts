import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deviceId, spaceId } from '@rejoin/base'
import { interest, token } from './frames.test.arbitraries.ts'
import { tokenAt } from './frames.test.samples.ts'
import {
  canonicalCursors,
  cursorsHash,
  decodeClientFrame,
  decodeServerFrame,
  defaultLimits,
  emptyToken,
  encodeClientFrame,
  encodeServerFrame,
  everything,
  helloCursors,
  interestIn,
  protocolVersion,
} from './index.ts'
import type { Cursor } from './index.ts'

const cursor: fc.Arbitrary<Cursor> = fc.record({
  space: fc.constantFrom('a', 'b', 'a-b', 'c.1').map(spaceId),
  interest,
  token,
})
const distinct = fc.uniqueArray(cursor, {
  maxLength: 6,
  selector: ({ space, interest: names }) => JSON.stringify([space, names]),
})
const space = spaceId('course-7')
const manySpaces = Array.from({ length: 3000 }, (_, i): Cursor => ({
  space: spaceId(`course-${i}`),
  interest: everything,
  token: tokenAt(1000 + i),
}))

/** A message of a client is masked (4 bytes); both have 2 bytes of header, 4 from 126 bytes on. */
const onTheWire = (bytes: Uint8Array, maskBytes: number): number =>
  bytes.length + maskBytes + (bytes.length < 126 ? 2 : 4)

test('[PR10] an idle replica costs one round trip and under 200 bytes beside its access token, however many spaces it has', () => {
  const accessToken = 'x'.repeat(600)
  const cursors = helloCursors(manySpaces.map((one) => ({ ...one, seen: one.token })))
  const hello = encodeClientFrame({
    kind: 'hello',
    protocol: protocolVersion,
    device: deviceId('d'.repeat(32)),
    accessToken,
    cursors,
  })
  const decoded = decodeClientFrame(hello)
  const remembered = [...manySpaces].reverse()
  const level =
    decoded.ok && decoded.value.kind === 'hello' && Buffer.compare(decoded.value.cursors, cursorsHash(remembered)) === 0
  const welcome = encodeServerFrame({
    kind: 'welcome',
    protocol: protocolVersion,
    session: 'e'.repeat(32),
    clockMs: Date.UTC(2096, 0, 1),
    limits: defaultLimits,
    level,
  })
  expect(decodeServerFrame(welcome)).toMatchObject({ ok: true, value: { level: true } })
  const bytes = onTheWire(hello, 4) - accessToken.length + onTheWire(welcome, 0)
  expect(bytes).toBeLessThan(200)
})

test('[PR11] a hello of another version is told apart, whatever follows its version', () => {
  const hello = {
    kind: 'hello',
    protocol: protocolVersion + 1,
    device: deviceId('d'.repeat(32)),
    accessToken: '',
    cursors: new Uint8Array(0),
  } as const
  expect(decodeClientFrame(encodeClientFrame(hello))).toMatchObject({
    ok: false,
    error: { kind: 'protocol-version', message: expect.stringMatching(/version 1, the other 2/) },
  })
})

test('[PR12] the hash is the same in whatever order the cursors come, on both sides', () => {
  fc.assert(
    fc.property(distinct, fc.nat(), (cursors, turn) => {
      const turned = [...cursors.slice(turn % (cursors.length + 1)), ...cursors.slice(0, turn % (cursors.length + 1))]
      expect(cursorsHash(turned)).toEqual(cursorsHash(cursors))
      expect(canonicalCursors(turned)).toEqual(canonicalCursors(cursors))
    }),
  )
})

test('[PR12] the hash differs when a space, an interest, a token or the number of cursors does', () => {
  const base: Cursor = { space, interest: everything, token: tokenAt(7) }
  const others: readonly (readonly Cursor[])[] = [
    [],
    [base],
    [base, base],
    [{ ...base, space: spaceId('course-8') }],
    [{ ...base, interest: interestIn(['notes']) }],
    [{ ...base, interest: interestIn([], ['notes/n1']) }],
    [{ ...base, token: tokenAt(8) }],
    [{ ...base, token: emptyToken }],
  ]
  expect(new Set(others.map((cursors) => String(cursorsHash(cursors)))).size).toBe(others.length)
  expect(cursorsHash([base])).toHaveLength(16)
})

test('[PR13] a replica that saw a token beyond a cursor, or has a cursor at nothing, sends no hash', () => {
  const level = { space, interest: everything, token: tokenAt(7), seen: tokenAt(7) }
  expect(helloCursors([level])).toEqual(cursorsHash([level]))
  expect(helloCursors([level, { ...level, space: spaceId('b'), seen: tokenAt(8) }])).toHaveLength(0)
  expect(helloCursors([{ ...level, token: emptyToken, seen: emptyToken }])).toHaveLength(0)
  expect(helloCursors([])).toHaveLength(0)
})

test('[PR13] streams of a level replica are numbered by space, then by interest', () => {
  const list = [
    { space: spaceId('b'), interest: everything, token: tokenAt(1) },
    { space: spaceId('a'), interest: interestIn(['tasks']), token: tokenAt(2) },
    { space: spaceId('a'), interest: interestIn(['notes']), token: tokenAt(2) },
  ]
  expect(canonicalCursors(list)).toEqual([list[2], list[1], list[0]])
})
