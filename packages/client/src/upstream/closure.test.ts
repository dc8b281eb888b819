import { userId, writerId } from '@rejoin/base'
import type { DocumentKey } from '@rejoin/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closureOf } from './closure.ts'
import type { WaitingRow } from './closure.ts'

const row = (number: number, document: string, group = 0): WaitingRow => ({
  row: number,
  document: `notes/a/shared/${document}` as DocumentKey,
  record: {
    kind: 'local',
    branch: 0,
    writer: writerId('0'.repeat(32)),
    lane: 'normal',
    principal: userId('ada'),
    group,
    stamp: 0,
    writes: [],
  },
})
const numbersOf = (rows: readonly WaitingRow[]): number[] => rows.map(({ row: number }) => number)

/** Whether what happens to `a` must happen to `b`. */
const pulls = (a: WaitingRow, b: WaitingRow): boolean =>
  (a.record.group !== 0 && a.record.group === b.record.group) || (a.document === b.document && b.row > a.row)

test('[CL24] a late row takes its whole group with it, and what comes after that', () => {
  const waiting = [
    row(1, 'body'),
    row(2, ''),
    row(3, 'body', 3),
    row(4, '', 3),
    row(5, 'steps', 3),
    row(6, 'steps'),
    row(7, 'other'),
  ]
  expect(numbersOf(closureOf(waiting, new Set([2, 4])))).toEqual([2, 3, 4, 5, 6])
  expect(numbersOf(closureOf(waiting, new Set([6])))).toEqual([6])
  expect(numbersOf(closureOf(waiting, new Set()))).toEqual([])
})

test('[CL24] no group is cut, no row that stays comes after one that goes, and nothing else goes', () => {
  const anyRows = fc.array(fc.record({ document: fc.constantFrom('', 'body', 'steps', 'other'), group: fc.nat(4) }), {
    maxLength: 20,
  })
  fc.assert(
    fc.property(anyRows, fc.array(fc.nat(19), { maxLength: 4 }), (rows, picked) => {
      const waiting = rows.map(({ document, group }, i) => row(i, document, group))
      const first = new Set(picked.filter((number) => number < waiting.length))
      const reached = new Set(first)
      // So often that the longest way round through documents and groups has been gone.
      for (let turn = 0; turn < waiting.length; turn++)
        for (const a of waiting) for (const b of waiting) if (reached.has(a.row) && pulls(a, b)) reached.add(b.row)
      expect(new Set(numbersOf(closureOf(waiting, first)))).toEqual(reached)
    }),
  )
})
