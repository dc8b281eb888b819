import { expect, test } from 'vitest'
import { measure } from './measure.ts'
import type { Session } from './session.ts'

test('[LA52, LA2] of several versions what is in one is not lost, what one is without no ghost, and the best one counts', () => {
  const characters = (...all: number[]): Int32Array => Int32Array.from(all)
  const session: Session = {
    ...{ name: 't', authors: 2, transactions: [], turn: null, typed: 5 },
    ...{ end: characters(0, 1, 4), before: new Int32Array(5) },
  }
  const done = { erased: Uint8Array.from([0, 0, 1, 1, 0]), skipped: 0, conflicts: new Set<string>() }
  const of = (...versions: Int32Array[]): ReturnType<typeof measure> =>
    measure(session, done, versions, versions.at(-1) ?? characters())
  expect(of(characters(0, 0, 0, 2, 3), characters(1, 1, 3))).toMatchObject({
    ...{ effects: 3, lostEffects: 1, lostShare: 1 / 3, ghosts: 1, doubled: 1, finalLength: 3 },
  })
  expect(of(characters(0, 0, 0, 2, 3))).toMatchObject({ lostEffects: 2, ghosts: 2, doubled: 2 })
})
