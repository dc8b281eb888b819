import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rangeEntry } from './frames.test.arbitraries.ts'
import { tokenAt, update } from './frames.test.samples.ts'
import { createJoiner, cutFrames, decodeServerFrame, defaultLimits, encodeServerFrame } from './index.ts'
import type { FocusedFrame, RangeEntry, RangeFrame } from './index.ts'

const small = { ...defaultLimits, frameBytesMax: 400, entriesPerFrameMax: 4 }
const rangeOf = (entries: readonly RangeEntry[]): RangeFrame => ({
  kind: 'range',
  stream: 3,
  from: 5,
  token: tokenAt(90),
  more: 'no',
  entries,
})
const snapshot = (bytes: number): RangeEntry => ({
  kind: 'snapshot',
  document: 2,
  encoding: 'yjs-2',
  bytes: new Uint8Array(bytes).map((_, i) => i),
})

test('[PR31] a range of any size travels in frames within the limits, and is whole again at the end', () => {
  let cut = 0
  fc.assert(
    fc.property(
      fc.array(fc.oneof(rangeEntry, fc.integer({ min: 200, max: 2000 }).map(snapshot)), { maxLength: 12 }),
      (entries) => {
        const joiner = createJoiner<RangeFrame>(small)
        const frames = cutFrames(rangeOf(entries), small)
        cut += frames.length - 1
        const wholes = frames.map((frame) => {
          const bytes = encodeServerFrame(frame)
          expect(bytes.length).toBeLessThanOrEqual(small.frameBytesMax)
          const decoded = decodeServerFrame(bytes, small)
          return decoded.ok && decoded.value.kind === 'range' ? joiner.join(decoded.value) : undefined
        })
        expect(wholes.slice(0, -1)).toEqual(frames.slice(1).map(() => ({ ok: true, value: undefined })))
        expect(wholes.at(-1)).toEqual({ ok: true, value: rangeOf(entries) })
      },
    ),
    { numRuns: 80 },
  )
  expect(cut).toBeGreaterThan(200)
})

test('[PR31] a range that fits is one frame', () => {
  const range = rangeOf([update(1), update(2)])
  expect(cutFrames(range, defaultLimits)).toEqual([range])
  expect(cutFrames(rangeOf([]), defaultLimits)).toEqual([rangeOf([])])
})

test('[PR31] a focused document continues the same way, beside the ranges of its stream', () => {
  const focused: FocusedFrame = {
    kind: 'focused',
    stream: 3,
    document: 2,
    to: 90,
    more: 'no',
    entries: [snapshot(1000), update(1, { document: 2 })],
  }
  const joiner = createJoiner<FocusedFrame>(small)
  const wholes = cutFrames(focused, small).map((frame) => joiner.join(frame))
  expect(wholes.length).toBeGreaterThan(2)
  expect(wholes.at(-1)).toEqual({ ok: true, value: focused })
})

const pieces = cutFrames(rangeOf([snapshot(900)]), small)
const piece = (i: number, more: Partial<RangeFrame> = {}): RangeFrame => ({ ...rangeOf([]), ...pieces[i], ...more })

test.each([
  ['another range between', piece(1, { from: 6 })],
  ['another end', piece(1, { token: tokenAt(91) })],
  ['no bytes', piece(1, { entries: [] })],
  ['bytes of another document', piece(1, { entries: [{ ...snapshot(9), document: 3 }] })],
  ['bytes of another kind', piece(1, { entries: [update(1, { document: 2, encoding: 'yjs-2' })] })],
])('[PR32] refuses %s where a rest is due', (_, second) => {
  const joiner = createJoiner<RangeFrame>(small)
  expect(joiner.join(piece(0))).toEqual({ ok: true, value: undefined })
  expect(joiner.join(second)).toMatchObject({ ok: false, error: { kind: 'bad-frame' } })
})

test('[PR32] refuses a frame that promises the rest of nothing', () => {
  expect(createJoiner<RangeFrame>(small).join({ ...rangeOf([]), more: 'bytes' })).toMatchObject({
    ok: false,
    error: { kind: 'bad-frame' },
  })
})

test('[PR32] what a stream may hold is bounded, in bytes and in entries', () => {
  const tight = { ...small, snapshotBytesMax: 2000 }
  for (const entry of [snapshot(100), update(1, { bytes: new Uint8Array(0) })]) {
    const joiner = createJoiner<RangeFrame>(tight)
    const results = Array.from({ length: 100 }, () => joiner.join({ ...rangeOf([entry]), more: 'entries' }))
    expect(results.findIndex(({ ok }) => !ok)).toBeGreaterThan(10)
    expect(results.at(-1)).toMatchObject({ ok: false, error: { kind: 'too-large' } })
  }
})

test('[PR32] a stream that ended leaves nothing behind', () => {
  const joiner = createJoiner<RangeFrame>(small)
  joiner.join(piece(0))
  joiner.drop(3)
  expect(joiner.join(rangeOf([update(1)]))).toEqual({ ok: true, value: rangeOf([update(1)]) })
})
