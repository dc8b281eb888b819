import { collection, counter, growSet, list, map, register, set, text } from '@rejoin/schema'
import type { Collection, DeletionRule } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import type { EditResult, Entity } from './entity.ts'
import {
  deliver,
  errorOf,
  id,
  keyOf,
  meet,
  replica,
  share,
  snapshotsOf,
  Stamps,
  updatesOf,
} from '../replicas.test.helper.ts'
import { string } from '../schemas.test.helper.ts'
import { viewOf } from '../view/view.ts'
import { yjs } from '../yjs/index.ts'

const fields = {
  title: register(string),
  anything: register(),
  body: text(),
  minutes: counter(),
  tags: set(string),
  seen: growSet(string),
  steps: list(string),
  settings: map(string),
  rating: register(string).writtenBy('owner'),
  review: text().writtenBy('owner'),
  grade: register(string).writtenBy('server'),
}
const notes: Record<DeletionRule, Collection<typeof fields>> = {
  'delete-wins': collection('notes', fields),
  'edit-wins': collection('notes', fields, { deletion: 'edit-wins' }),
}
type Note = Entity<Collection<typeof fields>>
type Act = (note: Note) => EditResult

const create: Act = (note) => note.create({ title: 'x', body: 'abc' })
const retitle: Act = (note) => note.edit('user', (draft) => draft.title.set('y'))
const type: Act = (note) => note.edit('user', (draft) => draft.body.insert(3, 'd'))
const rate: Act = (note) => note.edit('user', (draft) => draft.rating.set('good'))
const grade: Act = (note) => note.edit('server', (draft) => draft.grade.set('A'))
const nothing: Act = (note) => note.edit('user', (draft) => draft.body.insert(0, ''))
const remove: Act = (note) => note.delete()
const restore: Act = (note) => note.undelete()
const purge: Act = (note) => note.purge()
const then =
  (...acts: readonly Act[]): Act =>
  (note) => ({ updates: acts.flatMap((act) => updatesOf(act(note))) })

const named = { create, retitle, type, rate, grade, nothing, remove, restore, purge }
type Name = keyof typeof named
const actOf = (names: string): Act => then(...names.split(' ').map((name) => named[name as Name]))

