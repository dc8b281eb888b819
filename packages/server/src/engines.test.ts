import { newWriterId } from '@rejoin/base'
import type { Log } from '@rejoin/base'
import { ClientIds, createEntity } from '@rejoin/documents'
import type { Engine, Entity, Update } from '@rejoin/documents'
import { otherEngine } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import { collection, register, text } from '@rejoin/schema'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inlineFolder } from './fold/folder.ts'
import { memory } from './log/memory.ts'
import { sqlite } from './platform/sqlite/index.ts'
import { createServer } from './server.ts'
import { address, documentsFrom, entry, push, subscribe } from './testing/peer.ts'
import type { Peer } from './testing/peer.ts'
import { plainTokens } from './testing/plain-tokens.ts'
import { closeScene, openScene, theSpace } from './testing/scene.ts'
import type { Scene } from './testing/scene.ts'
import { createWorld } from './testing/world.ts'

const other = otherEngine(yjs)
const fields = { title: register(), body: text(), grade: register().writtenBy('server') }
const notes = collection('notes', fields)
const sketches = collection('sketches', fields, { engine: 'other-engine' })
const collections = { notes, sketches }
const both = { engines: [other], folder: inlineFolder([yjs, other]), collections }
const { random } = createWorld(5).ports

/** What makes an entity with a letter after the other in its body, by document. */
function written(engine: Engine, entity: Entity): readonly { readonly field: string; readonly update: Update }[] {
  const made = [entity.create({ title: engine.name })]
  for (const [i, letter] of [...'abc'].entries())
    made.push(entity.edit('user', (n) => (n.body as { insert(at: number, text: string): void }).insert(i, letter)))
  return made.flatMap(({ updates }) => updates)
}

function entityIn(engine: Engine, kind: typeof notes, id: string): Entity {
  const writer = newWriterId(random)
  return createEntity({
    collection: kind,
    id: address(id).entity,
    engine,
    writer,
    clientIds: new ClientIds(writer),
    key: ({ part, field }) => `${id}/${part}/${field}`,
    nextStamp: () => 1,
  })
}

/** Sends it as a group, with slots from `slot` on. */
function send(peer: Peer, kind: typeof notes, id: string, engine: Engine, slot: number, first: number): void {
  peer.send(documentsFrom(slot, address(id, '', 'shared', kind.name), address(id, 'body', 'shared', kind.name)))
  const updates = written(engine, entityIn(engine, kind, id))
  peer.send(
    push(
      ...updates.map(({ field, update: { encoding, bytes } }, i) => ({
        ...entry(first + i, ''),
        document: field === '' ? slot : slot + 1,
        encoding,
        bytes,
      })),
    ),
  )
}

const done = async <T>({ world }: Pick<Scene, 'world'>, work: Promise<T>): Promise<T> => {
  await Promise.race([work.catch(() => undefined), world.settle()])
  return work
}

const bodyOf = (engine: Engine, updates: readonly Update[]): string => {
  const document = engine.create()
  document.apply(updates)
  return document.text.read()
}

test('[SE98] documents are folded by the engine of their bytes', async () => {
  const scene = await openScene(both)
  const ada = await scene.peer('ada')
  send(ada, notes, 'n1', yjs, 1, 1)
  send(ada, sketches, 's1', other, 3, 5)
  await scene.world.settle()
  expect(await done(scene, scene.server.fold(theSpace))).toEqual({ folded: 2, skipped: 0, rows: 6, spacesFailed: 0 })
  const snapshots: string[] = []
  for await (const { kind, document, encoding, bytes } of scene.server.entries(theSpace))
    if (kind === 'snapshot')
      snapshots.push(`${document} ${encoding} ${bodyOf(encoding === 'other' ? other : yjs, [{ encoding, bytes }])}`)
  expect(snapshots.sort()).toEqual(['notes/n1/shared/body yjs-2 abc', 'sketches/s1/shared/body other abc'])
})

test('[SE98] what there is no engine for stays as it is, which is said once, and the rest is folded', async () => {
  const said: unknown[] = []
  const log: Log = (_level, event, of) => void said.push([event, of])
  const world = createWorld()
  const ports = { ...world.ports, log }
  const scene = await openScene({ world, ports, engines: [other], limits: { foldEntriesMin: 2 }, collections: {} })
  const ada = await scene.peer('ada')
  for (const [i, id] of ['s1', 's2'].entries()) send(ada, sketches, id, other, 10 + 2 * i, 1 + 4 * i)
  ada.send(documentsFrom(20, address('m1', '', 'shared', 'maps')))
  for (const n of [9, 10, 11]) ada.send(push(entry(n, `chunk ${n}`, { document: 20, encoding: 'automerge' })))
  send(ada, notes, 'n1', yjs, 1, 12)
  await scene.world.settle()
  for (const skipped of [3, 3])
    expect(await done(scene, scene.server.fold(theSpace))).toMatchObject({ folded: 0, skipped })
  const kinds = new Map<string, number>()
  for await (const { kind, document } of scene.server.entries(theSpace))
    kinds.set(`${document} ${kind}`, (kinds.get(`${document} ${kind}`) ?? 0) + 1)
  expect(Object.fromEntries(kinds)).toEqual({
    'sketches/s1/shared/ update': 1,
    'sketches/s1/shared/body update': 3,
    'sketches/s2/shared/ update': 1,
    'sketches/s2/shared/body update': 3,
    'maps/m1/shared/ update': 3,
    'notes/n1/shared/ update': 1,
    'notes/n1/shared/body snapshot': 1,
  })
  expect(said).toEqual([
    ['engine-missing', { encoding: 'other' }],
    ['engine-missing', { encoding: 'automerge' }],
  ])
})

