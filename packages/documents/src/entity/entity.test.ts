import { writerId } from '@rejoin/base'
import { collection, documentsOf, register, text } from '@rejoin/schema'
import type { Collection, Draft, TextDraft } from '@rejoin/schema'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { ClientIds } from '../client-ids.ts'
import type { Engine } from '../engine.ts'
import { createEntity } from './entity.ts'
import type { Entity } from './entity.ts'
import {
  deliver,
  documentNamed,
  errorOf,
  foreign,
  id,
  keyOf,
  notes,
  registersOf,
  replica,
  share,
  Stamps,
  updatesOf,
  writerOf,
} from '../replicas.test.helper.ts'
import { yjs } from '../yjs/index.ts'

const names = (result: { readonly updates: readonly { part: string; field: string }[] }): string[] =>
  result.updates.map(({ part, field }) => `${part}/${field}`)

describe('edits', () => {
  test('[DO52] an edit gives one update for each document it changed, in the order of the schema', () => {
    const { entity } = replica(1)
    expect(names(entity.create({ title: 'x' }))).toEqual(['shared/'])
    const both = entity.edit('user', (note) => {
      note.steps.push('a')
      note.body.insert(0, 'b')
      note.title.set('t')
      note.body.insert(1, 'c')
      note.minutes.add(1)
    })
    expect(names(both)).toEqual(['shared/', 'shared/body', 'shared/steps'])
    expect(names(entity.edit('user', (note) => note.body.insert(0, '')))).toEqual([])
    expect(names(entity.edit('user', () => undefined))).toEqual([])
    expect(names(entity.edit('server', (note) => (note.remarks.insert(0, 'good'), note.grade.set(1))))).toEqual([
      'server/',
      'server/remarks',
    ])
  })

  test('[DO51] one edit writes a key once, however often it sets it', () => {
    const [once, often] = [replica(1), replica(1)]
    updatesOf(once.entity.create({}))
    updatesOf(often.entity.create({}))
    const [a] = updatesOf(once.entity.edit('user', (note) => note.title.set('9')))
    const [b] = updatesOf(
      often.entity.edit('user', (note) => ['1', '5', '9'].forEach((digit) => note.title.set(digit))),
    )
    expect(b?.update.bytes).toEqual(a?.update.bytes)
  })

  test('[DO53] the stamp is drawn once, only for an edit that writes a register value, and goes to all its documents', () => {
    const { entity, stamps } = replica(1)
    updatesOf(entity.create({ title: 'x', tags: ['a'], minutes: 1, body: 'b' }))
    expect(stamps.drawn).toBe(1)
    const typed = updatesOf(entity.edit('user', (note) => (note.body.insert(0, 'a'), note.tags.delete('a'))))
    expect([stamps.drawn, typed.map(({ stamp }) => stamp)]).toEqual([1, [0, 0]])
    entity.edit('user', (note) => {
      note.title.set('y')
      throw new Error('stop')
    })
    expect(stamps.drawn).toBe(1)
    const moved = updatesOf(
      entity.edit('user', (note) => (note.body.insert(0, 'a'), note.title.set('y'), note.minutes.add(1))),
    )
    expect([stamps.drawn, moved.map(({ stamp }) => stamp)]).toEqual([2, [2, 2]])
  })

  test('[DO50] a failed edit leaves all as it was, and its error is handed over', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ title: 'x', body: 'abc', steps: ['s'], tags: ['t'], minutes: 4 }))
    const before = documentsOf(notes).map((document) => entity.snapshot(document))
    const stop = new Error('stop')
    const failed = entity.edit('user', (note) => {
      note.title.set('y')
      note.body.delete(0, 3)
      note.steps.delete(0, 1)
      note.tags.delete('t')
      note.minutes.add(9)
      throw stop
    })
    expect(failed).toEqual({ updates: [], error: stop })
    expect(documentsOf(notes).map((document) => entity.snapshot(document))).toEqual(before)
    expect(updatesOf(entity.edit('user', (note) => note.minutes.add(1)))).toHaveLength(1)
    expect(entity.view()).toMatchObject({ title: 'x', body: 'abc', steps: ['s'], tags: ['t'], minutes: 5 })
    expect(
      'error' in
        entity.edit('user', () => {
          throw undefined
        }),
    ).toBe(true)
  })

  test('[DO54] an edit writes the fields of its part and may read the others', () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ title: 'x' }))
    const wrong = errorOf(() =>
      entity.edit('user', (note) => (note as unknown as Draft<typeof notes, 'server'>).grade.set(5)),
    )
    expect(wrong).toMatchObject({
      kind: 'read-only-part',
      message:
        'Field grade is in the server part; this edit is made by a user, who writes the shared part and their own.',
    })
    expect(errorOf(() => entity.edit('server', (note) => (note.body as TextDraft).insert(0, 'x')))).toMatchObject({
      kind: 'read-only-part',
    })
    updatesOf(entity.edit('server', (note) => note.grade.set(note.title.value === 'x' ? 5 : 0)))
    updatesOf(entity.edit('user', (note) => note.title.set(`grade ${note.grade.value}`)))
    expect(entity.view()).toMatchObject({ title: 'grade 5', grade: 5 })
  })

  test('[DO54] every write of the other part is refused, and every use outside an edit', () => {
    const { entity } = replica(1)
    const writes: Record<string, (note: Draft<typeof notes>) => unknown> = {
      'title.set': (note) => note.title.set('x'),
      'body.insert': (note) => note.body.insert(0, 'x'),
      'body.delete': (note) => note.body.delete(0, 0),
      'tags.add': (note) => note.tags.add('x'),
      'tags.delete': (note) => note.tags.delete('x'),
      'minutes.add': (note) => note.minutes.add(1),
      'steps.insert': (note) => note.steps.insert(0, 'x'),
      'steps.push': (note) => note.steps.push('x'),
      'steps.delete': (note) => note.steps.delete(0, 0),
    }
    const reads: Record<string, (note: Draft<typeof notes>) => unknown> = {
      'title.value': (note) => note.title.value,
      'body.length': (note) => note.body.length,
      'body.toString': (note) => note.body.toString(),
      'tags.has': (note) => note.tags.has('x'),
      'tags.values': (note) => note.tags.values(),
      'minutes.value': (note) => note.minutes.value,
      'steps.get': (note) => note.steps.get(0),
      'steps.length': (note) => note.steps.length,
      'steps.values': (note) => note.steps.values(),
    }
    let kept: Draft<typeof notes> | undefined
    entity.edit('user', (note) => void (kept = note))
    for (const use of [...Object.values(writes), ...Object.values(reads)])
      expect(errorOf(() => kept && use(kept))).toMatchObject({
        kind: 'closed',
        message: 'A draft was used after its edit had ended.',
      })
    for (const write of Object.values(writes))
      expect(
        errorOf(() => entity.edit('server', (note) => void write(note as unknown as Draft<typeof notes>))),
      ).toMatchObject({ kind: 'read-only-part' })
    for (const read of Object.values(reads))
      expect(entity.edit('server', (note) => void read(note as unknown as Draft<typeof notes>))).toEqual({
        updates: [],
      })
  })

  test('[DO55] an asynchronous function is refused, and what it did before it waited is undone', async () => {
    const { entity } = replica(1)
    updatesOf(entity.create({ title: 'x' }))
    let late: unknown
    const change = async (note: Draft<typeof notes>): Promise<void> => {
      note.title.set('early')
      await Promise.resolve()
      late = errorOf(() => note.title.set('late'))
      throw new Error('unheard')
    }
    const result: unknown = Reflect.apply(entity.edit, entity, ['shared', change])
    expect(errorOf(() => result)).toMatchObject({
      kind: 'bad-config',
      message: 'The function given to edit returned a promise.',
    })
    await new Promise(setImmediate)
    expect(late).toMatchObject({ kind: 'closed' })
    expect(entity.view().title).toBe('x')
  })

  test('[DO55] inside an edit no other edit of the entity starts, and nothing is loaded or let go', () => {
    const { entity } = replica(1)
    const update = foreign(registersOf('shared'), ({ registers }) => registers.append('title', 5, 'x'))
    const result = entity.edit('user', (note) => {
      note.title.set('mine')
      for (const use of [
        () => entity.edit('user', () => undefined),
        () => entity.edit('server', () => undefined),
        () => entity.create({}),
        () => deliver(entity, [update]),
        () => entity.load(update, [update.update]),
        () => entity.dispose(),
      ])
        expect(errorOf(use)).toMatchObject({
          kind: 'bad-config',
          message: 'notes/n1 is being edited; finish that edit first.',
        })
    })
    expect(updatesOf(result)).toHaveLength(1)
    expect(entity.view().title).toBe('mine')
  })

  test('[DO56] an entity that could not write all of an edit is let go', () => {
    const { entity } = replica(1, {
      stamps: Object.assign(new Stamps(), {
        next: () => {
          throw new Error('no clock')
        },
      }),
    })
    updatesOf(entity.edit('user', (note) => note.body.insert(0, 'a')))
    expect(() => entity.edit('user', (note) => (note.title.set('x'), note.body.insert(0, 'b')))).toThrow('no clock')
    for (const use of [
      () => entity.view(),
      () => entity.edit('user', () => undefined),
      () => entity.snapshot(registersOf('shared')),
    ])
      expect(errorOf(use)).toMatchObject({ kind: 'closed', message: 'notes/n1 was let go.' })
  })
})

