import type { Rejoin } from '@rejoin/client'
import type { Engine } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import { otherEngine } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import { collection, counter, register, text } from '@rejoin/schema'
import { inlineFolder } from '@rejoin/server'
import { memoryStore, MemoryDisk } from '@rejoin/storage/memory'
import { describe, expect, test } from 'vitest'
import { World } from './world.ts'

const other = otherEngine(yjs)
const fields = { title: register(), body: text(), minutes: counter() }
const options = { space: 'course' }
const notes = collection('notes', fields, options)
const sketches = collection('sketches', fields, { ...options, engine: 'other-engine' })
/** Notes in Yjs beside sketches in another engine. */
const knownIn = ({ name }: Engine) => ({
  notes,
  sketches: collection('sketches', fields, { ...options, engine: name }),
})
/** The same collection as another version of the app declares it. */
const notesElsewhere = collection('notes', fields, { ...options, engine: 'other-engine' })
const known = { notes, sketches }
const engines = [other]

async function createWorld(beside: Engine = other): Promise<World> {
  const world = new World()
  world.serverOptions = { engines: [beside], folder: inlineFolder([yjs, beside]) }
  await world.start()
  return world
}

/** The encodings of a collection's entries in the log, and whether they are snapshots. */
async function logged(world: World, name: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  for await (const { document, kind, encoding } of world.server.entries('course-7'))
    if (document.startsWith(`${name}/`)) found.add(`${kind} ${encoding}`)
  return found
}

describe.each([other, await openAutomerge()])('collections of yjs and $name', (beside) => {
  const both = knownIn(beside)
  const [encoding = ''] = beside.encodings

  test('[CL163] are edited, sent, folded, joined and taken up again side by side', async () => {
    const world = await createWorld(beside)
    const disk = new MemoryDisk()
    const limits = { tailRowsMax: 2 }
    const ana = await world.as('ana', both, { engines: [beside], disk, limits })
    const ben = await world.as('ben', both, { engines: [beside] })
    const made = [
      await world.time.of(ana.notes.create({ title: 'note', body: 'n' }, { undo: true })),
      await world.time.of(ana.sketches.create({ title: 'sketch', body: 's' }, { undo: true })),
    ]
    for (const one of made)
      for (const letter of 'abc') {
        one.edit((draft) => {
          draft.body.insert(1, letter)
          draft.minutes.add(1)
        })
        await world.level(ana, ben)
      }
    for (const one of made) one.undo()
    await world.level(ana, ben)
    const shown = [{ title: 'note', body: 'nba', minutes: 2 }]
    const drawn = [{ title: 'sketch', body: 'sba', minutes: 2 }]
    const listed = async ({ notes: first, sketches: second }: Rejoin<typeof both>): Promise<unknown> => [
      await world.time.of(first.list()),
      await world.time.of(second.list()),
    ]
    for (const replica of [ana, ben]) expect(await listed(replica)).toMatchObject([shown, drawn])
    expect(await logged(world, 'notes')).toEqual(new Set(['update yjs-1']))
    expect(await logged(world, 'sketches')).toEqual(new Set([`update ${encoding}`]))
    expect(await world.time.of(world.server.fold())).toMatchObject({ folded: 4, skipped: 0 })
    expect(await logged(world, 'sketches')).toEqual(new Set([`snapshot ${encoding}`]))
    const cleo = await world.as('cleo', both, { engines: [beside] })
    await world.level(cleo)
    expect(await listed(cleo)).toMatchObject([shown, drawn])
    await world.time.of(ana.close())
    const again = await world.as('ana', both, { engines: [beside], disk, limits })
    expect(await listed(again)).toMatchObject([shown, drawn])
    for (const replica of [again, ben, cleo])
      expect(replica.status.now).toMatchObject({ unreadable: 0, rejected: 0, damaged: 0 })
  })

  test('[CL163] what the server refuses is taken and made again in the engine that it is of', async () => {
    const world = await createWorld(beside)
    const ana = await world.as('ana', both, { engines: [beside] })
    const made = [
      await world.time.of(ana.notes.create({ title: 'note', body: 'kept' })),
      await world.time.of(ana.sketches.create({ title: 'sketch', body: 'kept' })),
    ]
    await world.level(ana)
    const left = new Set(['notes', 'sketches'])
    world.rule = ({ document }) =>
      document.field === 'body' && left.delete(document.collection) ? { kind: 'rule', message: 'No.' } : undefined
    for (const one of made) {
      const refused = one.edit((draft) => draft.body.insert(4, ' refused'))
      const before = left.size
      await world.time.until(() => left.size < before)
      const onTop = one.edit((draft) => draft.body.insert(0, 'well '))
      await world.level(ana)
      expect(one.view().body).toBe('well kept')
      expect([refused.state, onTop.state]).toEqual(['rejected', 'stored'])
    }
    const changes = (await world.time.of(ana.quarantine.list())).map((write) => write.changes)
    expect(changes).toMatchObject([[{ field: 'body' }], [{ field: 'body' }]])
  })
})

