import { userId, writerId } from '@rejoin/base'
import type { DocumentKey } from '@rejoin/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LocalRow } from '../replica/row.ts'
import { transactionsIn } from './taken.ts'
import type { TakenWrite } from './taken.ts'

const writer = writerId('0'.repeat(32))
const update = { encoding: 'yjs-1', bytes: Uint8Array.of(1) } as const

/** Transactions over some of three documents, in the order in which they were made; rows begin anew now and then. */
function writesOf(made: readonly { readonly documents: readonly number[]; readonly cut: boolean }[]): TakenWrite[] {
  const open = new Map<number, { readonly row: number; readonly writes: TakenWrite[] }>()
  const rows: { readonly row: number; readonly writes: TakenWrite[] }[] = []
  for (const [i, { documents, cut }] of made.entries()) {
    if (cut) open.clear()
    for (const at of documents) {
      const row = open.get(at) ?? { row: rows.length + 1, writes: [] }
      if (!open.has(at)) rows.push(row)
      open.set(at, row)
      const document = `notes/n1/shared/${at}` as DocumentKey
      const place = { kind: 'local', branch: 0, writer, lane: 'normal', principal: userId('ana') } as const
      const record: LocalRow = { ...place, group: 0, stamp: 0, writes: [] }
      const write = { transaction: i + 1, update }
      row.writes.push({ row: row.row, document, record, write, changes: 'unreadable' })
    }
  }
  return rows.flatMap(({ writes }) => writes)
}

const anyTransactions = fc.array(
  fc.record({ documents: fc.uniqueArray(fc.nat(2), { minLength: 1 }), cut: fc.boolean() }),
  { maxLength: 12 },
)

test('[CL150] transactions are put together whole, in an order that is that of every document', () => {
  fc.assert(
    fc.property(anyTransactions, (made) => {
      const writes = writesOf(made)
      const transactions = transactionsIn(writes)
      expect(transactions.map((each) => each.length).reduce((sum, n) => sum + n, 0)).toBe(writes.length)
      expect(transactions).toHaveLength(made.length)
      for (const own of transactions) expect(new Set(own.map(({ write }) => write.transaction)).size).toBe(1)
      for (const document of new Set(writes.map((write) => write.document))) {
        const order = transactions.flatMap((own) => own.filter((write) => write.document === document))
        expect(order).toEqual(writes.filter((write) => write.document === document))
      }
    }),
  )
})