describe('deletion', () => {
  // what all had seen, then what each device did: what is left under either rule
  test.each<[before: string, concurrent: readonly string[], deleteWins: string, editWins: string]>([
    ['create', ['remove'], 'deleted', 'deleted'],
    ['create', ['remove', 'remove'], 'deleted', 'deleted'],
    ['create', ['remove', 'nothing'], 'deleted', 'deleted'],
    ['create', ['remove', 'retitle'], 'deleted', 'live'],
    ['create', ['remove', 'type'], 'deleted', 'live'],
    ['create', ['remove', 'rate'], 'deleted', 'live'],
    ['create', ['remove', 'grade'], 'deleted', 'deleted'],
    ['create', ['remove', 'remove', 'type'], 'deleted', 'live'],
    ['create', ['retitle remove', 'type'], 'deleted', 'live'],
    ['create', ['remove', 'type remove'], 'deleted', 'deleted'],
    ['create', ['remove restore', 'retitle'], 'live', 'live'],
    ['create', ['remove restore', 'remove'], 'deleted', 'live'],
    ['create', ['remove restore remove', 'retitle'], 'deleted', 'live'],
    ['create', ['purge', 'retitle'], 'purged', 'purged'],
    ['create', ['purge', 'type'], 'purged', 'purged'],
    ['create', ['purge', 'remove'], 'purged', 'purged'],
    ['create', ['purge', 'remove restore'], 'purged', 'purged'],
    ['create', ['purge', 'purge'], 'purged', 'purged'],
    ['create remove', ['restore'], 'live', 'live'],
    ['create remove', ['restore', 'restore'], 'live', 'live'],
    ['create remove', ['restore', 'remove'], 'live', 'live'],
    ['create remove', ['restore', 'restore remove'], 'deleted', 'live'],
    ['create remove', ['restore', 'purge'], 'purged', 'purged'],
    ['create remove restore', ['remove', 'type'], 'deleted', 'live'],
    ['create remove restore remove', ['restore retitle'], 'live', 'live'],
  ])('[DO120] after "%s", at once %j: %s, or %s where edits win', (before, concurrent, deleteWins, editWins) => {
    for (const [rule, expected] of [
      ['delete-wins', deleteWins],
      ['edit-wins', editWins],
    ] as const)
      for (const order of [concurrent, concurrent.toReversed()]) {
        const users = order.map((_, n) => `user${n}`)
        const met = meet(notes[rule], [actOf(before)], order.map(actOf), users)
        expect([met.life(), met.exists()]).toEqual([expected, expected === 'live'])
        // What is left can be deleted, and brought back unless it was purged.
        updatesOf(met.delete())
        expect(met.life()).toBe(expected === 'purged' ? 'purged' : 'deleted')
        if (expected !== 'purged') updatesOf(met.undelete())
        expect(met.exists()).toBe(expected !== 'purged')
      }
  })

  test('[DO121] a tombstone keeps the content, also what was written meanwhile', () => {
    for (const rule of ['delete-wins', 'edit-wins'] as const) {
      const met = meet(notes[rule], [create], [remove, type, retitle], ['ana', 'bob', 'cem'])
      if (!met.exists()) updatesOf(met.undelete())
      expect(met.view()).toMatchObject({ title: 'y', body: 'abcd' })
    }
  })

  test('[DO121] what is deleted is in no view from stored bytes, refuses edits, and is not created again', () => {
    for (const rule of ['delete-wins', 'edit-wins'] as const) {
      const { entity } = replica(1, { collection: notes[rule] })
      updatesOf(create(entity))
      updatesOf(remove(entity))
      expect(viewOf(notes[rule], id, yjs, snapshotsOf(entity, notes[rule]))).toBeUndefined()
      expect(errorOf(() => retitle(entity))).toEqual({ kind: 'not-found', message: 'notes/n1 was deleted.' })
      expect(errorOf(() => grade(entity))).toMatchObject({ kind: 'not-found' })
      expect(errorOf(() => create(entity))).toEqual({ kind: 'bad-id', message: 'notes/n1 was deleted.' })
      expect(updatesOf(entity.ensure({ title: 'z' }))).toEqual([])
      expect(updatesOf(remove(entity))).toEqual([])
      updatesOf(purge(entity))
      expect(errorOf(() => restore(entity))).toEqual({
        kind: 'not-found',
        message: 'notes/n1 was purged; its content is gone.',
      })
      expect(errorOf(() => retitle(entity))).toEqual({ kind: 'not-found', message: 'notes/n1 was purged.' })
      expect(errorOf(() => create(entity))).toEqual({ kind: 'bad-id', message: 'notes/n1 was purged.' })
      expect([updatesOf(purge(entity)), updatesOf(remove(entity)), updatesOf(entity.ensure({}))]).toEqual([[], [], []])
    }
  })

  test('[DO120] what was never created here is neither deleted nor purged nor brought to life by an edit', () => {
    for (const rule of ['delete-wins', 'edit-wins'] as const) {
      const { entity } = replica(1, { collection: notes[rule] })
      for (const act of [remove, restore, purge]) expect(updatesOf(act(entity))).toEqual([])
      updatesOf(retitle(entity))
      expect([entity.life(), entity.exists()]).toEqual(['absent', false])
      updatesOf(create(entity))
      expect(entity.life()).toBe('live')
    }
  })

  test('[DO122] where edits win, each leaves a sign of life: one register write, if it wrote anything', () => {
    const writes = (rule: DeletionRule, act: Act): string[] => {
      const { entity } = replica(1, { collection: notes[rule] })
      updatesOf(create(entity))
      return updatesOf(act(entity)).map(({ part, field }) => `${part}/${field}`)
    }
    expect([writes('delete-wins', type), writes('edit-wins', type)]).toEqual([
      ['shared/body'],
      ['shared/', 'shared/body'],
    ])
    expect([writes('delete-wins', nothing), writes('edit-wins', nothing)]).toEqual([[], []])
    expect([writes('delete-wins', grade), writes('edit-wins', grade)]).toEqual([['server/'], ['server/']])
    const { entity } = replica(1, { collection: notes['edit-wins'] })
    updatesOf(create(entity))
    const size = (): number => entity.snapshot({ part: 'shared', field: '' }).bytes.length
    const before = size()
    for (let n = 0; n < 200; n++) updatesOf(type(entity))
    expect(size()).toBeLessThan(before + 50)
  })
})

