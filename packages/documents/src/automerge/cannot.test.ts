import { expect, test } from 'vitest'
import type { Engine } from '../engine.ts'
import { documentOf } from '../testing/case.ts'
import { kindOf } from '../testing/port/example.ts'
import { yjs } from '../yjs/index.ts'
import { automerge, typed, writable, write } from './writing.test.helper.ts'

/** Text that no compression makes shorter than about half of it. */
function noise(length: number): string {
  let state = 1
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 24
  return Array.from({ length }, () => String.fromCharCode(97 + (next() % 26))).join('')
}

test('[DO226] nothing is forgotten: what was deleted stays in every snapshot', () => {
  const long = noise(10_000)
  const sizeOf = (engine: Engine): number => {
    const document = engine.create()
    document.setClient(1)
    document.transact(() => {
      document.text.insert(0, long)
      document.registers.append('k', 1, long)
    })
    document.transact(() => {
      document.text.delete(0, long.length)
      document.registers.remove('k')
    })
    expect([document.text.length, [...document.registers.keys()]]).toEqual([0, []])
    return documentOf(engine, [document.snapshot()]).snapshot().bytes.length
  }
  expect(sizeOf(automerge)).toBeGreaterThan(5_000)
  expect(sizeOf(yjs)).toBeLessThan(100)
})

test('[DO227] a squashed run is as long as the updates it was made of', () => {
  const document = writable(1)
  const run = [...noise(100)].map((unit) => typed(document, unit).update)
  const length = run.reduce((sum, { bytes }) => sum + bytes.length, 0)
  expect(automerge.squash(run).bytes.length).toBe(length)
  expect(length / run.length).toBeGreaterThan(80)
  expect(documentOf(automerge, [automerge.squash(run)]).snapshot().bytes.length).toBeLessThan(length / 10)
})

test('[DO228] there are no blocks, and no editor can be bound', () => {
  const document = writable(1)
  expect([document.blocks.length, document.blocks.nodes()]).toEqual([0, []])
  expect(document.transact(() => document.blocks.clear())).toBeUndefined()
  const host = { changed: () => undefined, freshClient: () => 2, failed: () => undefined }
  expect(kindOf(() => document.bind(host))).toBe('bad-config')
  expect(typed(document, 'still usable').changes).toHaveLength(1)
})

test('[DO229] snapshots of equal documents can differ, in the order in which changes came', () => {
  const updates = [1, 2].map((client) => typed(writable(client), `by ${client}`).update)
  const [one, other] = [documentOf(automerge, updates), documentOf(automerge, updates.toReversed())]
  expect(other.text.read()).toBe(one.text.read())
  expect(other.snapshot()).not.toEqual(one.snapshot())
})

test('[DO229] and what waits is in them as it came', () => {
  const document = writable(1)
  const [first, second] = [typed(document, 'a').update, write(document, () => document.text.delete(0, 1)).update]
  const waiting = documentOf(automerge, [documentOf(automerge, [second]).snapshot()])
  expect([waiting.pending(), waiting.text.read()]).toEqual([true, ''])
  waiting.apply([first])
  expect([waiting.pending(), waiting.text.read(), waiting.text.length]).toEqual([false, '', 0])
})
