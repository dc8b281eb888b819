import { collection, ref, register } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'

const notes = collection('notes', { title: register() }, { space: 'course' })
const profiles = collection('profiles', { name: register() }, { space: 'people' })
const comments = collection(
  'comments',
  {
    text: register(),
    note: ref(notes, { whenGone: 'hide' }),
    author: ref(profiles, { whenGone: 'clear' }),
    parent: ref(notes, { whenGone: 'keep' }),
  },
  { space: 'course', derive: { length: ({ text }) => (typeof text === 'string' ? text.length : 0) } },
)
const known = { notes, comments, profiles }
const spaces = { course: 'course-7', people: 'people-1' }

describe('references', () => {
  test('[CL133] what refers to something deleted is hidden or cleared in lists, as the schema says', async () => {
    const world = await createWorld()
    const ana = await world.as('ana', known, { spaces })
    const [note, other] = [
      await world.time.of(ana.notes.create({ title: 'one' })),
      await world.time.of(ana.notes.create({ title: 'two' })),
    ]
    const author = await world.time.of(ana.profiles.create({ name: 'Ana' }))
    for (const [text, about] of [
      ['first', note],
      ['second', other],
    ] as const)
      await world.time.of(ana.comments.create({ text, note: about.id, author: author.id, parent: about.id }))
    const textsOf = async () => (await world.time.of(ana.comments.list())).map(({ text }) => text)
    expect(new Set(await textsOf())).toEqual(new Set(['first', 'second']))
    note.delete()
    author.delete()
    await world.time.of(ana.flushed())
    expect(await world.time.of(ana.comments.list())).toMatchObject([
      { text: 'second', note: other.id, author: undefined, parent: other.id, length: 6 },
    ])
    author.undelete()
    note.undelete()
    await world.time.of(ana.flushed())
    expect(new Set(await textsOf())).toEqual(new Set(['first', 'second']))
    expect(await world.time.of(ana.comments.list())).toMatchObject([{ author: author.id }, { author: author.id }])
  })

  test('[CL133] a reference to what has not arrived is none to something deleted', async () => {
    const world = await createWorld()
    const ana = await world.as('ana', known, { spaces })
    await world.time.of(ana.comments.create({ text: 'early', note: 'not-here-yet', author: '../no id' }))
    expect(await world.time.of(ana.comments.list())).toMatchObject([{ note: 'not-here-yet', author: '../no id' }])
  })

  test('[CL134] watched lists show a deletion of what they refer to, on every device, also of another space', async () => {
    const world = await createWorld()
    const [ana, bo] = [await world.as('ana', known, { spaces }), await world.as('bo', known, { spaces })]
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    const author = await world.time.of(ana.profiles.create({ name: 'Ana' }))
    await world.time.of(ana.comments.create({ text: 'first', note: note.id, author: author.id }))
    await world.level(ana, bo)
    const shown: unknown[] = []
    const stop = bo.comments.watch({}, (views) => shown.push(views.map(({ author }) => author)))
    expect(await world.time.until(() => shown.length > 0)).toBe(true)
    expect(shown.at(-1)).toEqual([author.id])
    await world.time.of(author.delete().stored)
    expect(await world.time.until(() => JSON.stringify(shown.at(-1)) === '[null]')).toBe(true)
    await world.time.of(note.delete().stored)
    expect(await world.time.until(() => (shown.at(-1) as unknown[]).length === 0)).toBe(true)
    await world.time.of(note.undelete().stored)
    expect(await world.time.until(() => (shown.at(-1) as unknown[]).length === 1)).toBe(true)
    const count = shown.length
    await world.time.of(note.edit((draft) => draft.title.set('more')).stored)
    await world.level(ana, bo)
    await world.time.pass(100)
    expect(shown).toHaveLength(count)
    stop()
  })

  test('[CL135] an open entity shows its references so too, but hides nothing', async () => {
    const world = await createWorld()
    const [ana, bo] = [await world.as('ana', known, { spaces }), await world.as('bo', known, { spaces })]
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    const author = await world.time.of(ana.profiles.create({ name: 'Ana' }))
    const comment = await world.time.of(ana.comments.create({ text: 'first', note: note.id, author: author.id }))
    await world.level(ana, bo)
    const opened = await world.time.of(bo.comments.open(comment.id))
    const shown: unknown[] = []
    opened?.watch((view) => shown.push(view.author))
    expect(shown).toEqual([author.id])
    await world.time.of(author.delete().stored)
    await world.time.of(note.delete().stored)
    expect(await world.time.until(() => shown.at(-1) === undefined)).toBe(true)
    expect(opened?.view()).toMatchObject({ note: note.id, author: undefined })
    await opened?.close()
    const again = await world.time.of(bo.comments.open(comment.id))
    expect(again?.view()).toMatchObject({ text: 'first', author: undefined })
  })
})
