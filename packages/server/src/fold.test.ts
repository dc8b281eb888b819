import { newWriterId, RejoinError } from '@rejoin/base'
import { ClientIds, createEntity } from '@rejoin/documents'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { collection, counter, register, text } from '@rejoin/schema'
import { emptyToken, seqOf } from '@rejoin/protocol'
import { describe, expect, test } from 'vitest'
import { contentOf, foldUpdates } from './fold/fold.ts'
import { inlineFolder } from './fold/folder.ts'
import type { Folder } from './fold/folder.ts'
import type { StoreFactory } from './log/factory.ts'
import { memory } from './log/memory.ts'
import type { SpaceRef } from './log/records.ts'
import { workerFolder } from './platform/worker-folder.ts'
import { address, declareWriter, documentsFrom, entry, push, space, subscribe } from './testing/peer.ts'
import type { Peer, SeenEntry } from './testing/peer.ts'
import { openScene, theSpace } from './testing/scene.ts'
import { createWorld } from './testing/world.ts'

const notes = collection('notes', { title: register(), body: text(), minutes: counter() })
const { random } = createWorld(5).ports

/** Updates of a text, typed a letter at a time. */
function typed(letters: string): readonly Update[] {
  const writer = newWriterId(random)
  const entity = createEntity({
    collection: notes,
    id: address('n1').entity,
    engine: yjs,
    writer,
    clientIds: new ClientIds(writer),
    key: ({ part, field }) => `${part}/${field}`,
    nextStamp: () => 1,
  })
  const updates: Update[] = []
  for (const [i, letter] of [...letters].entries())
    for (const { update } of entity.edit('user', (draft) => draft.body.insert(i, letter)).updates) updates.push(update)
  return updates
}

const readText = (updates: readonly Update[]): string => {
  const document = yjs.create()
  document.apply(updates)
  return document.text.read()
}

const slot = documentsFrom(1, address('n1', notes.fields.body.key))
const entriesOf = (updates: readonly Update[], first = 1): ReturnType<typeof entry>[] =>
  updates.map(({ encoding, bytes }, i) => ({ ...entry(first + i, ''), document: 1, encoding, bytes }))

/** The updates of the body, as the peer has them. */
function seenBy(peer: Peer): readonly Update[] {
  const declared = peer.of('documents').flatMap(({ documents }) => documents)
  const seen = peer.of('range').flatMap(({ entries }) => entries)
  const isOfBody = (slot: number): boolean => declared.findLast((one) => one.slot === slot)?.address.field === 'body'
  return seen.filter(({ document }) => isOfBody(document)).map(({ encoding, bytes }) => ({ encoding, bytes }))
}

const theRoot = ['notes/n1/shared/', 'update']
const theBody = 'notes/n1/shared/body'

