import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteWriter, crc32 } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { clientFrame, serverFrame } from './frames.test.arbitraries.ts'
import { clientSamples, entry, serverSamples } from './frames.test.samples.ts'
import { decodeClientFrame, decodeServerFrame, defaultLimits, encodeClientFrame, encodeServerFrame } from './index.ts'
import type { FrameError } from './index.ts'

const decoders = [decodeClientFrame, decodeServerFrame]
const encodedSamples = [
  ...Object.values(clientSamples).map((frame) => ({ bytes: encodeClientFrame(frame), decode: decodeClientFrame })),
  ...Object.values(serverSamples).map((frame) => ({ bytes: encodeServerFrame(frame), decode: decodeServerFrame })),
]

/** A frame with a checksum that holds, whatever its body. */
const sealed = (type: number, body: Uint8Array | readonly number[]): Uint8Array => {
  const out = new ByteWriter().byte(type).raw(Uint8Array.from(body))
  return out.fixed32(crc32(out.view())).finish()
}

const errorOf = (result: Result<unknown, FrameError>): FrameError | undefined => (result.ok ? undefined : result.error)

test('[PR1] every client frame decodes to what was encoded', () => {
  fc.assert(
    fc.property(clientFrame, (frame) => {
      expect(decodeClientFrame(encodeClientFrame(frame))).toEqual({ ok: true, value: frame })
    }),
    { numRuns: 1500 },
  )
})

test('[PR1] every server frame decodes to what was encoded', () => {
  fc.assert(
    fc.property(serverFrame, (frame) => {
      expect(decodeServerFrame(encodeServerFrame(frame))).toEqual({ ok: true, value: frame })
    }),
    { numRuns: 1500 },
  )
})

test('[PR2] random bytes never throw, with and without a checksum that holds', () => {
  let understood = 0
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.uint8Array({ maxLength: 60 }), (type, body) => {
      for (const decode of decoders) {
        decode(body)
        if (decode(sealed(type, body)).ok) understood++
      }
    }),
    { numRuns: 10_000 },
  )
  expect(understood).toBeGreaterThan(100)
})

test('[PR2] frames with bytes changed, put in, taken out or doubled never throw, and what is understood can be encoded', () => {
  let understood = 0
  let refused = 0
  fc.assert(
    fc.property(fc.nat(encodedSamples.length - 1), fc.nat(), fc.nat(255), fc.nat(3), (which, where, value, how) => {
      const sample = encodedSamples[which]?.bytes ?? new Uint8Array(0)
      const body = [...sample.subarray(1, -4)]
      const at = where % (body.length + 1)
      body.splice(at, how === 1 ? 0 : 1, ...(how === 2 ? [] : how === 3 ? [value, value] : [value]))
      const mutated = sealed(sample[0] ?? 0, body)
      const client = decodeClientFrame(mutated)
      const server = decodeServerFrame(mutated)
      if (client.ok) expect(decodeClientFrame(encodeClientFrame(client.value))).toEqual(client)
      if (server.ok) expect(decodeServerFrame(encodeServerFrame(server.value))).toEqual(server)
      if (client.ok || server.ok) understood++
      else refused++
    }),
    { numRuns: 10_000 },
  )
  expect(understood).toBeGreaterThan(1000)
  expect(refused).toBeGreaterThan(1000)
})

test('[PR2] a hostile count allocates nothing: work is bounded by the bytes that are there', () => {
  const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]
  const limits = { ...defaultLimits, entriesPerFrameMax: 2 ** 53, intervalsMax: 2 ** 53, interestNamesMax: 2 ** 53 }
  expect(errorOf(decodeClientFrame(sealed(9, [0, ...huge]), limits))?.kind).toBe('bad-frame')
  expect(errorOf(decodeClientFrame(sealed(10, [0, ...huge]), limits))?.kind).toBe('bad-frame')
  expect(errorOf(decodeClientFrame(sealed(6, [0, 0, ...huge]), limits))?.kind).toBe('bad-frame')
  expect(errorOf(decodeClientFrame(sealed(12, [0, 0, ...huge]), limits))?.kind).toBe('bad-frame')
})

test('[PR3] every flipped bit of every kind of frame is found', () => {
  let flips = 0
  for (const { bytes, decode } of encodedSamples) {
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const flipped = Uint8Array.from(bytes)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(errorOf(decode(flipped))?.kind).toBe('checksum')
      flips++
    }
  }
  expect(flips).toBeGreaterThan(10_000)
})

