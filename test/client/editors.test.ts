import type { EntityHandle } from '@rejoin/client'
import { underlying } from '@rejoin/documents/yjs'
import type { Underlying } from '@rejoin/documents/yjs'
import { collection, register, richText, text } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'

const notes = collection(
  'notes',
  { title: register(), body: text(), essay: richText(), grade: text().writtenBy('server') },
  { space: 'course' },
)
type Note = EntityHandle<typeof notes>

const opened = (note: Note | undefined): Note => {
  if (note === undefined) throw new Error('it is not here')
  return note
}

/** What an editor's binding holds: always the types of the document that was attached last. */
function editorOf(note: Note, field: string): { readonly attached: Underlying[]; readonly now: () => Underlying } {
  const attached: Underlying[] = []
  note.bind(field, (document) => attached.push(underlying(document)))
  return {
    attached,
    now: () => {
      const last = attached.at(-1)
      if (last === undefined) throw new Error('nothing was attached')
      return last
    },
  }
}

describe('an editor', () => {
  test('[CL160] writes past edits, and that is stored, sent and shown like any edit', async () => {
    const world = await createWorld()
    const [ana, bo] = [await world.as('ana', { notes }), await world.as('bo', { notes })]
    const note = await world.time.of(ana.notes.create({ body: 'Light' }))
    const editor = editorOf(note, 'body')
    const views: unknown[] = []
    note.watch(({ body }) => views.push(body))
    editor.now().text.insert(5, ' becomes')
    note.edit((draft) => draft.body.insert(13, ' sugar'))
    expect([note.view().body, ana.status.now.synced]).toEqual(['Light becomes sugar', false])
    await world.level(ana, bo)
    const theirs = opened(await world.time.of(bo.notes.open(note.id)))
    const other = editorOf(theirs, 'body')
    expect(other.now().text.toString()).toBe('Light becomes sugar')
    ana.goOffline()
    editor.now().text.insert(0, 'In leaves: ')
    other.now().text.insert(19, '.')
    theirs.edit((draft) => draft.title.set('Leaves'))
    ana.goOnline()
    await world.level(ana, bo)
    for (const each of [note, theirs]) expect(each.view().body).toBe('In leaves: Light becomes sugar.')
    for (const { now } of [editor, other]) expect(now().text.toString()).toBe('In leaves: Light becomes sugar.')
    expect(note.hash()).toBe(theirs.hash())
    expect(views.at(-1)).toBe('In leaves: Light becomes sugar.')
    await world.time.of(note.close())
    const again = opened(await world.time.of(ana.notes.open(note.id)))
    expect(again.view().body).toBe('In leaves: Light becomes sugar.')
  })

  test('[CL161] is attached anew when a refusal has the entity built anew, and what it writes then arrives', async () => {
    const world = await createWorld()
    const [ana, bo] = [await world.as('ana', { notes }), await world.as('bo', { notes })]
    const note = await world.time.of(ana.notes.create({ title: 'one', body: 'kept' }))
    await world.level(ana, bo)
    const editor = editorOf(note, 'body')
    world.rule = ({ document }) => (document.field === '' ? { kind: 'rule', message: 'No.' } : undefined)
    note.edit((draft) => {
      draft.title.set('refused')
      draft.body.insert(0, 'refused ')
    })
    expect(await world.time.until(() => editor.attached.length === 2)).toBe(true)
    expect(editor.now().text.toString()).toBe('kept')
    editor.now().text.insert(4, ' and more')
    await world.level(ana, bo)
    expect(note.view()).toMatchObject({ title: 'one', body: 'kept and more' })
    const theirs = opened(await world.time.of(bo.notes.open(note.id)))
    expect(theirs.view().body).toBe('kept and more')
    expect(theirs.hash()).toBe(note.hash())
  })

  test('[CL162] is refused where no document is, where nobody may write, and once the entity is closed', async () => {
    const world = await createWorld()
    const ana = await world.as('ana', { notes })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    const kinds = ['title', 'none', 'grade'].map((field) => {
      try {
        note.bind(field, () => undefined)
      } catch (cause) {
        return cause instanceof Error && 'kind' in cause ? cause.kind : cause
      }
      return 'bound'
    })
    expect(kinds).toEqual(['not-found', 'bad-value', 'read-only-part'])
    await world.time.of(note.close())
    expect(() => note.bind('body', () => undefined)).toThrow(expect.objectContaining({ kind: 'closed' }))
  })
})
