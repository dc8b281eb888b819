import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { EngineDocument, Update } from '../engine.ts'
import { stateOf } from '../testing/index.ts'
import { connection, device } from './bound.test.helper.ts'
import type { Device } from './bound.test.helper.ts'
import { underlying, yjs } from './index.ts'

const clientsOf = (updates: readonly Update[]): number[] =>
  updates.flatMap(({ bytes }) => [...Y.parseUpdateMeta(bytes).to.keys()])

function loaded(...updates: (Update | undefined)[]): EngineDocument {
  const document = yjs.create()
  document.apply(updates.filter((update) => update !== undefined))
  return document
}

const ours = ({ ids, captured }: Device): void => {
  for (const client of clientsOf(captured)) expect(ids).toContain(client)
}

test('[DO45] each change made past us is given once, and those of transact are returned and not given', () => {
  const { document, under, captured } = device(1)
  under.text.insert(0, 'typed')
  under.doc.transact(() => {
    under.text.insert(5, ' in one')
    under.list.push([1, 2])
    under.text.format(0, 5, { bold: true })
  })
  const own = document.transact(() => document.text.insert(0, 'Own: '))
  expect(captured).toHaveLength(2)
  expect(document.text.runs()).toEqual([
    { text: 'Own: ', marks: {} },
    { text: 'typed', marks: { bold: true } },
    { text: ' in one', marks: {} },
  ])
  expect(stateOf(loaded(...captured, own))).toBe(stateOf(document))
  expect(stateOf(loaded(...captured))).not.toBe(stateOf(document))
})

test('[DO45] what others have written is never given back', () => {
  const [one, other] = [device(1), device(2)]
  one.under.text.insert(0, 'a')
  other.document.apply(one.captured)
  other.document.apply([one.document.snapshot()])
  expect(other.captured).toEqual([])
  expect(other.document.text.read()).toBe('a')
})

test('[DO45] what an observer writes in answer to a change of ours is returned with it, and else given', () => {
  const [one, other] = [device(1), device(2)]
  const { text, list } = other.under
  text.observe(() => list.push([text.length]))
  const own = other.document.transact(() => other.document.text.insert(0, 'own'))
  expect(other.captured).toEqual([])
  expect(stateOf(loaded(own))).toBe(stateOf(other.document))
  one.under.text.insert(0, 'x')
  other.document.apply(one.captured)
  expect(other.captured).toHaveLength(1)
  expect(stateOf(loaded(own, ...one.captured, ...other.captured))).toBe(stateOf(other.document))
})

test('[DO45] our changes inside those of others are given with them', () => {
  const { document, under, captured } = device(1)
  const inside = (): void => {
    expect(document.transact(() => document.registers.append('title', 1, 'x'))).toBeUndefined()
    expect(document.registers.survivors('title').at(-1)?.value).toBe('x')
    expect(() => document.apply([])).toThrow('transaction of others')
  }
  under.doc.transact(inside)
  expect(captured).toHaveLength(1)
  expect(stateOf(loaded(...captured))).toBe(stateOf(document))
  const observer = (): void => {
    document.transact(() => document.registers.append('seen', 2, under.text.length))
  }
  under.text.observe(observer)
  under.text.insert(0, 'abc')
  under.text.unobserve(observer)
  expect(stateOf(loaded(...captured))).toBe(stateOf(document))
  expect(document.registers.survivors('seen').map(({ value }) => value)).toEqual([3])
})

test('[DO45] updates that come while observers run are taken in', () => {
  const [one, other] = [device(1), device(2)]
  one.document.transact(() => one.document.registers.append('title', 1, 'x'))
  const update = one.document.snapshot()
  other.under.text.observe(() => other.document.apply([update]))
  other.under.text.insert(0, 'a')
  expect(other.document.registers.survivors('title').map(({ value }) => value)).toEqual(['x'])
  expect(stateOf(loaded(...other.captured, update))).toBe(stateOf(other.document))
})

test('[DO45] the types of Yjs are handed out when there is a host, which is bound once, after setClient', () => {
  const host = { changed: () => undefined, freshClient: () => 1, failed: () => undefined }
  const document = yjs.create()
  expect(() => underlying(document)).toThrow('bind')
  expect(() => document.bind(host)).toThrow('setClient')
  expect(document.clientId).toBeUndefined()
  document.setClient(7)
  document.bind(host)
  expect(() => document.bind(host)).toThrow('one host')
  expect(document.clientId).toBe(7)
  expect(underlying(document).text).toBe(underlying(document).doc.getText('t'))
})

