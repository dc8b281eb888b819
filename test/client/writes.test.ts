import { parseDocumentKey } from '@rejoin/base'
import { decodeClientFrame } from '@rejoin/protocol'
import type { PushEntry } from '@rejoin/protocol'
import { memoryStore, MemoryDisk } from '@rejoin/storage/memory'
import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

async function keysOf(disk: MemoryDisk, table: string): Promise<readonly string[]> {
  disk.crash()
  const store = memoryStore(disk)
  const rows = await store.scan({ from: `${table}|`, to: `${table}}` })
  await store.close()
  return rows.map(([key]) => key)
}

/** Entries that reach the server from now on. */
function pushed(world: World): PushEntry[] {
  const entries: PushEntry[] = []
  world.seen = (from, frame) => {
    const decoded = from === 'client' ? decodeClientFrame(frame) : undefined
    if (decoded?.ok && decoded.value.kind === 'push') entries.push(...decoded.value.entries)
  }
  return entries
}

describe('rows', () => {
  test('[CL2] edits of one moment become one row per document, in one store transaction', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.time.of(ana.flushed())
    for (let i = 0; i < 50; i++)
      note.edit((n) => {
        n.body.insert(i, 'x')
        n.minutes.add(1)
      })
    await world.time.of(ana.flushed())
    const rows = (await keysOf(disk, 'row')).map((key) => parseDocumentKey(key.split('|')[2] ?? '').field)
    expect(rows.toSorted()).toEqual(['', '', 'body'])
    expect(await keysOf(disk, 'waiting')).toHaveLength(3)
  })

  test('[CL3] rows that one edit connects travel as one group, whole or not at all', async () => {
    const world = await createWorld()
    const ana = await world.open()
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.level(ana)
    const entries = pushed(world)
    world.rule = ({ document }) => (document.field === 'body' ? { kind: 'rule', message: 'No text.' } : undefined)
    const refused = note.edit((n) => {
      n.body.insert(0, 'text')
      n.minutes.add(1)
    })
    await expect(world.time.of(refused.stored)).rejects.toMatchObject({ kind: 'rule' })
    expect(entries.map(({ groupSize }) => groupSize)).toEqual([2, 2])
    expect(note.view()).toMatchObject({ body: '', minutes: 0 })
    const alone = note.edit((n) => n.minutes.add(2))
    await world.time.of(alone.stored)
    expect(note.view().minutes).toBe(2)
  })

  test('[CL4] an entry is the squash of its rows: a hundred keystrokes are far fewer bytes', async () => {
    const world = await createWorld()
    const ana = await world.open({ offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    for (let i = 0; i < 100; i++) note.edit((n) => n.body.insert(i, 'x'))
    const entries = pushed(world)
    ana.goOnline()
    await world.level(ana)
    expect(entries).toHaveLength(2)
    expect(entries[1]?.bytes.length).toBeLessThan(200)
  })

  test('[CL5] an acknowledged entry turns its rows into one stored row, and nothing of it waits any more', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    for (let i = 0; i < 3; i++) {
      note.edit((n) => n.body.insert(0, 'x'))
      await world.time.of(ana.flushed())
    }
    await world.level(ana)
    await world.time.pass(1_000)
    for (const table of ['waiting', 'entry']) expect(await keysOf(disk, table)).toEqual([])
    expect((await keysOf(disk, 'row')).length).toBeLessThan(5)
  })

  test('[CL22] an edit made while a refusal is being carried out goes the same way, in whichever document', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const store = memoryStore(disk, {
      pause: (moment) =>
        moment === 'before' ? new Promise((resolve) => world.time.after(3, () => resolve())) : Promise.resolve(),
    })
    const ana = await world.open({ store })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.level(ana)
    let refuses = true
    world.rule = ({ document }) =>
      refuses && document.field === 'body' ? { kind: 'rule', message: 'No text.' } : undefined
    const refused = note.edit((n) => n.body.insert(0, 'refused'))
    const fates: Promise<string>[] = []
    let rebuilt = false
    refused.stored.catch(() => (rebuilt = true))
    for (let i = 0; i < 100 && !rebuilt; i++) {
      const text = note.edit((n) => {
        n.body.insert(0, '.')
        n.minutes.add(1)
      })
      const minutes = note.edit((n) => n.minutes.add(100))
      for (const { stored } of [text, minutes])
        fates.push(
          stored.then(
            () => 'stored',
            () => 'rejected',
          ),
        )
      await world.time.pass(1)
    }
    refuses = false
    const after = note.edit((n) => n.minutes.add(10_000))
    await world.time.of(after.stored)
    await world.level(ana)
    const settled = await world.time.of(Promise.all(fates))
    const counted = settled.reduce((sum, fate, i) => sum + (fate === 'stored' ? (i % 2 === 0 ? 1 : 100) : 0), 10_000)
    expect(note.view().minutes).toBe(counted)
    const bob = await world.open()
    await world.level(bob)
    const read = await world.time.of(bob.notes.open(note.id))
    expect(read?.hash()).toBe(note.hash())
    expect(settled).toContain('rejected')
  })

  test('[CL23] an entity whose creation was refused takes no more edits', async () => {
    const world = await createWorld()
    const ana = await world.open()
    world.rule = () => ({ kind: 'rule', message: 'Nothing new.' })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.time.until(() => ana.status.now.rejected > 0)
    expect(() => note.edit((n) => n.title.set('two'))).toThrow(expect.objectContaining({ kind: 'not-found' }))
    expect(await world.time.of(ana.notes.list())).toEqual([])
  })
})

