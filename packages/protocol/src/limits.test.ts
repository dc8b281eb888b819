import { expect, test } from 'vitest'
import { checkLimits, defaultLimits, limitNames } from './index.ts'

test('[PR60] the limits that ship can be kept', () => {
  expect(checkLimits(defaultLimits)).toEqual({ ok: true, value: defaultLimits })
})

test('[PR60] every limit is a whole number that a timer and an array can take', () => {
  for (const name of limitNames)
    for (const wrong of [0, -1, 1.5, Number.NaN, 2 ** 31]) {
      const checked = checkLimits({ ...defaultLimits, [name]: wrong })
      expect(checked).toEqual({ ok: false, error: expect.stringContaining(name) })
    }
})

test.each([
  ['an entry that fits no frame', { frameBytesMax: defaultLimits.entryBytesMax + 100 }],
  ['a frame with more documents than slots', { documentSlotsMax: 2 * defaultLimits.entriesPerFrameMax - 1 }],
  ['a frame with more writers than slots', { writerSlotsMax: 100 }],
  ['one space only', { spaceSlotsMax: 1 }],
  ['one stream only', { streamsMax: 1 }],
])('[PR60] refuses %s', (_, limits) => {
  expect(checkLimits({ ...defaultLimits, ...limits }).ok).toBe(false)
})