describe('folding', () => {
  test('[SE90] a new replica reads one entry of each document; what it reads is the same, and the chain has moved', async () => {
    const scene = await openScene()
    await scene.make('n1')
    const [ada, follower] = [await scene.peer('ada'), await scene.peer('fay')]
    follower.send(subscribe())
    const updates = typed('Photosynthesis')
    ada.send(slot, push(...entriesOf(updates)))
    await scene.world.settle()
    const before = ada.of('acks').at(-1)?.head ?? emptyToken
    const folding = scene.server.fold(theSpace)
    await scene.world.pass(1000)
    expect(await folding).toEqual({ folded: 1, skipped: 0, rows: updates.length, spacesFailed: 0 })
    const bob = await scene.peer('bob')
    bob.send(subscribe())
    await scene.world.settle()
    expect(bob.entries().map(({ document, kind }) => [document, kind])).toEqual([theRoot, [theBody, 'snapshot']])
    expect(readText(seenBy(bob))).toBe('Photosynthesis')
    expect(seqOf(bob.of('subscribed')[0]?.head ?? emptyToken)).toBe(seqOf(before) + 1)
    expect(seqOf(follower.of('range').at(-1)?.token ?? emptyToken)).toBe(seqOf(before) + 1)
    const away = await scene.peer('cy')
    away.send(subscribe({ after: before }))
    await scene.world.settle()
    expect([away.of('subscribed')[0]?.verdict, away.entries()]).toEqual(['continue', []])
    const twice = scene.server.fold()
    await scene.world.settle()
    expect(await twice).toEqual({ folded: 0, skipped: 0, rows: 0, spacesFailed: 0 })
  })

  test('[SE91] what is pushed while a fold runs stays behind the snapshot, and nothing is lost', async () => {
    const updates = typed('to be or not to be')
    let release = (): void => undefined
    const inner = inlineFolder([yjs])
    const folder: Folder = {
      ...inner,
      fold: (documents) => new Promise((resolve) => (release = () => resolve(inner.fold(documents)))),
    }
    const scene = await openScene({ folder })
    await scene.make('n1')
    const ada = await scene.peer('ada')
    ada.send(slot, push(...entriesOf(updates.slice(0, 10))))
    await scene.world.settle()
    const folding = scene.server.fold(theSpace)
    await scene.world.settle()
    ada.send(push(...entriesOf(updates.slice(10), 11)))
    await scene.world.settle()
    release()
    await scene.world.settle()
    expect(await folding).toMatchObject({ folded: 1, rows: 10 })
    const bob = await scene.peer('bob')
    bob.send(subscribe())
    await scene.world.settle()
    expect(bob.entries().map(({ document, kind, n }) => [document, kind, n])).toEqual([
      [...theRoot, 1],
      [theBody, 'snapshot', 0],
      ...updates.slice(10).map((_, i) => [theBody, 'update', 11 + i]),
    ])
    expect(readText(seenBy(bob))).toBe('to be or not to be')
  })

  test('[SE92] a document that cannot be decoded is set apart: the others are folded, and its entries are served as they are', async () => {
    const scene = await openScene()
    await scene.make('n1', 'bad')
    const ada = await scene.peer('ada')
    ada.send(slot, push(...entriesOf(typed('abc'))), documentsFrom(2, address('bad', 'body')))
    ada.send(push(...[4, 5, 6].map((n) => entry(n, 'garbage', { document: 2 }))))
    await scene.world.settle()
    for (const report of [
      { folded: 1, skipped: 1, rows: 3 },
      { folded: 0, skipped: 0, rows: 0 },
    ]) {
      const folding = scene.server.fold(theSpace)
      await scene.world.settle()
      expect(await folding).toMatchObject(report)
    }
    const bob = await scene.peer('bob')
    bob.send(subscribe())
    await scene.world.settle()
    const isRoot = ({ document }: SeenEntry): boolean => document.endsWith('/shared/')
    const entries = bob.entries()
    expect(entries.filter(isRoot)).toMatchObject(['n1', 'bad'].map((id) => ({ document: `notes/${id}/shared/` })))
    expect(
      entries.filter((one) => !isRoot(one)).map(({ kind, bytes }) => (kind === 'snapshot' ? kind : bytes)),
    ).toEqual(['snapshot', 'garbage', 'garbage', 'garbage'])
  })

  test('[SE93] a document that waits for an update it has not seen is left as it is, until that comes', async () => {
    const scene = await openScene()
    await scene.make('n1')
    const [ada, bob] = [await scene.peer('ada'), await scene.peer('bob')]
    const updates = entriesOf(typed('abcd'))
    ada.send(slot, push(...updates.filter(({ n }) => n !== 2)))
    await scene.world.settle()
    const early = scene.server.fold(theSpace)
    await scene.world.settle()
    expect(await early).toMatchObject({ folded: 0, skipped: 1 })
    bob.send(slot, declareWriter(bob.writer), push({ ...entry(1, ''), document: 1, ...updates[1], n: 1 }))
    await scene.world.settle()
    const late = scene.server.fold(theSpace)
    await scene.world.settle()
    expect(await late).toMatchObject({ folded: 1, skipped: 0 })
  })

  test('[SE94] a tail over the limits is folded by itself, in proportion to what was written', async () => {
    let folds = 0
    const inner = inlineFolder([yjs])
    const scene = await openScene({
      limits: { foldEntriesMin: 10 },
      folder: { ...inner, fold: (documents) => (folds++, inner.fold(documents)) },
    })
    await scene.make('n1')
    const ada = await scene.peer('ada')
    const updates = entriesOf(typed('x'.repeat(400)))
    ada.send(slot)
    for (let i = 0; i < updates.length; i += 5) {
      ada.send(push(...updates.slice(i, i + 5)))
      await scene.world.settle()
    }
    const all = []
    for await (const { kind } of scene.server.entries(theSpace)) all.push(kind)
    const [root, ...kinds] = all
    expect(root).toBe('update')
    expect(kinds[0]).toBe('snapshot')
    expect(kinds.length).toBeLessThanOrEqual(15)
    expect(folds).toBeGreaterThan(10)
    expect(folds).toBeLessThanOrEqual(40)
  })
})

