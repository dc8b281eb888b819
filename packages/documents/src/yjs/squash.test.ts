import { invariant } from '@rejoin/base'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { EngineDocument, Update } from '../engine.ts'
import { stateOf } from '../testing/index.ts'
import { yjs } from './index.ts'

interface Writer {
  readonly document: EngineDocument
  /** Makes one change, and keeps its update. */
  write(change: (document: EngineDocument) => void): void
  readonly run: Update[]
}

function writer(client: number, ...known: Update[]): Writer {
  const document = yjs.create()
  document.apply(known)
  document.setClient(client)
  const run: Update[] = []
  return {
    document,
    run,
    write(change) {
      const update = document.transact(() => change(document))
      invariant(update !== undefined, 'nothing was written')
      run.push(update)
    },
  }
}

function type({ write }: Writer, at: number, text: string): void {
  ;[...text].forEach((unit, i) => write((document) => document.text.insert(at + i, unit)))
}

function loaded(...updates: Update[]): EngineDocument {
  const document = yjs.create()
  document.apply(updates)
  return document
}

const bytesOf = (updates: readonly Update[]): number => updates.reduce((sum, { bytes }) => sum + bytes.length, 0)
const structsOf = ({ encoding, bytes }: Update): Y.AbstractStruct[] =>
  (encoding === 'yjs-1' ? Y.decodeUpdate(bytes) : Y.decodeUpdateV2(bytes)).structs
const holds = ({ bytes }: Update, text: string): boolean => Buffer.from(bytes).includes(text)

test('[DO22] a line typed unit by unit squashes to one struct', () => {
  const one = writer(3_000_000_000)
  type(one, 0, 'a whole line of typed text')
  const squashed = yjs.squash(one.run)
  expect(structsOf(squashed)).toHaveLength(1)
  expect(squashed.bytes.length).toBeLessThan(26 + 20)
  expect(stateOf(loaded(squashed))).toBe(stateOf(one.document))
})

test('[DO22] overwriting one register a hundred times squashes to about the cost of one write', () => {
  const one = writer(3_000_000_000)
  for (let i = 0; i < 100; i++) {
    one.write(({ registers }) => {
      registers.remove('position')
      registers.append('position', 2 ** 50 + i, i)
    })
  }
  const squashed = yjs.squash(one.run)
  expect(structsOf(squashed)).toHaveLength(2)
  expect(squashed.bytes.length).toBeLessThan(70)
  expect(bytesOf(one.run)).toBeGreaterThan(4500)
  expect(stateOf(loaded(squashed))).toBe(stateOf(one.document))
})

test('[DO22] text with corrections squashes to less than four bytes for a keystroke, in the smaller encoding', () => {
  const one = writer(3_000_000_000)
  for (let word = 0; word < 25; word++) {
    const at = (word * 31) % (one.document.text.length + 1)
    type(one, at, 'typo')
    one.write(({ text }) => text.delete(at + 2, 2))
  }
  const squashed = yjs.squash(one.run)
  expect(squashed.encoding).toBe('yjs-2')
  expect(squashed.bytes.length / one.run.length).toBeLessThan(4)
  expect(yjs.squash(one.run.slice(0, 3)).encoding).toBe('yjs-1')
})

test('[DO23] a squashed run holds only what its updates held, without what they deleted themselves', () => {
  const theirs = writer(2)
  type(theirs, 0, 'theirs')
  const ours = writer(1, ...theirs.run)
  ours.write(({ text }) => text.insert(0, 'mistake'))
  ours.write(({ text }) => text.delete(0, 7))
  ours.write(({ text }) => text.delete(0, 6))
  ours.write(({ text }) => text.insert(0, 'kept'))
  const squashed = yjs.squash(ours.run)
  expect(holds(squashed, 'kept')).toBe(true)
  expect(holds(squashed, 'mistake')).toBe(false)
  expect(holds(squashed, 'theirs')).toBe(false)
  // The deletion of theirs is in it all the same.
  expect(loaded(...theirs.run, squashed).text.read()).toBe('kept')
  expect(loaded(squashed).pending()).toBe(true)
})

test('[DO23] deleted content that others have built on keeps its place', () => {
  const ours = writer(1)
  type(ours, 0, 'abcd')
  const theirs = writer(2, ...ours.run)
  type(theirs, 2, 'X')
  ours.write(({ text }) => text.delete(1, 2))
  const squashed = yjs.squash(ours.run)
  expect(loaded(squashed, ...theirs.run).text.read()).toBe('aXd')
  expect(loaded(...theirs.run, squashed).text.read()).toBe('aXd')
})

