import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { EngineDocument, Update } from '../engine.ts'
import { yjs } from './index.ts'

const count = 4000

function writable(): EngineDocument {
  const document = yjs.create()
  document.setClient(1)
  return document
}

/** How many values Yjs copies while it joins some. */
function copied(run: () => void): number {
  let values = 0
  const { mergeWith } = Y.ContentAny.prototype
  const spy = vi.spyOn(Y.ContentAny.prototype, 'mergeWith').mockImplementation(function (this: Y.ContentAny, right) {
    const isJoined = mergeWith.call(this, right)
    values += this.arr.length
    return isJoined
  })
  try {
    run()
  } finally {
    spy.mockRestore()
  }
  return values
}

test('[DO28] many registers written at once are joined without copying them again and again', () => {
  const document = writable()
  const write = (): void => {
    document.transact(() => {
      for (let i = 0; i < count; i++) document.registers.append(`k${i}`, i, i)
    })
  }
  expect(copied(write)).toBeLessThan(count * 20)
  expect([...document.registers.keys()]).toHaveLength(count)
  const copy = yjs.create()
  copy.apply([document.snapshot()])
  expect(copy.registers.survivors(`k${count - 1}`)).toEqual(document.registers.survivors(`k${count - 1}`))
})

test('[DO28] so are those that come in many updates at once, whatever stands between them', () => {
  const document = writable()
  const updates: Update[] = []
  for (let i = 0; i < count; i++) {
    const at = i % 1000 === 0 ? 0 : i
    updates.push(...[document.transact(() => document.list.insert(at, [i]))].filter((update) => update !== undefined))
  }
  const copy = yjs.create()
  expect(copied(() => copy.apply(updates))).toBeLessThan(count * 20)
  expect(copy.list.read()).toEqual(document.list.read())
  const next = document.transact(() => document.list.delete(10, 100))
  if (next !== undefined) copy.apply([next])
  expect(copy.list.read()).toEqual(document.list.read())
})