test('[DO45] nothing is given of a document that was disposed of, or spent', () => {
  const disposed = device(1)
  disposed.document.dispose()
  disposed.under.text.insert(0, 'a')
  expect(disposed.captured).toEqual([])
  const spent = device(2)
  const lose = (): void => {
    spent.document.text.insert(0, 'lost')
    throw new Error('half-way')
  }
  expect(() => spent.document.transact(lose)).toThrow('half-way')
  spent.under.text.insert(4, 'a')
  expect(spent.captured).toEqual([])
})

test('[DO46] changes past us are made under the id that the host gave, also a later one', () => {
  const one = device(1)
  one.under.text.insert(0, 'a')
  one.document.setClient(77)
  one.under.text.insert(1, 'b')
  const [first] = one.ids
  expect(clientsOf(one.captured)).toEqual([first, 77])
})

test('[DO46] before an observer can write in answer to operations under our id, another one is asked for', () => {
  const one = device(1)
  one.under.text.insert(0, 'a')
  const twin = loaded(one.document.snapshot())
  twin.setClient(one.document.clientId ?? 0)
  const update = twin.transact(() => twin.text.insert(1, 'from the twin'))
  one.under.text.observe((_, { local }) => {
    if (!local) one.under.text.insert(0, '!')
  })
  if (update !== undefined) one.document.apply([update])
  expect(one.ids.size).toBe(2)
  expect(one.document.clientId).toBe([...one.ids][1])
  one.under.text.insert(0, '?')
  const own = one.document.transact(() => one.document.text.insert(0, '.'))
  expect(one.document.text.read()).toBe('.?!afrom the twin')
  expect(clientsOf(one.captured)).toEqual([[...one.ids][0], [...one.ids][1], [...one.ids][1]])
  expect(stateOf(loaded(...one.captured, own, update))).toBe(stateOf(one.document))
})

test('[DO46] our own operations coming back leave us our id', () => {
  const one = device(1)
  one.under.text.insert(0, 'a')
  one.document.apply(one.captured)
  expect(one.ids.size).toBe(1)
})

test('[DO47] an observer that throws spoils neither a change of ours nor one of others, and the host is told', () => {
  const [one, other] = [device(1), device(2)]
  const error = new Error('of a view')
  one.under.text.observe(() => {
    throw error
  })
  const own = one.document.transact(() => one.document.text.insert(0, 'own'))
  other.under.text.insert(0, 'other ')
  one.document.apply(other.captured)
  expect(one.failures).toEqual([error, error])
  expect(() => one.under.text.insert(0, 'typed ')).toThrow(error)
  expect(one.captured).toHaveLength(1)
  expect(stateOf(loaded(own, ...other.captured, ...one.captured))).toBe(stateOf(one.document))
})

test('[DO49] undo of the editor takes back its own changes only, under our id', () => {
  const [one, other] = [device(1), device(2)]
  const exchange = connection(one, other)
  const editor = {}
  const { doc, text } = one.under
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([editor]), captureTimeout: 0 })
  doc.transact(() => text.insert(0, 'typed'), editor)
  const own = one.document.transact(() => one.document.text.insert(5, ' by us'))
  if (own !== undefined) one.captured.push(own)
  exchange()
  other.under.text.insert(0, 'from others ')
  exchange()
  doc.transact(() => text.format(12, 5, { bold: true }), editor)
  exchange()
  undo.undo()
  expect(one.document.text.runs()).toEqual([{ text: 'from others typed by us', marks: {} }])
  undo.undo()
  exchange()
  expect(one.document.text.read()).toBe('from others  by us')
  undo.redo()
  exchange()
  expect(other.document.text.read()).toBe('from others typed by us')
  expect(stateOf(other.document)).toBe(stateOf(one.document))
  ours(one)
})

test('[DO49] undo that tracks changes without an origin does not take back those of others', () => {
  const [one, other] = [device(1), device(2)]
  const undo = new Y.UndoManager(one.under.text)
  other.under.text.insert(0, 'from others')
  one.document.apply(other.captured)
  expect(undo.canUndo()).toBe(false)
})