describe('client ids', () => {
  /** Watches which client ids an engine's documents are given. */
  function watched(ids: number[]): Engine {
    const create = (): ReturnType<Engine['create']> => {
      const document = yjs.create()
      const setClient = document.setClient.bind(document)
      return Object.assign(document, { setClient: (client: number) => (ids.push(client), setClient(client)) })
    }
    return { ...yjs, create }
  }

  const open = (clientIds: ClientIds, ids: number[]): Entity<typeof notes> =>
    createEntity({
      collection: notes,
      id,
      engine: watched(ids),
      writer: writerOf(1),
      clientIds,
      key: keyOf,
      nextStamp: new Stamps().next,
    })

  test('[DO57] a document that holds all that was written under an id is written under it again', () => {
    const clientIds = new ClientIds(writerOf(1))
    const ids: number[] = []
    const first = open(clientIds, ids)
    const updates = [
      first.create({ title: 'x', body: 'a' }),
      first.edit('user', (note) => note.body.insert(1, 'b')),
    ].flatMap(updatesOf)
    first.dispose()
    const second = open(clientIds, ids)
    for (const update of updates) second.load(update, [update.update])
    second.view()
    updatesOf(second.edit('user', (note) => (note.body.insert(2, 'c'), note.title.set('y'))))
    expect(new Set(ids).size).toBe(1)
    expect(second.view()).toMatchObject({ title: 'y', body: 'abc' })
  })

  test('[DO57] one that lacks some of it is written under another', () => {
    const clientIds = new ClientIds(writerOf(1))
    const ids: number[] = []
    const first = open(clientIds, ids)
    const created = updatesOf(first.create({ body: 'a' }))
    const lost = updatesOf(first.edit('user', (note) => note.body.insert(1, 'lost')))
    const second = open(clientIds, ids)
    deliver(second, created)
    const more = updatesOf(second.edit('user', (note) => note.body.insert(1, 'b')))
    expect(new Set(ids).size).toBe(2)
    // So both can meet and nothing is taken for the other.
    deliver(second, lost)
    deliver(first, more)
    expect(first.view().body).toHaveLength(6)
    expect(first.canonical()).toBe(second.canonical())
  })

  test('[DO57] an id that somebody else wrote under in the meantime is left', () => {
    const clientIds = new ClientIds(writerOf(1))
    const ids: number[] = []
    const entity = open(clientIds, ids)
    updatesOf(entity.create({ body: 'a' }))
    const [own] = ids
    const thief = yjs.create()
    const body = documentNamed('shared/body')
    thief.apply([entity.snapshot(body)])
    thief.setClient(own ?? 0)
    const stolen = thief.transact(() => thief.text.insert(1, 'x'))
    if (stolen !== undefined) entity.apply(body, [stolen])
    updatesOf(entity.edit('user', (note) => note.body.insert(2, 'b')))
    expect([entity.view().body, ids.at(-1) !== own]).toEqual(['axb', true])
  })
})

