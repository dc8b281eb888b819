import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Update } from '../engine.ts'
import { yjs } from './index.ts'

test('[DO28] bare Yjs reads what is in the bytes', () => {
  const document = yjs.create()
  document.setClient(1)
  const update = document.transact(() => {
    document.registers.append('title', 2 ** 52 + 1, { some: 'value' })
    document.text.insert(0, 'text')
    document.list.insert(0, [1, 'two'])
  })
  expect(update?.encoding).toBe('yjs-1')
  const plain = new Y.Doc({ guid: '' })
  Y.applyUpdate(plain, (update as Update).bytes)
  const snapshot = new Y.Doc({ guid: '' })
  Y.applyUpdateV2(snapshot, document.snapshot().bytes)
  for (const doc of [plain, snapshot]) {
    expect(doc.getArray('r').toJSON()).toEqual([['title', 2 ** 52 + 1, { some: 'value' }]])
    expect(doc.getText('t').toJSON()).toBe('text')
    expect(doc.getArray('l').toJSON()).toEqual([1, 'two'])
  }
})