test.each([
  [5, 3],
  [3, 5],
])('[DO24] neighbours between which another has written are not joined (clients %i, %i)', (us, them) => {
  const ours = writer(us)
  type(ours, 0, 'L')
  const theirs = writer(them, ...ours.run)
  type(theirs, 1, 'C')
  ours.document.apply(theirs.run)
  type(ours, 1, 'R')
  const squashed = yjs.squash(ours.run)
  expect(loaded(squashed, ...theirs.run).text.read()).toBe('LRC')
  expect(loaded(...theirs.run, squashed).text.read()).toBe('LRC')
  expect(structsOf(squashed)).toHaveLength(2)
})

test('[DO24] a run over several client ids squashes to one update', () => {
  const one = writer(1)
  type(one, 0, 'first ')
  one.document.setClient(2)
  type(one, 6, 'second')
  one.write(({ text }) => text.delete(5, 1))
  const squashed = yjs.squash(one.run)
  expect(loaded(squashed).text.read()).toBe('firstsecond')
  expect(structsOf(squashed)).toHaveLength(3)
})

test('[DO24] pairs stay whole where a run deletes around them', () => {
  const one = writer(1)
  one.write(({ text }) => text.insert(0, 'a😀😁b'))
  one.write(({ text }) => text.delete(3, 2))
  const squashed = yjs.squash(one.run)
  expect(loaded(squashed).text.read()).toBe('a😀b')
  expect(loaded(...one.run.slice(0, 1), squashed).text.read()).toBe('a😀b')
})

test('[DO24] a run that is given twice, or with a piece missing, keeps its effect', () => {
  const one = writer(1)
  type(one, 0, 'abcdef')
  one.write(({ text }) => text.delete(2, 2))
  const whole = yjs.squash(one.run)
  const overlapping = yjs.squash([...one.run.slice(0, 4), whole, ...one.run])
  expect(loaded(overlapping).text.read()).toBe('abef')
  const gap = yjs.squash([...one.run.slice(0, 2), ...one.run.slice(4)])
  const document = loaded(gap)
  expect(document.pending()).toBe(true)
  document.apply(one.run.slice(2, 4))
  expect(document.pending()).toBe(false)
  expect(document.text.read()).toBe('abef')
})

test('[DO25] formats, embeds and nested types pass through', () => {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = 1
  const run: Update[] = []
  doc.on('update', (bytes: Uint8Array) => run.push({ encoding: 'yjs-1', bytes }))
  const text = doc.getText('rich')
  for (const unit of 'formatted') text.insert(text.length, unit)
  text.format(2, 3, { bold: true })
  text.insertEmbed(4, { image: 'x' })
  text.delete(3, 3)
  const items = doc.getArray<Y.Map<unknown>>('items')
  for (let i = 0; i < 3; i++) items.push([new Y.Map([['i', i]])])
  items.get(1).set('i', 'changed')
  items.get(1).set('i', 'changed again')
  items.delete(0)
  doc.getArray('bytes').push([Uint8Array.of(1), Uint8Array.of(2)])
  doc.getArray('bytes').delete(0)
  const copy = new Y.Doc({ guid: '' })
  const { encoding, bytes } = yjs.squash(run)
  if (encoding === 'yjs-1') Y.applyUpdate(copy, bytes)
  else Y.applyUpdateV2(copy, bytes)
  expect(copy.getText('rich').toDelta()).toEqual(text.toDelta())
  expect(copy.getArray('items').toJSON()).toEqual(items.toJSON())
  expect(copy.getArray('bytes').toArray()).toEqual(doc.getArray('bytes').toArray())
  expect(bytes.length).toBeLessThan(bytesOf(run))
})

test('[DO25] squashing takes time in proportion to the run', () => {
  const one = writer(1)
  for (let i = 0; i < 10_000; i++) one.write(({ list }) => list.insert(list.length, [i]))
  // One call over 10,000 updates: copying what is joined at each join would take many times as long.
  const squashed = yjs.squash(one.run)
  expect(structsOf(squashed)).toHaveLength(1)
  expect(loaded(squashed).list.length).toBe(10_000)
})
