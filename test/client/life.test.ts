import { MemoryDisk } from '@rejoin/storage/memory'
import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'
import type { TestRejoin, World } from './world.ts'

async function two(): Promise<{ world: World; ana: TestRejoin; bob: TestRejoin }> {
  const world = await createWorld()
  const [ana, bob] = [await world.open(), await world.open()]
  await world.level(ana, bob)
  return { world, ana, bob }
}

describe('deletion', () => {
  test('[CL120] what was deleted is in no list and takes no edits; undeleted, on any device, it is there again', async () => {
    const { world, ana, bob } = await two()
    const note = await world.time.of(ana.notes.create({ title: 'one', body: 'kept' }))
    await world.level(ana, bob)
    const lists: number[] = []
    bob.notes.watch({}, (views) => lists.push(views.length))
    expect(await world.time.until(() => lists.at(-1) === 1)).toBe(true)
    const opened = await world.time.of(bob.notes.open(note.id))
    await world.time.of(note.delete().stored)
    expect(await world.time.until(() => lists.at(-1) === 0)).toBe(true)
    expect([note.life, opened?.life]).toEqual(['deleted', 'deleted'])
    for (const each of [note, opened])
      expect(() => each?.edit((n) => n.title.set('late'))).toThrow(
        expect.objectContaining({ kind: 'not-found', hint: 'Call undelete before you edit it.' }),
      )
    await opened?.close()
    expect(await world.time.of(bob.notes.list())).toEqual([])
    expect(await world.time.of(bob.notes.open(note.id))).toBeUndefined()
    const deleted = await world.time.of(bob.notes.open(note.id, { deleted: true }))
    expect(deleted?.view()).toMatchObject({ title: 'one', body: 'kept' })
    const back = deleted?.undelete()
    await world.time.of(back?.stored ?? Promise.reject(new Error('it was not opened')))
    await world.level(ana, bob)
    expect(lists.at(-1)).toBe(1)
    expect([note.life, note.view().body]).toEqual(['live', 'kept'])
    expect(note.hash()).toBe(deleted?.hash())
  })

  test('[CL120] a tombstone outlives a restart, and deleting twice writes once', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.time.of(note.delete().device)
    expect(note.delete().state).toBe('stored')
    await world.time.of(ana.close())
    const again = await world.open({ disk })
    expect(await world.time.of(again.notes.list())).toEqual([])
    await expect(world.time.of(again.notes.create({ title: 'two' }, { id: note.id }))).rejects.toMatchObject({
      kind: 'bad-id',
    })
    await world.level(again)
    const bob = await world.open()
    await world.level(bob)
    expect((await world.time.of(bob.notes.open(note.id, { deleted: true })))?.life).toBe('deleted')
  })

  test('[CL121] a purge erases the content everywhere, for ever', async () => {
    const { world, ana, bob } = await two()
    const note = await world.time.of(ana.notes.create({ title: 'one', body: 'secret', minutes: 3 }))
    await world.level(ana, bob)
    await world.time.of(note.purge().stored)
    await world.level(ana, bob)
    const purged = await world.time.of(bob.notes.open(note.id, { deleted: true }))
    expect([purged?.life, purged?.view()]).toMatchObject(['purged', { title: undefined, body: '', minutes: 0 }])
    expect(() => purged?.undelete()).toThrow(expect.objectContaining({ kind: 'not-found' }))
  })

  test('[CL23] nor is it deleted, or purged', async () => {
    const world = await createWorld()
    const ana = await world.open()
    world.rule = () => ({ kind: 'rule', message: 'Nothing new.' })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.time.until(() => ana.status.now.rejected > 0)
    expect(note.life).toBe('absent')
    for (const write of [() => note.delete(), () => note.undelete(), () => note.purge()])
      expect(write).toThrow(expect.objectContaining({ kind: 'not-found' }))
  })
})

