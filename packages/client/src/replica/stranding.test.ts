import { spaceId, userId, writerId } from '@rejoin/base'
import type { DocumentKey } from '@rejoin/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowInfo } from '../upstream/writing.ts'
import { emptyBase } from './base-record.ts'
import type { WaitingRow } from './load-rows.ts'
import type { LocalRow } from './row.ts'
import { beginningOf } from './stranding.ts'

interface Draft {
  readonly row: number
  readonly document: string
  readonly transactions: number[]
  group: number
}

/** A transaction: the documents it writes to, and whether the row of each is full, so that it begins another. */
type Writes = readonly (readonly [document: string, isFull: boolean])[]

/** The rows of moments in which transactions were made, as the row maker draws them up. */
function rowsOf(moments: readonly (readonly Writes[])[]): readonly Draft[] {
  const all: Draft[] = []
  let transaction = 0
  for (const moment of moments) {
    const drafts: Draft[] = []
    const open = new Map<string, Draft>()
    for (const writes of moment) {
      transaction += 1
      const touched = new Set<Draft>()
      for (const [document, isFull] of writes) {
        const known = open.get(document)
        const draft =
          known === undefined || isFull
            ? { row: all.length + drafts.length + 1, document, transactions: [], group: 0 }
            : known
        if (draft !== known) drafts.push(draft)
        open.set(document, draft)
        draft.transactions.push(transaction)
        touched.add(draft)
      }
      if (touched.size < 2) continue
      const groups = new Set([...touched].map(({ group }) => group).filter((group) => group !== 0))
      const joined = [...touched, ...drafts.filter(({ group }) => groups.has(group))]
      const leader = Math.min(...joined.map(({ row }) => row))
      for (const draft of joined) draft.group = leader
    }
    all.push(...drafts)
  }
  return all
}

const space = spaceId('home')
const writer = writerId('0'.repeat(32))

function waitingOf({ row, document, transactions, group }: Draft): WaitingRow {
  const key = `notes/a/shared/${document}` as DocumentKey
  const update = { encoding: 'yjs-1', bytes: new Uint8Array(1) } as const
  const writes = transactions.map((transaction) => ({ transaction, update }))
  const principal = userId('ada')
  const record: LocalRow = { kind: 'local', branch: 0, writer, lane: 'normal', principal, group, stamp: 0, writes }
  return { info: rowInfo(row, space, key, emptyBase.generation, record, key, 1), record }
}

const keptOf = (drafts: readonly Draft[], lost: ReadonlySet<number>): readonly Draft[] => {
  const rows = drafts.filter(({ row }) => !lost.has(row))
  const from = beginningOf(lost, rows.map(waitingOf))
  return rows.filter(({ row }) => row < from)
}

const anyWrites = fc.uniqueArray(fc.tuple(fc.constantFrom('', 'body', 'steps', 'other', 'more'), fc.boolean()), {
  minLength: 1,
  maxLength: 3,
  selector: ([document]) => document,
})
const anyPicked = fc.array(fc.nat(40), { minLength: 1, maxLength: 4 })
const anyMoments = fc.array(fc.array(anyWrites, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 })

/** Of two groups that interleave a row each is lost: that with which the second begins, and the later one of the first. */
const interleaved: readonly Writes[] = [
  [['', false]],
  [['body', false]],
  [
    ['', false],
    ['steps', false],
  ],
  [
    ['body', false],
    ['other', false],
  ],
]

test('[CL85] whichever rows are lost, no half of a group is kept, and nothing that was written to later', () => {
  fc.assert(
    fc.property(anyMoments, anyPicked, (moments, picked) => {
      const drafts = rowsOf(moments)
      const lost = new Set(picked.map((nth) => (nth % drafts.length) + 1))
      const kept = keptOf(drafts, lost)
      const gone = drafts.filter((draft) => !kept.includes(draft))
      const halves = kept.filter(({ group }) => group !== 0 && gone.some((other) => other.group === group))
      expect(halves).toEqual([])
      expect(kept.every(({ row }) => row < Math.min(...lost))).toBe(true)
    }),
    { numRuns: 1_000, examples: [[[interleaved], [1, 2]]] },
  )
})

test('[CL85] one lost row takes nothing of an earlier moment than the last group before it', () => {
  fc.assert(
    fc.property(anyMoments, fc.nat(40), (moments, nth) => {
      const drafts = rowsOf(moments)
      const lost = (nth % drafts.length) + 1
      const kept = keptOf(drafts, new Set([lost]))
      const lastGroup = Math.max(
        0,
        ...drafts.filter(({ row, group }) => row !== lost && group <= lost).map(({ group }) => group),
      )
      const ends = moments.map((_, i) => rowsOf(moments.slice(0, i + 1)).length)
      const before = ends.findLast((end) => end < (lastGroup === 0 ? lost : lastGroup)) ?? 0
      expect(drafts.filter(({ row }) => row <= before).every((draft) => kept.includes(draft))).toBe(true)
    }),
    { numRuns: 500 },
  )
})
