import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { encodeTransaction, hasChanged } from './encode.ts'

const operation = fc.record({
  what: fc.constantFrom('insert', 'delete', 'push', 'remove', 'set', 'unset', 'nothing'),
  at: fc.nat(40),
  // Some pass the first buffer, and some the size up to which one is kept.
  length: fc.oneof(
    { weight: 20, arbitrary: fc.nat(5) },
    { weight: 6, arbitrary: fc.constantFrom(90, 300) },
    { weight: 1, arbitrary: fc.constant(70_000) },
  ),
})

function operate(doc: Y.Doc, { what, at, length }: { what: string; at: number; length: number }): void {
  const text = doc.getText('t')
  const list = doc.getArray('l')
  const map = doc.getMap('m')
  if (what === 'insert') text.insert(Math.min(at, text.length), 'x'.repeat(length))
  if (what === 'delete')
    text.delete(Math.min(at, text.length), Math.min(length, text.length - Math.min(at, text.length)))
  if (what === 'push') list.push([[`k${at}`, 2 ** 50 + at, 'y'.repeat(length)]])
  if (what === 'remove' && list.length > 0) list.delete(at % list.length)
  if (what === 'set') map.set(`k${at % 3}`, length)
  if (what === 'unset') map.delete(`k${at % 3}`)
}

/** An update of somebody else, in one of several sections. */
function writtenBy(client: number): Uint8Array {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = client
  doc.getText('t').insert(0, `from ${client}`)
  return Y.encodeStateAsUpdate(doc)
}

test('[DO13] a change is written in the bytes that Yjs tells its listeners, nothing if it tells none', () => {
  const transactions = fc.array(
    fc.record({
      client: fc.nat(2),
      from: fc.option(fc.integer({ min: 3, max: 5 }), { nil: undefined }),
      operations: fc.array(operation, { maxLength: 4 }),
    }),
  )
  fc.assert(
    fc.property(transactions, (transactions) => {
      const doc = new Y.Doc({ guid: '' })
      let told: Uint8Array | undefined
      doc.on('update', (bytes: Uint8Array) => (told = bytes))
      for (const { client, operations, from } of transactions) {
        const remote = from === undefined ? undefined : writtenBy(from)
        told = undefined
        doc.clientID = client
        const done = Y.transact(doc, (transaction) => {
          for (const each of operations) operate(doc, each)
          if (remote !== undefined) Y.applyUpdate(doc, remote)
          return transaction
        })
        expect(hasChanged(done) ? encodeTransaction(done) : undefined).toEqual(told)
      }
    }),
  )
})
