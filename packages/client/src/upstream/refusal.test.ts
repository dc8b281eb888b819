import { firstGeneration, spaceId, userId, writerId } from '@rejoin/base'
import type { DocumentKey, ErrorKind } from '@rejoin/base'
import { describe, expect, test } from 'vitest'
import type { LocalRow, Write } from '../replica/row.ts'
import type { SealedRecord } from '../replica/sealed-record.ts'
import { Refusal } from './refusal.ts'
import type { Take } from './refusal.ts'
import { changesIn } from './taken.ts'
import type { TakenWrite } from './taken.ts'

const space = spaceId('course-7')
const writer = writerId('a'.repeat(32))
const ana = userId('ana')
const document = 'notes/n1/shared/' as DocumentKey
const update = { encoding: 'yjs-1', bytes: Uint8Array.of(1) } as const

function taken(row: number, more: Partial<LocalRow> = {}, write: Partial<Write> = {}): readonly TakenWrite[] {
  const made: Write = { transaction: row, update, ...write }
  const record: LocalRow = {
    kind: 'local',
    branch: 0,
    writer,
    lane: 'normal',
    principal: ana,
    group: 0,
    stamp: 0,
    writes: [made],
    ...more,
  }
  return [{ row, document, record, write: made, changes: { changes: [], whole: true } }]
}

function sealed(n: number, rows: readonly number[], group = 0): SealedRecord {
  const id = { writer, n }
  const place = { space, document, generation: firstGeneration, branch: 0, lane: 'normal', principal: ana } as const
  const info = { id, ...place, rows, after: undefined, group, groupSize: 1, stamp: 0, writes: 1, bytes: 1, sent: true }
  return { kind: 'update', info, author: writer, transactions: [], remade: [], update }
}

function refusal(error: ErrorKind, entries: readonly SealedRecord[], isOver = false): Refusal {
  const place = { space, documents: [document], rows: [1, 2, 3, 4] }
  const ids = entries.map(({ info: { id } }) => id)
  const take: Take = { kind: 'take', take: 1, ...place, entries: ids, error, message: 'No.', first: { writer, n: 1 } }
  return new Refusal(take, entries, isOver)
}

describe('a refusal', () => {
  test('[CL152] keeps the entry that was refused, with its group, and lets go of what follows', () => {
    const group = refusal('rule', [sealed(1, [1], 1), sealed(2, [2], 1), sealed(3, [3])])
    expect([1, 2, 3, 4].map((row) => group.originOf(taken(row), ana)?.transaction)).toEqual([
      undefined,
      undefined,
      3,
      4,
    ])
    expect([1, 2, 3, 4].map((row) => group.reasonOf(row).kind)).toEqual(['rule', 'rule', 'depends', 'depends'])
  })

  test('[CL152] that is over makes the entry again too, three times', () => {
    const over = refusal('clock', [sealed(1, [1])], true)
    const origin = (healed: number) => ({ writer: writerId('b'.repeat(32)), transaction: 9, healed })
    expect(over.originOf(taken(1), ana)).toEqual({ writer, transaction: 1, healed: 1 })
    expect(over.originOf(taken(1, {}, { of: origin(2) }), ana)).toEqual(origin(3))
    expect(over.originOf(taken(1, {}, { of: origin(3) }), ana)).toBeUndefined()
    // What only follows has not been refused once more.
    expect(over.originOf(taken(2, {}, { of: origin(3) }), ana)).toEqual(origin(3))
  })

  test('[CL153] where the server was given up, makes only that again which was never sent', () => {
    const givenUp = refusal('checksum', [sealed(1, [1]), sealed(2, [2])])
    expect([1, 2, 3].map((row) => givenUp.originOf(taken(row), ana)?.transaction)).toEqual([undefined, undefined, 3])
    expect([1, 2, 3].map((row) => givenUp.reasonOf(row).kind)).toEqual(['checksum', 'checksum', 'depends'])
  })

  test('[CL153] makes nothing again of another user, and of nobody for whoever is known now', () => {
    const final = refusal('rule', [])
    expect(final.originOf(taken(1, { principal: userId('bo') }), ana)).toBeUndefined()
    expect(final.originOf(taken(1, { principal: userId('local') }), ana)).toBeDefined()
    expect(final.originOf(taken(1, {}, { transaction: 0 }), ana)).toBeUndefined()
  })

  test('[CL153] makes nothing again that cannot be told whole', () => {
    const [write] = taken(1)
    if (write === undefined) throw new Error('one was made')
    expect(changesIn([write])).toEqual([{ part: 'shared', field: '', changes: [] }])
    expect(changesIn([write, { document, changes: { changes: [], whole: false } }])).toBeUndefined()
    for (const changes of ['too-large', 'unreadable'] as const)
      expect(changesIn([write, { document, changes }])).toBeUndefined()
  })
})
