import { entityId, newWriterId } from '@rejoin/base'
import { ClientIds, createEntity } from '@rejoin/documents'
import type { Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { collection, counter, documentsOf, register, text } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import { memory } from './log/memory.ts'
import { documentsFrom, address, entry, push, subscribe } from './testing/peer.ts'
import type { Peer } from './testing/peer.ts'
import { closeScene, gate, openScene, theSpace } from './testing/scene.ts'
import type { Scene } from './testing/scene.ts'
import { createWorld } from './testing/world.ts'

const notes = collection('notes', {
  title: register(),
  grade: register().writtenBy('server'),
  remark: text().writtenBy('server'),
  views: counter().writtenBy('server'),
})
const collections = { notes }
type NotesScene = Scene<typeof collections>

/** A scene in which the note `n1` is there. */
async function openNotes(options: Parameters<typeof openScene<typeof collections>>[0] = {}): Promise<NotesScene> {
  const scene = await openScene({ ...options, collections })
  await scene.make('n1')
  return scene
}

async function edit(scene: NotesScene, change: Parameters<NotesScene['server']['edit']>[3]): Promise<void> {
  const done = scene.server.edit(theSpace, 'notes', 'n1', change)
  await Promise.race([done.catch(() => undefined), scene.world.settle()])
  await done
}

/** The note as a peer that follows the space reads it. */
function readBy(peer: Peer): unknown {
  const documents = new Map<string, Update[]>()
  const declared = peer.of('documents').flatMap((frame) => frame.documents)
  for (const one of peer.of('range').flatMap((range) => range.entries)) {
    const at = declared.findLast(({ slot }) => slot === one.document)?.address
    const key = `${at?.part}/${at?.field}`
    documents.set(key, [...(documents.get(key) ?? []), { encoding: one.encoding, bytes: one.bytes }])
  }
  const writer = newWriterId(createWorld().ports.random)
  const entity = createEntity({
    collection: notes,
    id: entityId('n1'),
    engine: yjs,
    writer,
    clientIds: new ClientIds(writer),
    key: ({ field }) => field,
    nextStamp: () => 1,
  })
  for (const [key, updates] of documents) {
    const [part, field] = key.split('/')
    const document = documentsOf(notes).find((one) => one.part === part && one.field === field)
    if (document !== undefined) entity.load(document, updates)
  }
  return entity.view()
}

describe('edit', () => {
  test('[SE110] the server writes its own part, durably, and replicas see it; a group is one', async () => {
    const scene = await openNotes()
    const ada = await scene.peer('ada')
    ada.send(subscribe())
    await edit(scene, (n) => {
      n.grade.set(5)
      n.remark.insert(0, 'Good')
      n.views.add(2)
    })
    await edit(scene, (n) => {
      n.remark.insert(4, '!')
      n.views.add(1)
    })
    await scene.world.pass(1000)
    expect(readBy(ada)).toMatchObject({ grade: 5, remark: 'Good!', views: 3 })
    expect(new Set(ada.of('writer').map(({ user }) => user))).toEqual(new Set(['maker', '~server']))
    expect(
      ada
        .entries()
        .filter(({ document }) => document.includes('/server/'))
        .map(({ user }) => user),
    ).toEqual(Array.from({ length: 4 }, () => '~server'))
    ada.send(documentsFrom(1, address('n1', '', 'server')), push(entry(1, 'x', { document: 1 })))
    await scene.world.settle()
    expect(ada.of('reject')).toMatchObject([{ error: 'read-only-part' }])
  })

  test('[SE111] a server that was started again reads its part from the log and goes on under a new writer', async () => {
    const store = memory()
    const first = await openNotes({ store })
    await edit(first, (n) => n.views.add(2))
    await closeScene(first)
    const second = await openScene({ store, collections, world: first.world })
    await edit(second, (n) => n.views.add(3))
    const ada = await second.peer('ada')
    ada.send(subscribe())
    await second.world.settle()
    expect(readBy(ada)).toMatchObject({ views: 5 })
    expect((await second.server.accepted(theSpace)).size).toBe(3)
  })

  test('[SE112] an edit that throws, changes nothing, or names what is not there, writes nothing', async () => {
    const scene = await openNotes()
    const before = await scene.server.accepted(theSpace)
    const broken = new Error('broken')
    await expect(
      edit(scene, (n) => {
        n.grade.set(5)
        throw broken
      }),
    ).rejects.toBe(broken)
    // @ts-expect-error -- the compiler says it first
    await expect(edit(scene, (n) => n.title.set('x'))).rejects.toMatchObject({ kind: 'read-only-part' })
    await edit(scene, () => undefined)
    const unknown: string = 'nothing'
    await expect(scene.server.edit(theSpace, unknown as 'notes', 'n1', () => undefined)).rejects.toMatchObject({
      kind: 'bad-config',
    })
    await expect(scene.server.edit(theSpace, 'notes', '../x', () => undefined)).rejects.toMatchObject({
      kind: 'bad-id',
    })
    expect([...before.values()]).toEqual([[1, 1]])
    expect(await scene.server.accepted(theSpace)).toEqual(before)
  })

  test('[SE113] an edit that cannot be stored rejects, and the next one is right all the same', async () => {
    const store = gate()
    const scene = await openNotes({ store })
    await edit(scene, (n) => n.views.add(1))
    store.fail('storage-full')
    await expect(edit(scene, (n) => n.views.add(10))).rejects.toMatchObject({ kind: 'storage-full' })
    await edit(scene, (n) => n.views.add(2))
    const ada = await scene.peer('ada')
    ada.send(subscribe())
    await scene.world.settle()
    expect(readBy(ada)).toMatchObject({ views: 3 })
  })

  test('[SE114] edits made at once happen one after the other', async () => {
    const scene = await openNotes()
    const all = Promise.all(
      Array.from({ length: 10 }, () => scene.server.edit(theSpace, 'notes', 'n1', (n) => n.views.add(1))),
    )
    await scene.world.settle()
    await all
    const ada = await scene.peer('ada')
    ada.send(subscribe())
    await scene.world.settle()
    expect(readBy(ada)).toMatchObject({ views: 10 })
  })

  test('[SE116] an edit is stored after the clock of the server was put back', async () => {
    const world = createWorld()
    let offsetMs = 0
    const clock = { now: () => world.now + offsetMs }
    const scene = await openNotes({ world: { ...world, ports: { ...world.ports, clock } } })
    await edit(scene, (n) => n.grade.set(1))
    offsetMs = -3_600_000
    await edit(scene, (n) => n.grade.set(2))
    const ada = await scene.peer('ada')
    ada.send(subscribe())
    await scene.world.settle()
    expect(readBy(ada)).toMatchObject({ grade: 2 })
  })

  test('[SE115] an entity that is not in the space is not found: nothing runs, and nothing is noted', async () => {
    const store = gate()
    const scene = await openScene({ store, collections })
    let runs = 0
    const grade = (): Promise<void> => edit(scene, (n) => (runs++, n.grade.set(5)))
    await expect(grade()).rejects.toMatchObject({
      kind: 'not-found',
      message: 'notes/n1 does not exist in the space s.',
    })
    expect([runs, store.commits]).toEqual([0, 0])
    await scene.make('n1')
    await grade()
    const ada = await scene.peer('ada')
    ada.send(subscribe())
    await scene.world.settle()
    expect(readBy(ada)).toMatchObject({ grade: 5 })
  })
})
