import { expect, test } from 'vitest'
import { canariesIn, doubled, overfilled, silences, strangeEndings, trespassed } from './evidence.ts'
import type { Evidence, WrittenRow } from './evidence.ts'
import { brand } from './payloads/payload.ts'
import { Requests } from './requests.ts'

const nothing: Evidence = { lines: [], leaks: [], writers: new Set(['m']), bufferedMax: 0 }
const row = (more: Partial<WrittenRow>): WrittenRow => ({
  kind: 'update',
  document: 'notes/a/shared/',
  writer: 'm',
  n: 1,
  bytes: new Uint8Array(3),
  ...more,
})

test('[SI51] a canary is found in the middle of bytes that are no text, and a short one is refused', () => {
  const bytes = Uint8Array.from([0xff, 0x80, ...new TextEncoder().encode('geheim-üß'), 0xc3])
  expect(canariesIn(bytes, ['geheim-üß', 'geheim-uß'])).toEqual(['geheim-üß'])
  expect(() => canariesIn(bytes, ['㐂'])).toThrow(RangeError)
})

test('[SI51] what it wrote where it may not is found, also under another name', () => {
  const rows = new Map([
    ['pluto', [row({}), row({ writer: 'honest' })]],
    [
      'earth',
      [
        row({ n: 2 }),
        row({ kind: 'writer' }),
        row({ writer: 'honest', bytes: new TextEncoder().encode(`..${brand}`) }),
      ],
    ],
  ])
  const rowsOf = (space: string): readonly WrittenRow[] => rows.get(space) ?? []
  expect(trespassed(nothing, 'pluto', ['pluto', 'earth'], rowsOf)).toHaveLength(2)
  expect(trespassed(nothing, 'pluto', ['pluto'], rowsOf)).toEqual([])
})

test('[SI51] an id that was accepted twice is found', () => {
  expect(doubled(nothing, 'pluto', [row({}), row({ n: 2 }), row({ writer: 'honest' })])).toEqual([])
  expect(doubled(nothing, 'pluto', [row({}), row({ bytes: new Uint8Array(9) })])).toHaveLength(1)
})

test('[SI51] silence is found if a later ping was answered, or nothing can have been lost', () => {
  const requests = new Requests()
  requests.said({ kind: 'ask', writer: 3, intervals: [1, 10] }, 100)
  requests.heard({ kind: 'unknown', writer: 3, intervals: [1, 9] })
  const line = (more: object = {}) => ({
    ...nothing,
    lines: [{ openedMs: 0, ending: undefined, open: requests.open(), provenMs: requests.provenMs, ...more }],
  })
  const patience = { nowMs: 50_000, boundMs: 1000, calmSinceMs: 60_000 }
  expect(silences(line(), patience)).toEqual([])
  expect(silences(line(), { ...patience, calmSinceMs: 0 })).toHaveLength(1)
  requests.said({ kind: 'ping' }, 2_000)
  requests.heard({ kind: 'pong', clockMs: 0 })
  expect(silences(line(), patience)).toHaveLength(1)
  expect(silences(line({ ending: { code: 1006, reason: '' } }), patience)).toEqual([])
  requests.heard({ kind: 'retry', writer: 3, intervals: [10, 10], error: 'gap', afterMs: 0 })
  expect(silences(line(), patience)).toEqual([])
})

test('[SI51] a full line and a code of nobody are found', () => {
  expect(overfilled({ ...nothing, bufferedMax: 11 }, 10)).toHaveLength(1)
  expect(overfilled({ ...nothing, bufferedMax: 10 }, 10)).toEqual([])
  const ended = (code: number) => [{ openedMs: 0, ending: { code, reason: '' }, open: [], provenMs: -1 }]
  expect(strangeEndings({ ...nothing, lines: [...ended(4400), ...ended(1006), ...ended(1011)] })).toHaveLength(1)
})
