import { collection, counter, register, set, text } from '@rejoin/schema'
import type { EntityHandle, UndoState } from '@rejoin/client'
import { MemoryDisk } from '@rejoin/storage/memory'
import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'

const notes = collection(
  'notes',
  {
    title: register(),
    status: register().conflicts('manual'),
    body: text(),
    minutes: counter(),
    tags: set(),
    rating: register().writtenBy('owner'),
  },
  { space: 'course' },
)
const known = { notes }
type Note = EntityHandle<typeof notes>
const undo = { undo: true }

const opened = (note: Note | undefined): Note => {
  if (note === undefined) throw new Error('it is not here')
  return note
}

describe('undo', () => {
  test('[CL136] takes back an edit in every field and writes that like any edit; redo makes it again', async () => {
    const world = await createWorld()
    const [ana, bo] = [await world.as('ana', known), await world.as('bo', known)]
    const note = await world.time.of(ana.notes.create({ title: 'one', body: 'Hello' }, undo))
    expect([note.canUndo, note.canRedo]).toEqual([false, false])
    const before = note.view()
    note.edit((draft) => {
      draft.title.set('two')
      draft.body.insert(5, ' world')
      draft.minutes.add(5)
      draft.tags.add('a')
      draft.rating.set(4)
    })
    const after = note.view()
    expect([note.canUndo, note.canRedo]).toEqual([true, false])
    const receipt = note.undo()
    expect([note.view(), note.canUndo, note.canRedo]).toEqual([before, false, true])
    await world.time.of(receipt?.stored ?? Promise.reject(new Error('nothing was undone')))
    await world.level(ana, bo)
    const bos = opened(await world.time.of(bo.notes.open(note.id)))
    expect(bos.view()).toEqual(before)
    note.redo()
    await world.level(ana, bo)
    for (const each of [note, bos]) expect(each.view()).toEqual(after)
    expect([note.undo() === undefined, note.undo(), note.redo() === undefined]).toEqual([false, undefined, false])
    note.edit((draft) => draft.minutes.add(1))
    note.undo()
    note.edit((draft) => draft.tags.add('b'))
    expect([note.canRedo, note.redo()]).toEqual([false, undefined])
  })

  test('[CL137] never touches what another device has written, of the same user either', async () => {
    const world = await createWorld()
    const [phone, laptop] = [await world.as('ana', known), await world.as('ana', known)]
    const note = await world.time.of(phone.notes.create({ title: 'one', body: 'one two' }, undo))
    await world.level(phone, laptop)
    const other = opened(await world.time.of(laptop.notes.open(note.id, undo)))
    note.edit((draft) => {
      draft.title.set('mine')
      draft.body.insert(3, ' and a half')
      draft.minutes.add(5)
    })
    await world.level(phone, laptop)
    other.edit((draft) => {
      draft.title.set('theirs')
      draft.body.insert(5, '(sic)')
      draft.minutes.add(2)
    })
    await world.level(phone, laptop)
    note.undo()
    expect(note.undo()).toBeUndefined()
    await world.level(phone, laptop)
    for (const each of [note, other])
      expect(each.view()).toMatchObject({ title: 'theirs', body: 'one(sic) two', minutes: 2 })
    other.undo()
    await world.level(phone, laptop)
    expect(note.view()).toMatchObject({ body: 'one two', minutes: 0 })
    expect(note.hash()).toBe(other.hash())
  })

  test('[CL138] outlives the closing of the entity, for so long and so many edits; not a restart', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const limits = { undoEditsMax: 3, undoAgeMs: 60_000, undoEntitiesMax: 2 }
    const ana = await world.as('ana', known, { disk, limits })
    const first = await world.time.of(ana.notes.create({ title: '0' }, undo))
    for (let i = 1; i <= 5; i++) first.edit((draft) => draft.title.set(`${i}`))
    await first.close()
    await world.level(ana)
    const note = opened(await world.time.of(ana.notes.open(first.id, undo)))
    while (note.canUndo) note.undo()
    expect(note.view().title).toBe('2')
    while (note.canRedo) note.redo()
    expect(note.view().title).toBe('5')
    await world.time.pass(61_000)
    expect([note.canUndo, note.canRedo, note.undo()]).toEqual([false, false, undefined])
    note.edit((draft) => draft.title.set('6'))
    await note.close()
    // Two others take its place.
    for (const title of ['a', 'b']) {
      const another = await world.time.of(ana.notes.create({ title }, undo))
      another.edit((draft) => draft.minutes.add(1))
      await another.close()
    }
    expect(opened(await world.time.of(ana.notes.open(first.id, undo))).canUndo).toBe(false)
    const last = opened(await world.time.of(ana.notes.open(first.id, undo)))
    last.edit((draft) => draft.title.set('7'))
    await world.time.of(ana.close())
    const again = await world.as('ana', known, { disk, limits })
    expect(opened(await world.time.of(again.notes.open(first.id, undo))).canUndo).toBe(false)
  })

  test('[CL139] ends, and says so, when the entity is built anew after a refusal; what is written then can be undone', async () => {
    const world = await createWorld()
    const ana = await world.as('ana', known)
    const note = await world.time.of(ana.notes.create({ title: 'one' }, undo))
    const closed = await world.time.of(ana.notes.create({ title: 'one' }, undo))
    await world.level(ana)
    const states: UndoState[] = []
    note.watchUndo((state) => states.push(state))
    ana.goOffline()
    note.edit((draft) => draft.minutes.add(3))
    note.edit((draft) => draft.title.set('refused'))
    closed.edit((draft) => draft.title.set('refused'))
    await closed.close()
    await world.time.of(ana.flushed())
    await world.time.pass(1)
    expect(states.at(-1)).toEqual({ canUndo: true, canRedo: false, ended: undefined })
    world.rule = () => ({ kind: 'rule', message: 'No.' })
    ana.goOnline()
    expect(await world.time.until(() => states.at(-1)?.ended === 'rebuilt')).toBe(true)
    expect(states.at(-1)).toEqual({ canUndo: false, canRedo: false, ended: 'rebuilt' })
    expect([note.canUndo, note.undo()]).toEqual([false, undefined])
    await world.level(ana)
    world.rule = () => undefined
    note.edit((draft) => draft.title.set('two'))
    note.undo()
    await world.level(ana)
    expect(note.view().title).toBe('one')
    expect(states.at(-1)).toEqual({ canUndo: false, canRedo: true, ended: undefined })
    const reopened = opened(await world.time.of(ana.notes.open(closed.id, undo)))
    const told: UndoState[] = []
    reopened.watchUndo((state) => told.push(state))
    expect(told).toEqual([{ canUndo: false, canRedo: false, ended: 'rebuilt' }])
  })

  test('[CL140] is there only where it was asked for, for every handle; creating, deleting and resolving are not undone', async () => {
    const world = await createWorld()
    const [ana, bo] = [await world.as('ana', known), await world.as('bo', known)]
    const plain = await world.time.of(ana.notes.create({ title: 'one' }))
    plain.edit((draft) => draft.title.set('two'))
    for (const act of [() => plain.undo(), () => plain.redo(), () => plain.watchUndo(() => undefined)])
      expect(act).toThrow(expect.objectContaining({ kind: 'bad-config', hint: 'Open it with { undo: true }.' }))
    expect([plain.canUndo, plain.canRedo]).toEqual([false, false])
    const note = opened(await world.time.of(ana.notes.open(plain.id, undo)))
    expect(note.canUndo).toBe(false)
    plain.edit((draft) => draft.title.set('three'))
    note.undo()
    expect(note.view().title).toBe('two')
    note.delete()
    note.undelete()
    expect(note.canUndo).toBe(false)
    note.edit((draft) => draft.title.set('four'))
    note.delete()
    expect(() => note.undo()).toThrow(expect.objectContaining({ kind: 'not-found' }))
    note.undelete()
    note.undo()
    expect(note.view().title).toBe('two')
    await world.level(ana, bo)
    const bos = opened(await world.time.of(bo.notes.open(note.id)))
    for (const each of [ana, bo]) each.goOffline()
    bos.edit((draft) => draft.status.set('a'))
    plain.edit((draft) => draft.status.set('b'))
    for (const each of [ana, bo]) each.goOnline()
    await world.level(ana, bo)
    const [conflict] = note.conflicts()
    if (conflict === undefined) throw new Error('nothing competes')
    note.resolve(conflict, 'theirs')
    note.undo()
    expect(note.view().status).toBe('a')
    expect(note.resolutions()).toHaveLength(1)
    const ensured = await world.time.of(ana.notes.ensure('inbox', { title: 'Inbox' }, undo))
    expect(ensured.canUndo).toBe(false)
  })

  test('[CL136] whoever watches may undo at once, and is shown no more once that ends', async () => {
    const world = await createWorld()
    const ana = await world.as('ana', known)
    const note = await world.time.of(ana.notes.create({ title: 'one' }, undo))
    const stop = note.watchUndo(({ canUndo }) => {
      if (canUndo) note.undo()
    })
    note.edit((draft) => draft.title.set('two'))
    await world.time.pass(10)
    expect(note.view().title).toBe('one')
    stop()
    note.edit((draft) => draft.title.set('three'))
    await world.time.pass(10)
    expect(note.view().title).toBe('three')
  })
})