describe('reading', () => {
  test('[CL6] opening what is not here gives nothing and writes nothing, so two devices seed nothing twice', async () => {
    const world = await createWorld()
    const ana = await world.open()
    const bob = await world.open()
    await world.level(ana, bob)
    const { id } = await world.time.of(ana.notes.create({ body: 'once' }, { id: 'shared' }))
    expect(await world.time.of(bob.notes.open(id))).toBeUndefined()
    expect(bob.status.now.pending).toBe(0)
    await world.level(ana, bob)
    expect((await world.time.of(bob.notes.open(id)))?.view().body).toBe('once')
    expect(await world.time.of(bob.notes.open('nobody-made-this'))).toBeUndefined()
    await world.level(ana, bob)
    let entries = 0
    for await (const _entry of world.server.entries('course-7')) entries += 1
    expect(entries).toBe(2)
  })

  test('[CL32] a cursor is on disk only with the rows it covers: a crash at any moment loses nothing', async () => {
    for (let crashAfter = 1; crashAfter < 40; crashAfter += 3) {
      const world = await createWorld()
      const bob = await world.open()
      const disk = new MemoryDisk()
      await world.open({ disk })
      const note = await world.time.of(bob.notes.create({ title: 'one' }))
      for (let i = 0; i < 10; i++) {
        note.edit((n) => n.body.insert(0, `${i} `))
        await world.time.pass(3)
        if (i * 3 >= crashAfter) break
      }
      disk.crash()
      const again = await world.open({ disk })
      await world.level(bob, again)
      expect(await world.time.of(again.notes.list())).toMatchObject([{ body: note.view().body }])
    }
  })

  test('[CL33] our own entries are known in the log, and are not stored a second time', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    for (let i = 0; i < 5; i++) {
      note.edit((n) => n.body.insert(0, 'x'))
      await world.level(ana)
    }
    await world.time.pass(1_000)
    await world.time.of(ana.close())
    const before = await keysOf(disk, 'row')
    const again = await world.open({ disk })
    await world.level(again)
    await world.time.of(again.close())
    expect(await keysOf(disk, 'row')).toEqual(before)
  })

  test('[CL40] a view that was read before a commit is never saved over its mark', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    let slow = 0
    const pause = (): Promise<void> =>
      slow === 0 ? Promise.resolve() : new Promise((resolve) => world.time.after(slow, () => resolve()))
    const ana = await world.open({ store: memoryStore(disk, { pause }) })
    const bob = await world.open()
    const note = await world.time.of(bob.notes.create({ title: 'zero' }))
    await world.level(ana, bob)
    slow = 2
    for (let i = 1; i <= 15; i++) {
      note.edit((n) => n.title.set(`title ${i}`))
      const lists = [ana.notes.list(), ana.notes.list()]
      await world.time.pass(i)
      await world.time.of(Promise.all(lists))
    }
    await world.level(ana, bob)
    expect(await world.time.of(ana.notes.list())).toMatchObject([{ title: 'title 15' }])
    slow = 0
    await world.time.of(ana.close())
    const again = await world.open({ disk, offline: true })
    expect(await world.time.of(again.notes.list())).toMatchObject([{ title: 'title 15' }])
  })

  test('[CL40] what arrives while a list is derived is in the next list', async () => {
    const world = await createWorld()
    const held: (() => void)[] = []
    let isHeld = false
    const pause = async (moment: 'before' | 'after'): Promise<void> => {
      if (isHeld && moment === 'after') await new Promise<void>((resolve) => held.push(resolve))
    }
    const ana = await world.open({ store: memoryStore(new MemoryDisk(), { pause }) })
    const bob = await world.open()
    const note = await world.time.of(bob.notes.create({ title: 'one' }))
    await world.level(ana, bob)
    isHeld = true
    const list = ana.notes.list()
    await world.time.until(() => held.length === 1, 10)
    // The views were read; then the rows of the entity are.
    held.shift()?.()
    await world.time.until(() => held.length === 1, 10)
    await world.time.of(note.edit((n) => n.title.set('two')).stored)
    await world.time.pass(100)
    isHeld = false
    for (const release of held.splice(0)) release()
    expect(await world.time.of(list)).toMatchObject([{ title: 'one' }])
    await world.level(ana, bob)
    expect(await world.time.of(ana.notes.list())).toMatchObject([{ title: 'two' }])
  })

  test('[CL41] a watched list is derived in slices and shown once it is whole, and again after each commit that changed it', async () => {
    const world = await createWorld()
    const ana = await world.open()
    const bob = await world.open({ limits: { viewSliceMs: 0 } })
    for (let i = 0; i < 10; i++) await world.time.of(ana.notes.create({ title: `note ${i}` }))
    await world.level(ana, bob)
    const shown: number[] = []
    const stop = bob.notes.watch({}, (views) => shown.push(views.length))
    expect(await world.time.until(() => shown.at(-1) === 10)).toBe(true)
    await world.time.of(ana.notes.create({ title: 'one more' }))
    expect(await world.time.until(() => shown.at(-1) === 11)).toBe(true)
    stop()
    await world.time.of(ana.notes.create({ title: 'unseen' }))
    await world.level(ana, bob)
    expect(shown.at(-1)).toBe(11)
  })

  test('[CL90] a long tail is packed into the base, without what still waits', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, limits: { tailRowsMax: 5 } })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    for (let i = 0; i < 20; i++) {
      note.edit((n) => n.body.insert(0, 'x'))
      await world.level(ana)
    }
    ana.goOffline()
    note.edit((n) => n.body.insert(0, 'waits '))
    await world.time.of(ana.flushed())
    const { body } = note.view()
    await world.time.of(ana.close())
    expect((await keysOf(disk, 'row')).length).toBeLessThan(15)
    expect((await keysOf(disk, 'base')).length).toBeGreaterThan(0)
    world.rule = () => ({ kind: 'rule', message: 'No more.' })
    const again = await world.open({ disk, offline: true })
    const opened = await world.time.of(again.notes.open(note.id))
    expect(opened?.view().body).toBe(body)
    again.goOnline()
    await world.level(again)
    expect(opened?.view().body).toBe('x'.repeat(20))
  })

  test('[CL90] the tail of what nobody has open is packed when it is opened', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open()
    const bob = await world.open({ disk, limits: { tailRowsMax: 5 } })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    for (let i = 0; i < 20; i++) {
      note.edit((n) => n.body.insert(0, 'x'))
      await world.level(ana, bob)
    }
    const opened = await world.time.of(bob.notes.open(note.id))
    await world.time.pass(1_000)
    expect(opened?.hash()).toBe(note.hash())
    await world.time.of(bob.close())
    expect((await keysOf(disk, 'row')).length).toBeLessThan(3)
  })
})