describe('a purge', () => {
  const secret = 'SECRET'
  const fill = (rule: DeletionRule): { note: Note; bytes: () => string } => {
    const { entity } = replica(1, { collection: notes[rule], user: 'ana' })
    updatesOf(
      entity.create({
        title: `${secret}1`,
        anything: { [secret]: [secret] },
        body: `${secret} 2`,
        minutes: 987_654,
        tags: [`${secret}3`],
        seen: [`${secret}4`],
        steps: [`${secret}5`],
        settings: { [`${secret}6`]: `${secret}7` },
        rating: `${secret}8`,
        review: `${secret}9`,
      }),
    )
    updatesOf(
      entity.edit('user', (note) => (note.title.set(secret), note.body.insert(3, secret), note.steps.push(secret))),
    )
    const bytes = (): string =>
      entity
        .documents()
        .map((document) => new TextDecoder('latin1').decode(entity.snapshot(document).bytes))
        .join('|')
    return { note: entity, bytes }
  }

  test('[DO123] leaves no readable byte of the content: neither values nor names nor keys of fields', () => {
    for (const rule of ['delete-wins', 'edit-wins'] as const) {
      const { note, bytes } = fill(rule)
      expect(bytes()).toContain(secret)
      updatesOf(note.purge())
      for (const word of [secret, 'title', 'anything', 'minutes', 'tags', 'seen', 'settings', 'rating', '@created'])
        expect(bytes()).not.toContain(word)
      expect(note.view()).toMatchObject({ title: undefined, body: '', minutes: 0, tags: [], settings: {}, rating: {} })
      // Elsewhere too, and in what is loaded from there.
      const other = replica(2, { collection: notes[rule] }).entity
      for (const document of note.documents()) other.load(document, [note.snapshot(document)])
      expect([other.life(), other.canonical()]).toEqual(['purged', note.canonical()])
    }
  })

  test('[DO123] takes with it also what no field of this version is', () => {
    const newer = collection('notes', { ...fields, colour: register(string) })
    const { entity } = replica(1, { collection: notes['delete-wins'] })
    share(replica(2, { collection: newer }).entity.create({ colour: secret }), entity)
    expect(entity.misfits()).toHaveLength(1)
    updatesOf(entity.purge())
    expect(entity.misfits()).toEqual([])
  })

  test('[DO124] erases what the user may write: parts of the server and of other users stay, and are shown nowhere', () => {
    const stamps = new Stamps()
    const open = (n: number, user: string): Note =>
      replica(n, { collection: notes['delete-wins'], user, stamps }).entity
    const [ana, bob] = [open(1, 'ana'), open(2, 'bob')]
    share(create(ana), bob)
    share(rate(ana), bob)
    share(rate(bob), ana)
    share(grade(bob), ana)
    const updates = updatesOf(ana.purge())
    expect(updates.map(({ part }) => part)).not.toContain('owner:bob')
    deliver(bob, updates)
    expect(bob.view()).toMatchObject({ title: undefined, rating: { bob: 'good' }, grade: 'A' })
    expect(viewOf(notes['delete-wins'], id, yjs, snapshotsOf(bob, notes['delete-wins']))).toBeUndefined()
    // So each user may purge what is gone already.
    share(bob.purge(), ana)
    expect([ana.view().rating, ana.canonical()]).toEqual([{}, bob.canonical()])
    expect(updatesOf(bob.purge())).toEqual([])
  })

  test('[DO124] what is written meanwhile elsewhere stays in the bytes until the next purge, and is shown nowhere', () => {
    const met = meet(notes['edit-wins'], [create], [purge, retitle, type], ['ana', 'bob', 'cem'])
    expect([met.life(), met.view().title, met.view().body]).toEqual(['purged', 'y', 'd'])
    expect(viewOf(notes['edit-wins'], id, yjs, snapshotsOf(met, notes['edit-wins']))).toBeUndefined()
    updatesOf(met.purge())
    expect([met.life(), met.view().title, met.view().body]).toEqual(['purged', undefined, ''])
  })

  test('[DO123] an edit that was made before it and comes after it brings nothing back', () => {
    const [ana, bob] = [1, 2].map((n) => replica(n, { collection: notes['edit-wins'] }).entity) as [Note, Note]
    share(create(ana), bob)
    const late = updatesOf(type(bob))
    share(purge(ana), bob)
    deliver(ana, late)
    deliver(ana, late)
    expect([ana.life(), bob.life(), ana.canonical()]).toEqual(['purged', 'purged', bob.canonical()])
    expect(keyOf({ part: 'shared', field: '' })).toBe('notes/n1/shared/')
  })
})