describe('an entity of one engine', () => {
  const sentence = (id: string, own: string, engine: string): string =>
    `${id} is in the engine ${own}; the entry is of the engine ${engine}.`

  test('[SE56] takes no entry of another, in none of its documents, and says so', async () => {
    const scene = await openScene(both)
    const [ada, bob, cleo] = [await scene.peer('ada'), await scene.peer('bob'), await scene.peer('cleo')]
    send(ada, notes, 'n1', yjs, 1, 1)
    await scene.world.settle()
    send(bob, notes, 'n1', other, 1, 1)
    cleo.send(documentsFrom(1, address('n1')), push(entry(1, 'chunk', { document: 1, encoding: 'automerge' })))
    await scene.world.settle()
    expect(bob.of('acks')).toEqual([])
    expect(bob.of('reject')).toMatchObject([
      { intervals: [1, 4], error: 'undecodable', message: sentence('notes/n1', 'yjs', 'other-engine') },
    ])
    expect(cleo.of('reject')).toMatchObject([{ message: sentence('notes/n1', 'yjs', 'automerge') }])
    const dan = await scene.peer('dan')
    dan.send(subscribe())
    await scene.world.settle()
    expect(dan.entries().map(({ user }) => user)).toEqual(Array.from({ length: 4 }, () => 'ada'))
  })

  test('[SE56] keeps it over a restart and a fold', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rejoin-engines-'))
    try {
      const first = await openScene({ ...both, store: sqlite(folder) })
      const ada = await first.peer('ada')
      send(ada, sketches, 's1', other, 1, 1)
      await first.world.settle()
      expect(await done(first, first.server.fold())).toMatchObject({ folded: 1 })
      await closeScene(first)
      const second = await openScene({ ...both, store: sqlite(folder), world: first.world })
      const bob = await second.peer('bob')
      send(bob, sketches, 's1', yjs, 1, 1)
      await second.world.settle()
      expect(bob.of('reject')[0]).toMatchObject({ message: sentence('sketches/s1', 'other-engine', 'yjs') })
      const cleo = await second.peer('cleo')
      send(cleo, sketches, 's1', other, 1, 1)
      await second.world.settle()
      expect(cleo.of('reject')).toEqual([])
      await closeScene(second)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('[SE27] entries for an engine that is not here are refused', async () => {
    const scene = await openScene()
    const ada = await scene.peer('ada')
    send(ada, sketches, 's1', other, 1, 1)
    await scene.world.settle()
    expect(ada.of('reject')[0]).toMatchObject({ error: 'undecodable', message: 'This server has no engine for other.' })
  })
})

describe('the server itself', () => {
  test('[SE117] writes its part in the engine of the collection', async () => {
    const scene = await openScene(both)
    const ada = await scene.peer('ada')
    send(ada, sketches, 's1', other, 1, 1)
    send(ada, notes, 'n1', yjs, 3, 5)
    await scene.world.settle()
    for (const name of ['sketches', 'notes'] as const) {
      const id = name === 'notes' ? 'n1' : 's1'
      for (const grade of [1, 2])
        await done(
          scene,
          scene.server.edit(theSpace, name, id, (n) => n.grade.set(grade)),
        )
    }
    const grades = new Map<string, Update[]>()
    for await (const { document, encoding, bytes } of scene.server.entries(theSpace))
      if (document.includes('/server/')) grades.set(document, [...(grades.get(document) ?? []), { encoding, bytes }])
    const survivors = [...grades].map(([document, updates]) => {
      const read = (document.startsWith('notes') ? yjs : other).create()
      read.apply(updates)
      return [document, updates[0]?.encoding, read.registers.survivors('grade').map(({ value }) => value)]
    })
    expect(survivors).toEqual([
      ['sketches/s1/server/', 'other', [2]],
      ['notes/n1/server/', 'yjs-1', [2]],
    ])
  })

  test('[SE117] does not start with a collection whose engine was not given, nor with engines that are alike', async () => {
    const start = (options: object): Promise<unknown> =>
      createServer({ store: memory(), authenticate: plainTokens, ...options })
    await expect(start({ collections })).rejects.toMatchObject({
      kind: 'bad-config',
      message: 'Collection sketches is in the engine other-engine, which was not given.',
    })
    await expect(start({ engines: [other, otherEngine(yjs)] })).rejects.toMatchObject({
      kind: 'bad-config',
      message: 'Two engines are named other-engine.',
    })
  })
})
