import { describe, expect, test } from 'vitest'
import { Bench, row, space, writer } from './rows.test.helper.ts'
import type { Answer } from './types.ts'

/** Three entries of as many documents, sent. */
function sent(): Bench {
  const bench = new Bench().start([row(1, 'a'), row(2, 'b'), row(3, 'c')]).link()
  bench.seal()
  return bench
}

function answerAll(bench: Bench, answer: Answer): Bench {
  bench.step({ kind: 'answered-all', space, writer, numbers: [2, 2 ** 53 - 1], answer })
  return bench
}

describe('an answer for many entries', () => {
  test('[OB35] rejects those that there are', () => {
    const bench = answerAll(sent(), { kind: 'reject', error: 'rule', message: 'No.' })
    expect(bench.of('take').map(({ rows, error, message }) => ({ rows, error, message }))).toEqual([
      { rows: [2], error: 'rule', message: 'No.' },
      { rows: [3], error: 'rule', message: 'No.' },
    ])
    expect(bench.outbox.unanswered(space).map(({ id }) => id.n)).toEqual([1])
  })

  test('[OB35] has them sent again, not before the server asks', () => {
    const bench = answerAll(sent(), { kind: 'retry', error: 'checksum', afterMs: 700 })
    expect(bench.of('wake')[0]?.at).toBeGreaterThanOrEqual(bench.now + 700)
    expect(bench.due().sent()).toEqual([2, 3])
  })
})