describe('ensure', () => {
  const seed = { title: 'Inbox', body: 'Welcome', minutes: 5, tags: ['start'], steps: ['read'] }

  test('[CL122] two devices that make the same at once, offline, make it once: texts and counters too', async () => {
    const world = await createWorld()
    const disks = [new MemoryDisk(), new MemoryDisk()] as const
    const [ana, bob] = [
      await world.open({ disk: disks[0], offline: true }),
      await world.open({ disk: disks[1], offline: true }),
    ]
    const notes = []
    for (const each of [ana, bob]) {
      const note = await world.time.of(each.notes.ensure('inbox', seed))
      note.edit((n) => {
        n.minutes.add(1)
        n.body.insert(n.body.length, '!')
      })
      notes.push(note)
      await world.time.of(each.flushed())
    }
    ana.goOnline()
    await world.level(ana)
    bob.goOnline()
    await world.level(ana, bob)
    for (const note of notes) expect(note.view()).toEqual({ id: 'inbox', ...seed, body: 'Welcome!!', minutes: 7 })
    expect(notes[0]?.hash()).toBe(notes[1]?.hash())
    expect([ana.status.now, bob.status.now]).toMatchObject([
      { rejected: 0, unreadable: 0, problem: undefined },
      { rejected: 0, unreadable: 0, problem: undefined },
    ])
    const eve = await world.open()
    await world.level(eve)
    const read = await world.time.of(eve.notes.ensure('inbox', seed))
    expect([read.hash(), eve.status.now.pending]).toEqual([notes[0]?.hash(), 0])
    expect(await world.time.of(eve.notes.list())).toHaveLength(1)
  })

  test('[CL122] and so it stays once tails are packed, documents folded and replicas opened again', async () => {
    const world = await createWorld()
    world.serverOptions = { limits: { foldEntriesMin: 4, foldBytesMin: 1 } }
    await world.stop()
    await world.start()
    const disk = new MemoryDisk()
    const ana = await world.open({ limits: { tailRowsMax: 2 } })
    const bob = await world.open({ disk, limits: { tailRowsMax: 2 }, offline: true })
    const [one, other] = [
      await world.time.of(ana.notes.ensure('inbox', seed)),
      await world.time.of(bob.notes.ensure('inbox', seed)),
    ]
    for (let i = 0; i < 12; i++) {
      one.edit((n) => n.minutes.add(1))
      other.edit((n) => n.body.insert(0, '.'))
      await world.time.of(bob.flushed())
      await world.level(ana)
    }
    await world.time.of(bob.close())
    const again = await world.open({ disk, limits: { tailRowsMax: 2 } })
    await world.level(ana, again)
    await world.server.fold()
    const kinds = new Set<string>()
    for await (const { kind } of world.server.entries('course-7')) kinds.add(kind)
    expect(kinds).toContain('snapshot')
    const eve = await world.open()
    await world.level(eve)
    const expected = { ...seed, id: 'inbox', minutes: 17, body: `${'.'.repeat(12)}Welcome` }
    for (const each of [ana, again, eve]) {
      const note = await world.time.of(each.notes.open('inbox'))
      expect(note?.view()).toEqual(expected)
    }
  })

  test('[CL123] it makes nothing of what is known, nor of what was deleted; a refused seed is gone', async () => {
    const { world, ana, bob } = await two()
    const note = await world.time.of(ana.notes.create({ title: 'one' }, { id: 'inbox' }))
    await world.level(ana, bob)
    const known = await world.time.of(bob.notes.ensure('inbox', seed))
    expect(known.view()).toMatchObject({ title: 'one', body: '' })
    await world.time.of(note.delete().stored)
    await world.level(ana, bob)
    expect((await world.time.of(bob.notes.ensure('inbox', seed))).life).toBe('deleted')
    world.rule = () => ({ kind: 'rule', message: 'Nothing new.' })
    const refused = await world.time.of(bob.notes.ensure('other', seed))
    await world.time.until(() => refused.life === 'absent')
    expect([refused.life, bob.status.now.rejected]).toEqual(['absent', 3])
  })

  test('[CL14] nor is a seed larger than one write may be', async () => {
    const world = await createWorld()
    const ana = await world.open({ limits: { writeBytesMax: 100 } })
    await expect(world.time.of(ana.notes.ensure('inbox', { body: 'x'.repeat(101) }))).rejects.toMatchObject({
      kind: 'too-large',
    })
    expect(await world.time.of(ana.notes.open('inbox'))).toBeUndefined()
  })
})
