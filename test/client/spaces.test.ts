import { decodeClientFrame, decodeServerFrame } from '@rejoin/protocol'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'

describe('spaces', () => {
  test('[CL60] an entity that is being opened while its space is left takes no writes', async () => {
    const world = await createWorld()
    const pause = (): Promise<void> => new Promise((resolve) => world.time.after(5, () => resolve()))
    const ana = await world.open({ store: memoryStore(new MemoryDisk(), { pause }) })
    const note = await world.time.of(ana.notes.create({ title: 'there' }))
    await world.time.of(note.close())
    await world.level(ana)
    const opening = ana.notes.open(note.id).then((again) => again?.edit((n) => n.title.set('too late')))
    const leaving = ana.leave('course-7')
    await expect(world.time.of(opening)).rejects.toMatchObject({ kind: 'not-found' })
    expect(await world.time.of(leaving)).toEqual({ quarantined: 0 })
    expect(ana.status.now).toMatchObject({ pending: 0, rejected: 0 })
  })

  test('[CL60] leaving drops the local copies and moves unsent writes to quarantine', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk })
    const note = await world.time.of(ana.notes.create({ title: 'sent' }))
    await world.level(ana)
    ana.goOffline()
    // Offline by choice is no problem.
    expect(ana.status.now).toMatchObject({ online: false, problem: undefined })
    const unsent = note.edit((n) => {
      n.title.set('unsent')
      n.body.insert(0, 'unsent')
    })
    expect(await world.time.of(ana.leave('course-7'))).toEqual({ quarantined: 2 })
    expect(unsent.state).toBe('rejected')
    await expect(unsent.stored).rejects.toMatchObject({ kind: 'not-found' })
    expect(() => note.edit((n) => n.title.set('too late'))).toThrow(expect.objectContaining({ kind: 'closed' }))
    expect(() => note.view()).toThrow(expect.objectContaining({ kind: 'closed' }))
    expect(ana.status.now).toMatchObject({ pending: 0, rejected: 2 })
    expect(await world.time.of(ana.quarantine.list())).toHaveLength(2)
    await world.time.of(ana.close())
    const again = await world.open({ disk, spaces: {} })
    expect(again.status.now).toMatchObject({ pending: 0, rejected: 2 })
    await expect(again.notes.list()).rejects.toMatchObject({ kind: 'bad-config' })
  })

  test('[CL30] a space joined between hello and welcome is asked for, though the server goes on with all it knew', async () => {
    const world = await createWorld()
    const bob = await world.open({ spaces: { course: 'course-1' } })
    const note = await world.time.of(bob.notes.create({ title: 'of bob' }))
    const ana = await world.open()
    await world.time.of(ana.notes.create({ title: 'of ana' }))
    await world.level(ana, bob)
    // The server remembers what the device follows.
    await world.time.pass(5_000)
    let joined: Promise<unknown> | undefined
    let isLevel = false
    world.seen = (from, bytes) => {
      const frame = from === 'client' ? decodeClientFrame(bytes) : decodeServerFrame(bytes)
      if (frame.ok && frame.value.kind === 'hello') joined ??= ana.join('course-1', 'course')
      if (frame.ok && frame.value.kind === 'welcome') isLevel ||= frame.value.level
    }
    ana.goOffline()
    await world.time.pass(10)
    ana.goOnline()
    await world.time.until(() => joined !== undefined)
    await world.time.of(joined ?? Promise.reject(new Error('nobody said hello')))
    await world.level(ana)
    expect([isLevel, world.connections]).toEqual([true, 3])
    expect(await world.time.of(ana.notes.list({ space: 'course-1' }))).toMatchObject([{ id: note.id }])
  })

  test('[CL61] a space that was left and joined again has our own work too', async () => {
    const world = await createWorld()
    const ana = await world.open()
    const note = await world.time.of(ana.notes.create({ title: 'mine' }))
    await world.level(ana)
    await world.time.of(ana.leave('course-7'))
    await world.time.of(ana.join('course-7', 'course'))
    await world.level(ana)
    expect(await world.time.of(ana.notes.list())).toMatchObject([{ id: note.id, title: 'mine' }])
    const opened = await world.time.of(ana.notes.open(note.id))
    await world.time.of(opened?.edit((n) => n.title.set('still mine')).stored ?? Promise.reject(new Error('not open')))
  })

  test('[CL62] what arrives while a space is being left leaves nothing behind', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk })
    const bob = await world.open()
    const note = await world.time.of(bob.notes.create({ title: 'of bob' }))
    await world.level(ana, bob)
    for (let i = 0; i < 20; i++) note.edit((n) => n.body.insert(0, `${i} `))
    await world.time.until(() => false, 4)
    const left = ana.leave('course-7')
    await world.time.of(left)
    await world.time.pass(1_000)
    await world.time.of(ana.close())
    const again = await world.open({ disk })
    await world.level(again, bob)
    expect(await world.time.of(again.notes.list())).toMatchObject([
      { id: note.id, title: 'of bob', body: note.view().body },
    ])
  })

  test('[CL63] widening opens a second stream from the beginning, which becomes one with the first when both are level', async () => {
    const world = await createWorld()
    const bob = await world.open()
    const notes = []
    for (let i = 0; i < 5; i++) notes.push(await world.time.of(bob.notes.create({ title: `note ${i}` })))
    await world.level(bob)
    const ana = await world.open({ spaces: {} })
    await world.time.of(ana.join('course-7', 'course', { entities: [`notes/${notes[0]?.id}`] }))
    await world.level(ana)
    expect(await world.time.of(ana.notes.list({ space: 'course-7' }))).toHaveLength(1)
    await world.time.of(ana.widen('course-7', { collections: ['notes'] }))
    await world.level(ana)
    expect(await world.time.of(ana.notes.list({ space: 'course-7' }))).toHaveLength(5)
    await world.time.of(notes[0]?.edit((n) => n.title.set('later')).stored ?? Promise.reject(new Error('no note')))
    await world.level(ana, bob)
    const views = await world.time.of(ana.notes.list({ space: 'course-7' }))
    expect(views.map(({ title }) => title)).toContain('later')
  })
})