test('[PR3] size and checksum are judged before anything is read', () => {
  const message = (bytes: Uint8Array): string => errorOf(decodeClientFrame(bytes))?.message ?? 'understood'
  expect(errorOf(decodeClientFrame(new Uint8Array(0)))).toEqual({ kind: 'bad-frame', message: 'the frame is empty' })
  expect(message(new Uint8Array(4))).toMatch(/shorter than/)
  expect(errorOf(decodeClientFrame(new Uint8Array(defaultLimits.frameBytesMax + 1)))?.kind).toBe('too-large')
  expect(errorOf(decodeClientFrame(new Uint8Array(defaultLimits.frameBytesMax)))?.kind).toBe('checksum')
  const cut = encodeClientFrame({ kind: 'space', slot: 1, space: 'x' as never }).subarray(0, -1)
  expect(errorOf(decodeClientFrame(cut))?.kind).toBe('checksum')
})

test('[PR4] a frame of the other side is refused by name', () => {
  for (const frame of Object.values(serverSamples))
    expect(errorOf(decodeClientFrame(encodeServerFrame(frame)))).toEqual({
      kind: 'bad-frame',
      message: `only a server sends ${frame.kind} frames`,
    })
  for (const frame of Object.values(clientSamples))
    expect(errorOf(decodeServerFrame(encodeClientFrame(frame)))).toEqual({
      kind: 'bad-frame',
      message: `only a client sends ${frame.kind} frames`,
    })
})

test('[PR5] an unknown type is told apart, with its number', () => {
  for (const type of [0, 40, 63, 80, 200, 255])
    for (const decode of decoders)
      expect(errorOf(decode(sealed(type, [1, 2, 3])))).toMatchObject({ kind: 'unknown-type', type })
})

test('[PR6] every sample is refused when it ends early or goes on', () => {
  for (const { bytes, decode } of encodedSamples) {
    const type = bytes[0] ?? 0
    const body = bytes.subarray(1, -4)
    expect(errorOf(decode(sealed(type, [...body, 0])))).toEqual({ kind: 'bad-frame', message: 'trailing bytes' })
    for (let length = 0; length < body.length; length++)
      expect(errorOf(decode(sealed(type, body.subarray(0, length))))?.kind).toBe('bad-frame')
  }
})

test.each([
  ['a number in more bytes than it needs', sealed(7, [0x80, 0x00])],
  ['a number over 2^53 - 1', sealed(7, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])],
  ['invalid UTF-8', sealed(2, [2, 0xc3, 0x28])],
  ['rare flags that do not exist', sealed(9, [0, 1, 0x82, 0x10, 0, 0])],
  ['a group told twice', sealed(9, [0, 1, 0xc2, 0x04, 0, 1, 2, 0])],
  ['a stamp told twice', sealed(9, [0, 1, 0x86, 0x02, 0, 1, 0])],
  ['an entry of the same document as none', sealed(9, [0, 1, 0x00, 0])],
  ['an unknown engine', sealed(9, [0, 1, 0x82, 0x08, 0, 0x04, 0])],
  ['an entry numbered 0', sealed(9, [0, 1, 0x82, 0x01, 0, 0, 0])],
  ['a packed entity that is not there', sealed(5, [1, 0b1010, 1, 0x61])],
  ['a part that does not exist', sealed(5, [1, 0b110110, 1, 0x61, 1, 0x61])],
  ['a first declaration without a name', sealed(5, [1, 0])],
  ['no interval at all', sealed(10, [0, 0])],
  [
    'a cursor hash of 15 bytes',
    sealed(1, [1, ...new Array<number>(16).fill(0), 0, 15, ...new Array<number>(15).fill(0)]),
  ],
  ['a token of 3 bytes', sealed(6, [0, 0, 0, 0, 3, 1, 2, 3, 0])],
  ['names of an interest out of order', sealed(6, [0, 0, 2, 1, 0x62, 1, 0x61, 0, 0, 0])],
  ['an entity of a collection that is named whole', sealed(6, [0, 0, 1, 1, 0x61, 1, 3, 0x61, 0x2f, 0x62, 0, 0])],
])('[PR6] refuses %s', (_, bytes) => {
  expect(errorOf(decodeClientFrame(bytes))).toMatchObject({ kind: 'bad-frame' })
})

