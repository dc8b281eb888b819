import { expect, test } from 'vitest'
import { stampAt } from '@rejoin/base'
import { entry } from './frames.test.samples.ts'
import { decodeClientFrame, encodeClientFrame } from './index.ts'
import type { PushEntry } from './index.ts'

const startMs = Date.UTC(2026, 4, 1)

/** Bytes of a push beside the entries' own, without what every frame has: type, writer, count, checksum. */
function envelopeOf(entries: readonly PushEntry[]): number {
  const size = encodeClientFrame({ kind: 'push', writer: 2, entries }).length
  const frame = encodeClientFrame({ kind: 'push', writer: 2, entries: [] }).length + (entries.length > 127 ? 1 : 0)
  return size - frame - entries.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** Real edits go on for a while; the first entry of a frame tells what the others imply. */
const perEntry = (entries: readonly PushEntry[]): number =>
  (envelopeOf(entries) - envelopeOf(entries.slice(0, 1))) / (entries.length - 1)

const range = (length: number): readonly number[] => Array.from({ length }, (_, i) => i)

test('[PR20] a long offline session of one text: entries sealed together cost 2 or 3 bytes each', () => {
  const stamp = stampAt(startMs)
  const entries = range(500).map((i) =>
    entry(1000 + i, {
      document: 700,
      stamp,
      after: i === 0 ? undefined : { writer: 2, n: 999 + i },
      bytes: new Uint8Array(i % 2 === 0 ? 90 : 400),
    }),
  )
  expect(perEntry(entries)).toBeLessThanOrEqual(3)
})

test('[PR20] typing with a register beside the text, a group each, sealed at a new stamp every time: at most 4 bytes an entry', () => {
  const entries = range(400).map((i) => {
    const first = 5001 + 2 * (i >> 1)
    const n = 5001 + i
    return entry(n, {
      document: i % 2 === 0 ? 200 : 900,
      group: first,
      groupSize: 2,
      stamp: stampAt(startMs + 250 * (i >> 1)),
      after: i < 2 ? undefined : { writer: 2, n: n - 2 },
      bytes: new Uint8Array(i % 2 === 0 ? 150 : 40),
    })
  })
  expect(perEntry(entries)).toBeLessThanOrEqual(4)
})

test('[PR20] a thousand new notes with two documents each: at most 4 bytes an entry', () => {
  const entries = range(1000).map((i) =>
    entry(1 + i, {
      document: 300 + i,
      group: 1 + 2 * (i >> 1),
      groupSize: 2,
      stamp: stampAt(startMs + 3 * (i >> 1)),
      bytes: new Uint8Array(i % 2 === 0 ? 200 : 60),
    }),
  )
  expect(perEntry(entries)).toBeLessThanOrEqual(4)
})

test('[PR20] with one stamp, no entry of a stream over 100 documents costs more than 4 bytes', () => {
  const stamp = stampAt(startMs)
  const entries = range(240).map((i) => {
    const before = i < 100 ? undefined : { writer: 2, n: 9000 + i - 100 }
    return entry(9000 + i, { document: (i * 37) % 100, stamp, after: before, bytes: new Uint8Array(300) })
  })
  for (const i of range(239))
    expect(envelopeOf(entries.slice(0, i + 2)) - envelopeOf(entries.slice(0, i + 1))).toBeLessThanOrEqual(4)
})

test('[PR20] going back and forth between two documents names neither again', () => {
  const stamp = stampAt(startMs)
  const entries = [2000, 3000, 3000, 2000, 2000, 3000].map((document, i) => entry(1 + i, { document, stamp }))
  for (const i of [2, 3, 4, 5]) expect(envelopeOf(entries.slice(0, i + 1)) - envelopeOf(entries.slice(0, i))).toBe(2)
})

test('[PR20] one entry alone: a frame of at most 24 bytes beside its own', () => {
  const alone = entry(123_456, { document: 40, stamp: stampAt(startMs) + 5, after: { writer: 2, n: 123_450 } })
  expect(
    encodeClientFrame({ kind: 'push', writer: 2, entries: [alone] }).length - alone.bytes.length,
  ).toBeLessThanOrEqual(24)
})

test.each([
  ['before its first member', { group: 8, groupSize: 2 }],
  ['behind its last member', { group: 4, groupSize: 3 }],
  ['a group of one', { group: 7, groupSize: 1 }],
  ['a group without a first member', { group: 0, groupSize: 3 }],
])('[PR21] refuses an entry %s', (_, group) => {
  const decoded = decodeClientFrame(encodeClientFrame({ kind: 'push', writer: 0, entries: [entry(7, group)] }))
  expect(decoded).toMatchObject({ ok: false, error: { kind: 'bad-frame', message: 'not an entry of its group' } })
})

test('[PR22] after means the same whichever way it is told', () => {
  const entries = [
    entry(5, { document: 1 }),
    entry(6, { document: 2, after: { writer: 4, n: 5 } }),
    entry(7, { document: 1, after: { writer: 2, n: 5 } }),
    entry(8, { document: 1, after: { writer: 2, n: 3 } }),
    entry(9, { document: 1, after: { writer: 2, n: 12 } }),
    entry(3, { document: 1, after: { writer: 4, n: 9 } }),
  ]
  expect(decodeClientFrame(encodeClientFrame({ kind: 'push', writer: 2, entries }))).toEqual({
    ok: true,
    value: { kind: 'push', writer: 2, entries },
  })
})
