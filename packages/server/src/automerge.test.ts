import { newWriterId } from '@rejoin/base'
import { ClientIds, createEntity } from '@rejoin/documents'
import type { Engine, Entity, Update } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import { yjs } from '@rejoin/documents/yjs'
import { collection, register, text } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import { inflateRawSync } from 'node:zlib'
import { workerFolder } from './platform/worker-folder.ts'
import { address, documentsFrom, entry, push } from './testing/peer.ts'
import { closeScene, openScene, theSpace } from './testing/scene.ts'
import { createWorld } from './testing/world.ts'

const automerge = await openAutomerge()
const boards = collection(
  'boards',
  { title: register(), body: text(), grade: register().writtenBy('server') },
  { engine: 'automerge' },
)
const { random } = createWorld(5).ports
const large = { msMax: 60_000, memoryMibMax: 256, growthMibMax: 4096 }

/** A text, typed a letter at a time. */
function typed(engine: Engine, letters: string): readonly Update[] {
  const document = engine.create()
  document.setClient(7)
  return [...letters].flatMap((letter, i) => document.transact(() => document.text.insert(i, letter)) ?? [])
}

const readText = (updates: readonly Update[]): string => {
  const document = automerge.create()
  document.apply(updates)
  return document.text.read()
}

function board(): Entity<typeof boards> {
  const writer = newWriterId(random)
  return createEntity({
    collection: boards,
    id: address('b1').entity,
    engine: automerge,
    writer,
    clientIds: new ClientIds(writer),
    key: ({ part, field }) => `${part}/${field}`,
    nextStamp: () => 1,
  })
}

describe('Automerge on the server', () => {
  test('[SE98] documents in it are folded in the worker, beside those of Yjs', async () => {
    const folder = workerFolder(large)
    const folded = await folder.fold([
      typed(yjs, 'abc'),
      typed(automerge, 'abc'),
      [{ encoding: 'automerge', bytes: Uint8Array.of(1, 2, 3) }],
      typed(automerge, 'defg').slice(1),
      typed(yjs, 'abc'),
    ])
    expect(folded.map((one) => (one.ok ? one.value.encoding : one.error.kind))).toEqual([
      'yjs-2',
      'automerge',
      'undecodable',
      'pending',
      'yjs-2',
    ])
    expect(folded[1]?.ok && readText([folded[1].value])).toBe('abc')
    await folder.close()
  })

  test('[SE117] the server writes its part in it, and needs not be given it', async () => {
    const scene = await openScene({ collections: { boards } })
    const ada = await scene.peer('ada')
    const [root, body] = [address('b1', '', 'shared', 'boards'), address('b1', 'body', 'shared', 'boards')]
    const { updates } = board().create({ title: 'Plan', body: 'text' })
    const entries = updates.map(({ field, update }, i) => ({
      ...entry(1 + i, ''),
      document: field === '' ? 1 : 2,
      ...update,
    }))
    ada.send(documentsFrom(1, root, body), push(...entries))
    await scene.world.settle()
    expect(ada.of('reject')).toEqual([])
    for (const grade of [1, 2]) {
      let isDone = false
      const edited = scene.server.edit(theSpace, 'boards', 'b1', (draft) => draft.grade.set(grade))
      void edited.then(() => (isDone = true))
      // It is loaded from the disk, which no virtual time waits for.
      while (!isDone) await scene.world.settle()
      await edited
    }
    const grades: Update[] = []
    for await (const { document, encoding, bytes } of scene.server.entries(theSpace))
      if (document === 'boards/b1/server/') grades.push({ encoding, bytes })
    const read = automerge.create()
    read.apply(grades)
    expect(read.registers.survivors('grade').map(({ value }) => value)).toEqual([2])
    await closeScene(scene)
  })
})

/** A text of a million times the same letter in 1,164 bytes; in memory it takes some 200 MB. */
const bomb: Update = {
  encoding: 'automerge',
  bytes: inflateRawSync(
    Buffer.from(
      'a833aj4+95MbQyMnEwsDAwM7Ywkj38GpezL1VNcLb5qmlDShYsHNMx+ieTaGGG/QYpVhjm8tZmdkZmYWZlVmcmB2Zgpj4mFkY2ITZBPmFGVXZFNmMWFx' +
        'Ygtji7/J3sDIUsfIAEYHWmyZGOoYGOsZmNgZQDxGKMm0v8WWgYGxjoFpX4stYz1jCcOBFtt6kBzDwRZbRhCjngWksh4kIfb2ICMjAwND04Lb5/I9HEDM' +
        'UTAKRsEQB+vZDrbYMjACAA==',
      'base64',
    ),
  ),
}

describe('a worker', () => {
  test('[SE96] a document that makes the process grow more than it may fails alone, in WebAssembly too', async () => {
    const folder = workerFolder({ ...large, growthMibMax: 100 })
    const small = typed(automerge, 'abc')
    // The worker and its engines are there first: they are not what grows.
    expect(await folder.fold([small])).toMatchObject([{ ok: true }])
    const folded = await folder.fold([small, [bomb], small])
    expect(folded).toMatchObject([{ ok: true }, { ok: false, error: { kind: 'budget' } }, { ok: true }])
    await folder.close()
  })

  test('[SE99] is thrown away when an engine fails over a document; a fresh one goes on', async () => {
    const script = new URL('./platform/failing-worker.test.helper.ts', import.meta.url)
    const folder = workerFolder(large, script)
    const sound = typed(yjs, 'abc')
    const document = yjs.create()
    document.apply(sound)
    const fatal = [document.snapshot()]
    const folded = await folder.fold([sound, fatal, sound, fatal, fatal, sound])
    const undecodable = { ok: false, error: { kind: 'undecodable', message: 'The engine yjs failed over it.' } }
    expect(folded).toMatchObject([{ ok: true }, undecodable, { ok: true }, undecodable, undecodable, { ok: true }])
    await folder.close()
  })
})