describe('an engine that is not there', () => {
  test('[CL164] is told at the open, with the collection that names it, and the store is let go', async () => {
    const world = await createWorld()
    const store = memoryStore(new MemoryDisk())
    await expect(world.as('ana', known, { store })).rejects.toMatchObject({
      kind: 'bad-config',
      message: 'Collection sketches is in the engine other-engine, which was not given.',
    })
    await expect(store.commit({})).rejects.toThrow('closed')
    await expect(world.as('ana', known, { engines: [other, otherEngine(yjs)] })).rejects.toMatchObject({
      kind: 'bad-config',
      message: 'Two engines are named other-engine.',
    })
  })

  /** Writes that wait on a disk, of a collection that the next version of the app may not know. */
  async function unsent() {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.as('ana', known, { engines, disk })
    const sketch = await world.time.of(ana.sketches.create({ title: 'sketch', body: 'b' }))
    await world.level(ana)
    ana.goOffline()
    sketch.edit((draft) => draft.title.set('alone'))
    await world.time.of(ana.flushed())
    sketch.edit((draft) => draft.body.insert(1, 'two'))
    sketch.edit((draft) => draft.body.insert(1, 'or '))
    await world.time.of(ana.close())
    return { world, disk }
  }

  test('[CL165] what waits is sent by the engine of its bytes, whatever became of the collection', async () => {
    const { world, disk } = await unsent()
    const ana = await world.as('ana', { notes }, { engines, disk })
    await world.level(ana)
    expect(ana.status.now).toMatchObject({ rejected: 0, pending: 0 })
    const ben = await world.as('ben', known, { engines })
    await world.level(ben)
    expect(await world.time.of(ben.sketches.list())).toMatchObject([{ title: 'alone', body: 'bor two' }])
  })

  test('[CL165] without that engine, what cannot be merged goes to quarantine with the reason, and holds up nothing', async () => {
    const { world, disk } = await unsent()
    const ana = await world.as('ana', { notes }, { disk })
    await world.time.of(ana.notes.create({ title: 'note' }))
    await world.level(ana)
    expect(await world.time.of(ana.quarantine.list())).toMatchObject([
      { kind: 'bad-config', message: 'This version of the app has no engine for other.', omitted: 'unreadable' },
      { kind: 'bad-config', omitted: 'unreadable' },
    ])
    const ben = await world.as('ben', known, { engines })
    await world.level(ben)
    expect(await world.time.of(ben.sketches.list())).toMatchObject([{ title: 'alone', body: 'b' }])
    expect(await world.time.of(ben.notes.list())).toHaveLength(1)
  })
})

describe('bytes of another engine', () => {
  /** Two versions of an app that do not agree; one has made the note `n1`. */
  async function disagreeing() {
    const world = await createWorld()
    const ana = await world.as('ana', { notes })
    const note = await world.time.of(ana.notes.create({ title: 'one', body: 'text' }, { id: 'n1' }))
    await world.level(ana)
    const disk = new MemoryDisk()
    const ben = await world.as('ben', { notes: notesElsewhere }, { engines, disk })
    await world.level(ben)
    return { world, ana, ben, disk, note }
  }

  test('[CL166] isolate themselves: the entity is not there, and the status counts it', async () => {
    const { world, ben, disk } = await disagreeing()
    expect(await world.time.of(ben.notes.list())).toEqual([])
    expect(await world.time.of(ben.notes.open('n1'))).toBeUndefined()
    expect(ben.status.now).toMatchObject({ unreadable: 1, damaged: 0, rejected: 0 })
    const own = await world.time.of(ben.notes.create({ title: 'two' }, { id: 'n2' }))
    await world.level(ben)
    expect(own.view().title).toBe('two')
    await world.time.of(ben.close())
    // The version that agrees reads all that this one has received.
    const agreeing = await world.as('ben', { notes }, { disk, offline: true })
    expect(await world.time.of(agreeing.notes.list())).toMatchObject([{ title: 'one', body: 'text' }])
  })

  test('[CL166] and what was written over them is refused by the server and kept, while the others go on', async () => {
    const { world, ana, ben, note } = await disagreeing()
    const rival = await world.time.of(ben.notes.create({ title: 'rival' }, { id: 'n1' }))
    note.edit((draft) => draft.body.insert(4, ' goes on'))
    await world.level(ana, ben)
    expect(rival.life).toBe('absent')
    expect(await world.time.of(ben.quarantine.list())).toMatchObject([
      { kind: 'undecodable', message: 'notes/n1 is in the engine yjs; the entry is of the engine other-engine.' },
    ])
    expect(note.view().body).toBe('text goes on')
    expect(ana.status.now).toMatchObject({ unreadable: 0, rejected: 0, pending: 0 })
  })

  test('[CL166] that come for an entity in memory leave it as it was', async () => {
    const world = await createWorld()
    const [ana, ben] = [
      await world.as('ana', { notes }),
      await world.as('ben', { notes: notesElsewhere }, { engines, offline: true }),
    ]
    const note = await world.time.of(ana.notes.create({ title: 'one' }, { id: 'n1' }))
    const rival = await world.time.of(ben.notes.create({ title: 'rival' }, { id: 'n1' }))
    await world.level(ana)
    ben.goOnline()
    await world.level(ben)
    expect(note.view().title).toBe('one')
    expect(rival.life).toBe('absent')
    expect([ana, ben].map(({ status }) => status.now.unreadable)).toEqual([0, 1])
  })
})