test.each([
  ['a snapshot with a writer', sealed(71, [0, 0, 0, 0, 1, 0b100110, 0, 0, 0])],
  ['an entry of no writer', sealed(71, [0, 0, 0, 0, 1, 0b1010, 0, 1, 0])],
  ['a kind that does not exist', sealed(71, [0, 0, 0, 0, 1, 0b110010, 0, 0])],
  ['a flag that is neither 0 nor 1', sealed(73, [0, 1, 0, 0, 0xb9, 0x22, 0, 2])],
  ['a range that ends before it begins', sealed(70, [0, 5, 0, 0, 0])],
  ['an error number of no class', sealed(79, [5, 0, 0])],
  [
    'limits that nobody can keep',
    sealed(64, [1, ...new Array<number>(16).fill(0), 0, ...new Array<number>(23).fill(0), 0]),
  ],
])('[PR6] refuses %s', (_, bytes) => {
  expect(errorOf(decodeServerFrame(bytes))).toMatchObject({ kind: 'bad-frame' })
})

test.each(['', '__proto__', 'constructor', '..', 'a/b', '%2e', 'a\0', 'a\r\n', "x'; DROP TABLE--", 'x'.repeat(129)])(
  '[PR7] refuses the id %j',
  (id) => {
    const named = new ByteWriter().number(0).text(id).finish()
    expect(errorOf(decodeClientFrame(sealed(3, named)))?.kind).toBe('bad-id')
    const interest = new ByteWriter()
      .number(0)
      .number(0)
      .number(0)
      .number(1)
      .text(`${id}/x`)
      .number(0)
      .number(0)
      .finish()
    expect(errorOf(decodeClientFrame(sealed(6, interest)))?.kind).toBe('bad-id')
    const declared = new ByteWriter().number(1).byte(0b110).text('notes').text(id).finish()
    expect(errorOf(decodeClientFrame(sealed(5, declared)))?.kind).toBe('bad-id')
    const field = new ByteWriter().number(1).byte(0b1000110).text('notes').text('n1').text(id).finish()
    if (id !== '') expect(errorOf(decodeClientFrame(sealed(5, field)))?.kind).toBe('bad-id')
  },
)

test('[PR8] counts over a limit are refused as too large, and name the limit', () => {
  const limits = {
    ...defaultLimits,
    entriesPerFrameMax: 2,
    intervalsMax: 2,
    accessTokenBytesMax: 4,
    groupEntriesMax: 3,
    clientIdsMax: 1,
  }
  const over: readonly (readonly [keyof typeof limits, Uint8Array])[] = [
    ['entriesPerFrameMax', encodeClientFrame({ kind: 'push', writer: 0, entries: [entry(1), entry(2), entry(3)] })],
    [
      'groupEntriesMax',
      encodeClientFrame({ kind: 'push', writer: 0, entries: [entry(1, { group: 1, groupSize: 4 })] }),
    ],
    ['intervalsMax', encodeClientFrame({ kind: 'ask', writer: 0, intervals: [1, 1, 3, 3, 5, 5] })],
    ['accessTokenBytesMax', encodeClientFrame({ kind: 'auth', accessToken: '12345' })],
    [
      'clientIdsMax',
      encodeClientFrame({ kind: 'writer', slot: 0, space: 0, writer: '0'.repeat(32) as never, clientIds: [1, 2] }),
    ],
  ]
  for (const [limit, bytes] of over) {
    expect(errorOf(decodeClientFrame(bytes, limits))).toMatchObject({
      kind: 'too-large',
      message: expect.stringContaining(limit),
    })
    expect(decodeClientFrame(bytes).ok).toBe(true)
  }
})

test('[PR8] an entry over entryBytesMax does not spoil its frame: it is rejected alone', () => {
  const bytes = encodeClientFrame({
    kind: 'push',
    writer: 0,
    entries: [entry(1), entry(2, { bytes: new Uint8Array(defaultLimits.entryBytesMax + 1) })],
  })
  expect(decodeClientFrame(bytes).ok).toBe(true)
})

test('[PR8] a sentence is cut at messageBytesMax, at a whole character', () => {
  const decoded = decodeServerFrame(
    encodeServerFrame({ kind: 'error', error: 'rule', message: 'é'.repeat(2000), afterMs: 0 }),
  )
  expect(decoded).toMatchObject({ ok: true, value: { message: 'é'.repeat(512) } })
})