describe('entities', () => {
  test('[DO70] an entity exists from its creation on, on every replica', () => {
    const [a, b] = [replica(1), replica(2)]
    expect(a.entity.exists()).toBe(false)
    const created = a.entity.create({ title: 'x', body: 'y', tags: ['t'], steps: ['s'], minutes: 3, status: undefined })
    share(created, b.entity)
    expect([a.entity.exists(), b.entity.exists()]).toEqual([true, true])
    expect(b.entity.view()).toMatchObject({
      title: 'x',
      body: 'y',
      tags: ['t'],
      steps: ['s'],
      minutes: 3,
      status: undefined,
    })
    expect(a.entity.canonical()).toContain('"@created":[[1,true]]')
    expect(errorOf(() => b.entity.create({}))).toMatchObject({ kind: 'bad-id', message: 'notes/n1 exists already.' })
  })

  test('[DO70] two replicas that create the same entity have one', () => {
    const [a, b] = [replica(1), replica(2)]
    const ours = updatesOf(a.entity.create({ tags: ['a'], minutes: 1 }))
    const theirs = updatesOf(b.entity.create({ tags: ['b'], minutes: 2 }))
    deliver(a.entity, theirs)
    deliver(b.entity, ours)
    expect(a.entity.view()).toMatchObject({ tags: ['a', 'b'], minutes: 3 })
    expect(a.entity.canonical()).toBe(b.entity.canonical())
  })

  test.each([
    [{ title: 5 }, 'bad-value', 'Field title: Expected a string.'],
    [{ body: 5 }, 'bad-value', 'Field body: number is not text.'],
    [
      { minutes: '5' },
      'bad-value',
      'Field minutes: string is not a whole number; count in a smaller unit to add parts.',
    ],
    [{ steps: 'ab' }, 'bad-value', 'Field steps: string is not an array.'],
    [{ tags: null }, 'bad-value', 'Field tags: null is not an array.'],
    [{ colour: 'red' }, 'bad-value', 'Collection notes has no field colour.'],
    [{ toString: 'red' }, 'bad-value', 'Collection notes has no field toString.'],
    [
      { grade: 5 },
      'read-only-part',
      'Field grade is in the server part; this edit is made by a user, who writes the shared part and their own.',
    ],
  ])('[DO70] wrong first values are refused with nothing written: %o', (initial, kind, message) => {
    const { entity } = replica(1)
    expect(errorOf(() => entity.create({ anything: 1, ...initial } as never))).toMatchObject({ kind, message })
    expect([entity.exists(), entity.view().anything]).toEqual([false, undefined])
  })

  test('[DO75] documents that the schema does not have are let pass, and cannot be asked for', () => {
    const { entity } = replica(1)
    const newer = documentNamed('shared/drawing')
    const update = foreign(newer, (document) => document.text.insert(0, 'x'))
    entity.load(newer, [update.update])
    entity.apply(newer, [update.update])
    expect(entity.view().body).toBe('')
    expect(errorOf(() => entity.snapshot(newer))).toMatchObject({
      kind: 'not-found',
      message: 'The schema has no document shared/drawing.',
    })
  })

  test('[DO75] bytes that are no update are refused', () => {
    const { entity } = replica(1)
    const junk = [{ encoding: 'yjs-1', bytes: new Uint8Array([255, 255, 255]) }] as const
    expect(errorOf(() => entity.load(registersOf('shared'), junk))).toMatchObject({ kind: 'undecodable' })
  })

  test('[DO75] an entity tells whether it waits for updates', () => {
    const [a, b] = [replica(1), replica(2)]
    const [first, second] = ['a', 'b'].map((letter) =>
      updatesOf(a.entity.edit('user', (note) => note.body.insert(note.body.length, letter))),
    )
    deliver(b.entity, second ?? [])
    expect([a.entity.pending(), b.entity.pending()]).toEqual([false, true])
    deliver(b.entity, first ?? [])
    expect([b.entity.pending(), b.entity.view().body]).toEqual([false, 'ab'])
  })

  test('[DO75] an entity that was let go refuses everything but to be let go again', () => {
    const { entity } = replica(1)
    entity.dispose()
    entity.dispose()
    for (const use of [
      () => entity.view(),
      () => entity.exists(),
      () => entity.canonical(),
      () => entity.misfits(),
      () => entity.pending(),
    ])
      expect(errorOf(use)).toMatchObject({ kind: 'closed' })
  })

  test('[DO71] entities of all collections can be kept together', () => {
    expectTypeOf<Entity<typeof notes>>().toExtend<Entity>()
    const plain = collection('plain', { a: register(), b: text() })
    const all: Entity<Collection>[] = [replica(1).entity, replica(2, { collection: plain }).entity]
    expect(all.map((entity) => Object.keys(entity.view()).length)).toEqual([10, 3])
    expect(() => writerId('short')).toThrow()
  })
})