/** A store in which some reads of a fold fail. */
function unreadable(fails: (read: 'rows' | 'unfolded', ref: SpaceRef, document: number) => boolean): StoreFactory {
  const inner = memory()
  const check = (...of: Parameters<typeof fails>): void => {
    if (fails(...of)) throw new RejoinError('storage-corrupt')
  }
  return {
    open: async (random) => {
      const opened = await inner.open(random)
      const { log } = opened
      const [documentRows, unfolded] = [log.documentRows.bind(log), log.unfolded.bind(log)]
      log.documentRows = async (ref, number, upTo) => (check('rows', ref, number), documentRows(ref, number, upTo))
      log.unfolded = async (ref, query) => (check('unfolded', ref, 0), unfolded(ref, query))
      return opened
    },
  }
}

describe('folding what cannot be read', () => {
  test('[SE97] a document that cannot be read is left; the others are folded, now and later, also by themselves', async () => {
    let isBroken = true
    const scene = await openScene({
      store: unreadable((read, _ref, document) => read === 'rows' && document === 2 && isBroken),
      limits: { foldEntriesMin: 4 },
    })
    await scene.make('n1')
    const ada = await scene.peer('ada')
    const updates = entriesOf(typed('abcdefghijkl'))
    ada.send(slot, push(...updates.slice(0, 4)))
    await scene.world.settle()
    const early = scene.server.fold(theSpace)
    await scene.world.settle()
    expect(await early).toMatchObject({ folded: 0, skipped: 1, spacesFailed: 0 })
    isBroken = false
    ada.send(push(...updates.slice(4)))
    await scene.world.settle()
    const kinds = []
    for await (const { kind } of scene.server.entries(theSpace)) kinds.push(kind)
    expect(kinds).toEqual(['update', 'snapshot'])
  })

  test('[SE97] a space that cannot be read is reported, and the others are folded', async () => {
    const scene = await openScene({ store: unreadable((read, { space }) => read === 'unfolded' && space === 's') })
    const ada = await scene.peer('ada')
    ada.send(push(entry(1, 'x'), entry(2, 'y')))
    ada.send(space('t', 1), declareWriter(ada.writer, { slot: 1, space: 1 }))
    const [one, two] = typed('ab').map(({ encoding, bytes }, i) => ({ ...entry(i + 1, ''), encoding, bytes }))
    if (one !== undefined && two !== undefined) ada.send({ kind: 'push', writer: 1, entries: [one, two] })
    await scene.world.settle()
    const folding = scene.server.fold()
    await scene.world.settle()
    expect(await folding).toEqual({ folded: 1, skipped: 0, rows: 2, spacesFailed: 1 })
  })
})

describe('fold', () => {
  test('[SE95] a snapshot reads like the document, and one that does not is never used', () => {
    const updates = typed('Photosynthesis')
    const folded = foldUpdates(yjs, updates)
    expect(folded.ok && readText([folded.value])).toBe('Photosynthesis')
    const forgetful: Engine = { ...yjs, create: () => forgetting(yjs.create(), snapshotOf(updates.slice(1))) }
    expect(foldUpdates(forgetful, updates)).toMatchObject({ ok: false, error: { kind: 'undecodable' } })
    expect(foldUpdates(yjs, [{ encoding: 'yjs-1', bytes: Uint8Array.of(1, 2, 3) }])).toMatchObject({
      ok: false,
      error: { kind: 'undecodable' },
    })
    const [one, two] = [yjs.create(), yjs.create()]
    one.apply(updates)
    two.apply(updates.toReversed())
    expect(contentOf(one)).toBe(contentOf(two))
  })

  test('[SE96] a worker folds each document on its own; one over the budget fails alone', async () => {
    const folder = workerFolder({ msMax: 1500, memoryMibMax: 128, growthMibMax: 4096 })
    const updates = typed('abc')
    const folded = await folder.fold([updates, [{ encoding: 'yjs-1', bytes: Uint8Array.of(9) }], updates])
    expect(folded.map(({ ok }) => ok)).toEqual([true, false, true])
    expect(folded[2]?.ok && readText([folded[2].value])).toBe('abc')
    await folder.close()
    expect(await folder.fold([updates])).toMatchObject([{ ok: false, error: { kind: 'budget' } }])
  })
})

const snapshotOf = (updates: readonly Update[]): Update => {
  const document = yjs.create()
  document.apply(updates)
  return document.snapshot()
}

/** A document whose snapshot is another one. */
const forgetting = (document: EngineDocument, snapshot: Update): EngineDocument =>
  new Proxy(document, {
    get: (target, name) => {
      if (name === 'snapshot') return () => snapshot
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
