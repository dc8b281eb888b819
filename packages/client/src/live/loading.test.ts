import { entityId, silent, writerId } from '@rejoin/base'
import { ClientIds, createEntity } from '@rejoin/documents'
import { fragile } from '@rejoin/documents/testing'
import type { Engine, Entity, Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { collection, register, text } from '@rejoin/schema'
import { expect, test } from 'vitest'
import { keyOf } from './live-entity.ts'
import { loadEntity, readable } from './loading.ts'

const notes = collection('notes', { title: register(), body: text() })
const id = entityId('one')

function newEntity(digit: string): Entity {
  const writer = writerId(digit.repeat(32))
  const key = (at: { readonly part: string; readonly field: string }): string => `${at.part}/${at.field}`
  return createEntity({
    collection: notes,
    id,
    engine: yjs,
    writer,
    clientIds: new ClientIds(writer),
    key,
    nextStamp: () => 1,
  })
}

test('[CL91] bytes that no engine can read isolate themselves: the rest is shown, and can be edited', () => {
  const made = newEntity('a')
  const results = [
    made.create({ title: 'one' }),
    made.edit('user', (n) => (n.body as { insert(at: number, text: string): void }).insert(0, 'text')),
  ]
  const garbage: Update = { encoding: 'yjs-1', bytes: Uint8Array.of(9, 9, 9, 9) }
  const updates = new Map(
    results
      .flatMap((result) => result.updates)
      .map((done) => [keyOf(notes, id, done), [garbage, done.update, garbage]]),
  )
  const logged: string[] = []
  const place = {
    collection: notes,
    id,
    engine: yjs,
    log: (...[, event]: Parameters<typeof silent>) => void logged.push(event),
    unreadable: () => void logged.push('told'),
  }
  const loaded = loadEntity(() => newEntity('b'), place, updates)
  expect(loaded.view()).toMatchObject({ title: 'one', body: 'text' })
  expect(
    loaded.edit('user', (n) => (n.body as { insert(at: number, text: string): void }).insert(4, ' on')).updates,
  ).toHaveLength(1)
  expect(logged).toEqual(['document.undecodable', 'told'])
})

/** One writes under the id of the other: each can be read alone, and both not together. */
const nothing: Update = { encoding: 'yjs-1', bytes: Uint8Array.of(1, 1, 5, 0, 0, 1, 0) }
const textOfTheSame: Update = {
  encoding: 'yjs-1',
  bytes: Uint8Array.of(1, 1, 5, 0, 4, 1, 1, 0x74, 2, 0x61, 0x62, 0),
}
const root = keyOf(notes, id, { part: 'shared', field: '' })

test('[CL91] updates that can be read alone and not together isolate themselves too', () => {
  for (const list of [[nothing], [textOfTheSame]])
    expect(readable(yjs, new Map([[root, list]])).get(root)).toEqual(list)
  const together = new Map([[root, [nothing, textOfTheSame, nothing]]])
  expect(readable(yjs, together).get(root)).toEqual([nothing, nothing])
})

test('[CL91] one update that cannot be read among many is found in few loads', () => {
  let loads = 0
  const counting: Engine = { ...yjs, create: () => (loads++, yjs.create()) }
  const many = Array.from({ length: 1_000 }, () => nothing)
  for (const at of [0, 1, 500, 999, 1_000]) {
    loads = 0
    const together = new Map([[root, many.toSpliced(at, 0, { ...nothing, bytes: Uint8Array.of(9, 9) })]])
    expect(readable(counting, together).get(root)).toEqual(many)
    expect(loads).toBeLessThan(40)
  }
})

test('[CL91] many that cannot be read are found in two loads each', () => {
  let loads = 0
  const counting: Engine = { ...yjs, create: () => (loads++, yjs.create()) }
  const bad: Update = { ...nothing, bytes: Uint8Array.of(9, 9) }
  const mixed = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? bad : nothing))
  expect(readable(counting, new Map([[root, mixed]])).get(root)).toHaveLength(100)
  expect(loads).toBeLessThan(2 * mixed.length)
})

test('[CL167] wherever an engine fails, nothing is taken for unreadable', () => {
  const together = new Map([[root, [nothing, textOfTheSame, nothing]]])
  let calls = 0
  for (let hasFailed = true; hasFailed; calls++) {
    const { engine, fail } = fragile(yjs)
    fail(calls)
    try {
      expect(readable(engine, together).get(root)).toEqual([nothing, nothing])
      hasFailed = false
    } catch (cause) {
      expect(cause).toMatchObject({ kind: 'engine-lost' })
    }
  }
  expect(calls).toBe(13)
})
