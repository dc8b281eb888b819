import { collection, counter, growSet, map, register, set, text } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import { ClientIds } from '../client-ids.ts'
import { createEntity } from '../entity/entity.ts'
import type { Entity } from '../entity/entity.ts'
import { id, keyOf, share, Stamps, writerOf } from '../replicas.test.helper.ts'
import { number, string } from '../schemas.test.helper.ts'
import { yjs } from '../yjs/index.ts'
import { UndoStack } from './undo-stack.ts'

const notes = collection('notes', {
  title: register(string),
  best: register(number).conflicts('max'),
  body: text(),
  minutes: counter(),
  tags: set(string),
  badges: growSet(string),
  settings: map(number),
})

function pair(): { ana: Entity<typeof notes>; bo: Entity<typeof notes>; undo: UndoStack } {
  const stamps = new Stamps()
  const [ana, bo] = [1, 2].map((n) =>
    createEntity({
      collection: notes,
      id,
      engine: yjs,
      writer: writerOf(n),
      clientIds: new ClientIds(writerOf(n)),
      key: keyOf,
      nextStamp: stamps.next,
      capture: true,
    }),
  )
  if (ana === undefined || bo === undefined) throw new Error('two were made')
  return { ana, bo, undo: new UndoStack(() => 0) }
}

describe('undo', () => {
  test('[DO140] what is refused, of a deleted entity, can be undone once it is back', () => {
    const { ana, undo } = pair()
    ana.create({ title: 'before' })
    undo.record(ana.edit('user', (note) => note.title.set('after')).changes ?? [])
    ana.delete()
    expect(undo.undo((edits) => ana.revert(edits))).toBe(false)
    expect([undo.canUndo, undo.canRedo]).toEqual([true, false])
    ana.undelete()
    expect(undo.undo((edits) => ana.revert(edits))).toBe(true)
    ana.delete()
    expect(undo.redo((edits) => ana.revert(edits))).toBe(false)
    expect([undo.canUndo, undo.canRedo]).toEqual([false, true])
    ana.undelete()
    expect([undo.redo((edits) => ana.revert(edits)), ana.view().title]).toEqual([true, 'after'])
  })

  test('[DO140] takes back what an edit did in every field, and redo does it again', () => {
    const { ana, bo, undo } = pair()
    share(ana.create({ title: 'before', body: 'Hello', minutes: 3, tags: ['a'] }), bo)
    const before = ana.view()
    const edited = ana.edit('user', (note) => {
      note.title.set('after')
      note.body.delete(0, 1)
      note.body.insert(4, '!')
      note.minutes.add(5)
      note.tags.add('b')
      note.tags.delete('a')
      note.settings.set('theme', 1)
    })
    const after = ana.view()
    share(edited, bo)
    undo.record(edited.changes ?? [])
    expect(undo.undo((edits) => (share(ana.revert(edits), bo), { changes: [], heirs: [] }))).toBe(true)
    expect([ana.view(), bo.view()]).toEqual([before, before])
    expect(after).not.toEqual(before)
  })

  test('[DO141] leaves what somebody else has written since', () => {
    const { ana, bo, undo } = pair()
    share(ana.create({ title: 'before', body: 'one two' }), bo)
    const edited = ana.edit('user', (note) => {
      note.title.set('mine')
      note.body.insert(3, ' and a half')
      note.minutes.add(5)
    })
    share(edited, bo)
    share(
      bo.edit('user', (note) => {
        note.title.set('theirs')
        note.body.insert(5, '(sic)')
        note.minutes.add(2)
      }),
      ana,
    )
    undo.record(edited.changes ?? [])
    let result = ana.revert([])
    expect(undo.undo((edits) => (result = ana.revert(edits)))).toBe(true)
    share(result, bo)
    const expected = { title: 'theirs', body: 'one(sic) two', minutes: 2 }
    expect([ana.view(), bo.view()]).toMatchObject([expected, expected])
    expect(undo.redo((edits) => (result = ana.revert(edits)))).toBe(true)
    share(result, bo)
    expect(ana.view()).toMatchObject({ title: 'theirs', minutes: 7 })
    expect(ana.view().body).toBe('one a(sic)nd a half two')
    expect(ana.canonical()).toBe(bo.canonical())
  })

  test('[DO142] what never goes back by its policy is not undone', () => {
    const { ana, bo } = pair()
    share(ana.create({ best: 3 }), bo)
    const edited = ana.edit('user', (note) => {
      note.best.set(9)
      note.badges.add('gold')
      note.title.set('x')
    })
    share(edited, bo)
    share(ana.revert(edited.changes ?? []), bo)
    expect(bo.view()).toMatchObject({ best: 9, badges: ['gold'], title: undefined })
  })

  test('[DO142] nor is what the entity keeps for itself: undoing a creation leaves it there, without its values', () => {
    const { ana, bo } = pair()
    const created = ana.create({ title: 'x', minutes: 3 })
    share(created, bo)
    share(ana.revert(created.changes ?? []), bo)
    for (const each of [ana, bo]) {
      expect(each.life()).toBe('live')
      expect(each.view()).toMatchObject({ title: undefined, minutes: 0 })
    }
  })
})
