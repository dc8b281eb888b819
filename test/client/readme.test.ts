import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openRejoin } from '@rejoin/client'
import { openAutomerge } from '@rejoin/documents/automerge'
import { underlying } from '@rejoin/documents/yjs'
import type { Underlying } from '@rejoin/documents/yjs'
import { collection, ref, register, text } from '@rejoin/schema'
import { expect, test } from 'vitest'
import { createWorld } from './world.ts'

const notes = collection('notes', { title: register(), body: text() }, { space: 'course' })
const tasks = collection('tasks', { status: register().conflicts('manual') }, { space: 'course' })
const assets = collection('assets', { title: register(), rating: register().writtenBy('owner') }, { space: 'course' })
const known = { notes, tasks, assets }

test('entities are deleted, and made once', async () => {
  const world = await createWorld()
  const rejoin = await world.as('ana', known)
  await world.time.of(
    (async () => {
      // begin
      const inbox = await rejoin.notes.ensure('inbox', { title: 'Inbox', body: 'Welcome' })
      inbox.delete()
      const left = await rejoin.notes.list()
      const deleted = await rejoin.notes.open('inbox', { deleted: true })
      deleted?.undelete()
      // end
      expect(left).toEqual([])
      expect(inbox.view().body).toBe('Welcome')
      expect(await rejoin.notes.list()).toHaveLength(1)
    })(),
  )
})

test('every user has a part', async () => {
  const world = await createWorld()
  const rejoin = await world.as('ana', known)
  await world.time.of(
    (async () => {
      // begin
      const asset = await rejoin.assets.create({ title: 'Photo', rating: 2 })
      asset.edit((draft) => draft.rating.set(5))
      const { rating } = asset.view()
      // end
      expect(rating).toEqual({ ana: 5 })
    })(),
  )
})

test('conflicts are settled', async () => {
  const world = await createWorld()
  const [rejoin, bo] = [await world.as('ana', known), await world.as('bo', known)]
  const { id } = await world.time.of(rejoin.tasks.create({ status: 'open' }))
  await world.level(rejoin, bo)
  for (const each of [rejoin, bo]) each.goOffline()
  for (const [each, status] of [
    [rejoin, 'done'],
    [bo, 'dropped'],
  ] as const)
    (await world.time.of(each.tasks.open(id)))?.edit((draft) => draft.status.set(status))
  for (const each of [rejoin, bo]) each.goOnline()
  await world.level(rejoin, bo)
  const counts: number[] = []
  const seen: unknown[] = []
  await world.time.of(
    (async () => {
      // begin
      const stop = rejoin.conflicts.watch((conflicts) => counts.push(conflicts.length))
      for (const conflict of await rejoin.conflicts.list()) {
        for (const { value, by, mine } of conflict.values) seen.push([value, by, mine])
        await rejoin.conflicts.resolve(conflict, 'mine')
      }
      const task = await rejoin.tasks.open(id)
      const [audit] = task?.resolutions() ?? []
      // end
      expect(seen).toEqual(
        expect.arrayContaining([
          ['done', 'ana', true],
          ['dropped', 'bo', false],
        ]),
      )
      expect([task?.view().status, audit?.kept, audit?.by]).toEqual(['done', 'done', 'ana'])
      await rejoin.settled()
      stop()
    })(),
  )
  expect(counts.at(-1)).toBe(0)
})

test('editors attach to a field', async () => {
  const world = await createWorld()
  const rejoin = await world.as('ana', known)
  const note = await world.time.of(rejoin.notes.create({ body: 'Light' }))
  // begin
  const shared: Underlying[] = []
  const stop = note.bind('body', (document) => shared.push(underlying(document))) // of @rejoin/documents/yjs
  shared.at(-1)?.text.insert(0, 'In leaves: ') // as yCollab of y-codemirror.next does; ProseMirror takes `fragment`
  // end
  expect(note.view().body).toBe('In leaves: Light')
  stop()
})

test('a collection names its engine', async () => {
  // begin
  const boards = collection('boards', { title: register() }, { space: 'course', engine: 'automerge' })
  const automerge = await openAutomerge() // of @rejoin/documents/automerge; a browser gives it the wasm
  const rejoin = await openRejoin({
    collections: { boards },
    engines: [automerge],
    spaces: { course: 'course-7' },
    user: 'ana',
  })
  const board = await rejoin.boards.create({ title: 'Plan' })
  // end
  expect(board.view().title).toBe('Plan')
  await rejoin.close()
})

test('edits are undone', async () => {
  const world = await createWorld()
  const rejoin = await world.as('ana', known)
  await world.time.of(
    (async () => {
      // begin
      const draft = await rejoin.notes.create({ title: 'one' }, { undo: true })
      draft.edit((n) => n.title.set('two'))
      draft.undo()
      const { canUndo, canRedo } = draft
      draft.redo()
      // end
      expect([canUndo, canRedo, draft.view().title]).toEqual([false, true, 'two'])
    })(),
  )
})

test('what was refused is shown and made again', async () => {
  const world = await createWorld()
  const rejoin = await world.as('ana', known)
  const note = await world.time.of(rejoin.notes.create({ title: 'one' }))
  await world.level(rejoin)
  world.rule = () => ({ kind: 'rule', message: 'Not today.' })
  const receipt = note.edit((draft) => draft.title.set('two'))
  await world.time.of(receipt.stored).catch(() => undefined)
  world.rule = () => undefined
  const told: unknown[] = []
  await world.time.of(
    (async () => {
      // begin
      for (const { id, kind, message, changes } of await rejoin.quarantine.list()) {
        for (const { field, before, after, added } of changes) told.push([field, kind, message, before, after, added])
        await rejoin.quarantine.retry(id)
      }
      const copy = await rejoin.quarantine.export()
      // end
      expect(copy).toEqual([])
    })(),
  )
  expect(told).toEqual([['title', 'rule', 'Not today.', 'one', 'two', undefined]])
  await world.time.of(receipt.stored)
  expect(note.view().title).toBe('two')
})

test('references have a rule', () => {
  // begin
  const comments = collection('comments', { text: register(), note: ref(notes, { whenGone: 'hide' }) })
  // end
  expect(comments.fields.note.reference).toEqual({ collection: 'notes', whenGone: 'hide' })
})

test('all of this stands in the README of the client', () => {
  const page = readFileSync(join(import.meta.dirname, '../../packages/client/README.md'), 'utf8')
  const own = readFileSync(import.meta.filename, 'utf8')
  // The first block is run beside the client.
  const shown = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].slice(1).map(([, code = '']) => plain(code))
  expect(shown).toEqual([...own.matchAll(/\n *\/\/ begin\n([\s\S]*?)\/\/ end/g)].map(([, code = '']) => plain(code)))
})

/** Without white space: the two are laid out for pages of different width. */
const plain = (code: string): string => code.replaceAll(/\s+/g, '').replaceAll(/,(?=[)\]}])/g, '')
