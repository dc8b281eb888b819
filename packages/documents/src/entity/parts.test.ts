import { userId } from '@rejoin/base'
import { attachment, collection, counter, documentsOf, list, map, register, set, text } from '@rejoin/schema'
import type { Draft, PartDocument } from '@rejoin/schema'
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { Update } from '../engine.ts'
import type { Entity } from './entity.ts'
import {
  deliver,
  errorOf,
  foreign,
  id,
  keyOf,
  meet,
  replica,
  share,
  Stamps,
  updatesOf,
} from '../replicas.test.helper.ts'
import { number, string } from '../schemas.test.helper.ts'
import { viewOf } from '../view/view.ts'
import { yjs } from '../yjs/index.ts'

const assets = collection(
  'assets',
  {
    title: register(string),
    rating: register(number).writtenBy('owner'),
    best: register(number).conflicts('max').writtenBy('owner'),
    remarks: text().writtenBy('owner'),
    marks: set(string).writtenBy('owner'),
    visits: counter().writtenBy('owner'),
    steps: list(string).writtenBy('owner'),
    settings: map(string).writtenBy('owner'),
    photo: attachment().writtenBy('owner'),
    checked: register(number).writtenBy('server'),
  },
  {
    derive: {
      average: ({ rating }) => {
        const all = Object.values(rating)
        return all.length === 0 ? null : all.reduce((a, b) => a + b) / all.length
      },
    },
  },
)
type Assets = typeof assets
type Asset = Entity<Assets>

const as = (n: number, user?: string, stamps = new Stamps()): Asset =>
  replica(n, { collection: assets, stamps, ...(user === undefined ? {} : { user }) }).entity
const rate = (value: number) => (entity: Asset) => entity.edit('user', (asset) => asset.rating.set(value))
const ownerPart = (user: string): PartDocument => ({ part: `owner:${user}` as PartDocument['part'], field: '' })

describe('parts of owners', () => {
  test('[DO89] each user has a value of their own, and the view shows all of them by user', () => {
    const met = meet(
      assets,
      [(entity) => entity.create({ title: 'Well' })],
      [
        (entity) =>
          entity.edit('user', (asset) => {
            asset.rating.set(4)
            asset.remarks.insert(0, 'good')
            asset.marks.add('x')
            asset.visits.add(2)
            asset.steps.push('one')
            asset.settings.set('theme', 'dark')
          }),
        rate(2),
        (entity) => entity.edit('user', (asset) => (asset.visits.add(5), asset.best.set(7))),
      ],
      ['ana', 'bob', 'cem'],
    )
    expect(met.view()).toEqual({
      id,
      title: 'Well',
      rating: { ana: 4, bob: 2 },
      best: { cem: 7 },
      remarks: { ana: 'good' },
      marks: { ana: ['x'] },
      visits: { ana: 2, cem: 5 },
      steps: { ana: ['one'] },
      settings: { ana: { theme: 'dark' } },
      photo: {},
      checked: undefined,
      average: 3,
    })
    expect(met.documents().filter(({ part }) => part === ownerPart('ana').part)).toHaveLength(3)
  })

  test('[DO89] 0, an empty text or list, and null were written; what nobody wrote, or took away again, is missing', () => {
    const any = collection('assets', {
      value: register().writtenBy('owner'),
      notes: text().writtenBy('owner'),
      count: counter().writtenBy('owner'),
      marks: set().writtenBy('owner'),
    })
    for (const empty of [0, '', [], {}, null, false]) {
      const ana = replica(1, { collection: any, user: 'ana' }).entity
      updatesOf(ana.create({ value: empty, notes: 'x', count: 1, marks: ['a'] }))
      expect(ana.view()).toMatchObject({ value: { ana: empty }, notes: { ana: 'x' }, count: { ana: 1 } })
      updatesOf(
        ana.edit('user', (it) => (it.value.clear(), it.notes.delete(0, 1), it.count.add(-1), it.marks.delete('a'))),
      )
      expect(ana.view()).toEqual({ id, value: {}, notes: {}, count: {}, marks: {} })
    }
  })

  test('[DO90] a draft writes and reads the own part, whatever the others hold', () => {
    const [ana, bob] = [as(1, 'ana'), as(2, 'bob')]
    share(ana.create({ title: 'Well', rating: 5, visits: 3 }), bob)
    const bobs = updatesOf(
      bob.edit('user', (asset) => {
        expect([asset.rating.value, asset.visits.value, asset.remarks.toString()]).toEqual([undefined, 0, ''])
        asset.rating.set(1)
        asset.visits.add(1)
      }),
    )
    expect(bobs.map(({ part }) => part)).toEqual(['owner:bob'])
    deliver(ana, bobs)
    ana.edit('user', (asset) => expect([asset.rating.value, asset.visits.value]).toEqual([5, 3]))
    expect(ana.view()).toMatchObject({ rating: { ana: 5, bob: 1 }, visits: { ana: 3, bob: 1 } })
    expect(ana.canonical()).toBe(bob.canonical())
  })

  test('[DO90] two devices of one user write one part, and its policies apply', () => {
    const first = as(5, 'ana')
    const begun = updatesOf(first.create({}))
    const stamps = new Stamps()
    stamps.last = 50
    const [phone, laptop] = [as(1, 'ana', stamps), as(2, 'ana', stamps)]
    for (const device of [phone, laptop]) deliver(device, begun)
    const edits = [
      updatesOf(phone.edit('user', (asset) => (asset.best.set(9), asset.rating.set(1), asset.visits.add(2)))),
      updatesOf(laptop.edit('user', (asset) => (asset.best.set(4), asset.rating.set(2), asset.visits.add(3)))),
    ]
    for (const device of [phone, laptop]) for (const updates of edits) deliver(device, updates)
    for (const device of [phone, laptop])
      expect(device.view()).toMatchObject({ best: { ana: 9 }, rating: { ana: 2 }, visits: { ana: 5 } })
    expect(phone.canonical()).toBe(laptop.canonical())
  })

  test('[DO91] without a user nobody writes them, nor does the server; they are read empty in a draft', () => {
    const [nobody, ana] = [as(1), as(2, 'ana')]
    share(ana.create({ rating: 5 }), nobody)
    const refusal = {
      kind: 'read-only-part',
      message: 'Field rating is written by each user for themselves; who edits here is not known.',
    }
    expect(errorOf(() => rate(1)(nobody))).toEqual(refusal)
    expect(errorOf(() => as(3).create({ rating: 1 }))).toEqual(refusal)
    expect(errorOf(() => as(3).ensure({ rating: 1 }))).toEqual(refusal)
    expect(() => nobody.bind('remarks', () => undefined)).toThrow('this entity has no owner')
    for (const entity of [nobody, ana])
      expect(
        errorOf(() => entity.edit('server', (asset) => (asset as unknown as Draft<Assets>).rating.set(1))),
      ).toMatchObject({ kind: 'read-only-part' })
    nobody.edit('user', (asset) => expect([asset.rating.value, asset.steps.values()]).toEqual([undefined, []]))
    ana.edit('server', (asset) => {
      expectTypeOf(asset.rating).not.toHaveProperty('set')
      asset.checked.set(asset.rating.value ?? 0)
    })
    expect(nobody.view()).toMatchObject({ rating: { ana: 5 } })
    expect(ana.view()).toMatchObject({ checked: 5 })
  })

  test('[DO92] the form is the same whether a part was looked at or not, or is held empty', () => {
    const [ana, bob, looker, nobody] = [as(1, 'ana'), as(2, 'bob'), as(3, 'cem'), as(4)]
    const begun = updatesOf(ana.create({ title: 'x' }))
    for (const entity of [bob, looker, nobody]) deliver(entity, begun)
    looker.edit('user', (asset) => [
      asset.rating.value,
      asset.remarks.length,
      asset.steps.values(),
      asset.settings.names(),
    ])
    looker.snapshot(ownerPart('dan'))
    looker.load(ownerPart('eve'), [])
    const brief = updatesOf(bob.edit('user', (asset) => (asset.rating.set(1), asset.remarks.insert(0, 'x'))))
    const away = updatesOf(bob.edit('user', (asset) => (asset.rating.clear(), asset.remarks.delete(0, 1))))
    deliver(looker, [...brief, ...away])
    expect(new Set([ana, bob, looker, nobody].map((entity) => entity.canonical())).size).toBe(1)
    expect(looker.documents().map(({ part }) => part)).not.toContain('owner:cem')
  })

  test('[DO93] what no user can have is let pass: parts without a name, with a forbidden one, or of no kind', () => {
    const { entity } = replica(1, { collection: assets })
    updatesOf(entity.create({ title: 'x' }))
    const before = [entity.canonical(), entity.documents()]
    for (const part of ['owner:__proto__', 'owner:constructor', 'owner:', 'owner:a/b', 'owner', 'nobody', '__proto__'])
      deliver(entity, [
        foreign({ part: part as PartDocument['part'], field: '' }, ({ registers }) => registers.append('rating', 1, 5)),
      ])
    for (const field of ['nothing', 'rating', 'title', '__proto__'])
      deliver(entity, [
        foreign({ ...ownerPart('ana'), field: field as PartDocument['field'] }, (it) => it.text.insert(0, 'x')),
      ])
    expect([entity.canonical(), entity.documents()]).toEqual(before)
    expect(errorOf(() => entity.snapshot(ownerPart('__proto__')))).toMatchObject({ kind: 'not-found' })
  })

  test('[DO93] what does not fit, or stands where no field is, is listed, and the rest of the part is shown', () => {
    const { entity } = replica(1, { collection: assets })
    updatesOf(entity.create({}))
    deliver(entity, [
      foreign(ownerPart('ana'), ({ registers }) => {
        registers.append('rating', 1, 'five')
        registers.append('best', 1, 3)
        registers.append('title', 1, 'mine')
        registers.append('settings/__proto__', 1, 'x')
      }),
    ])
    expect(entity.view()).toMatchObject({ title: undefined, rating: {}, best: { ana: 3 }, settings: {} })
    expect(entity.misfits()).toEqual([
      { field: 'rating', value: 'five' },
      { field: 'settings', value: '__proto__' },
      { field: 'title', value: 'mine' },
    ])
  })

  test('[DO89] a view from stored bytes shows every part that is stored', () => {
    const [ana, bob] = [as(1, 'ana'), as(2, 'bob')]
    share(ana.create({ rating: 5, remarks: 'long text' }), bob)
    updatesOf(rate(1)(bob))
    const stored = new Map(
      bob.documents().map((document) => [keyOf(document).replace('notes', 'assets'), [bob.snapshot(document)]]),
    )
    expect(viewOf(assets, id, yjs, stored)).toEqual(bob.view())
    expect(viewOf(assets, id, yjs, stored, { textMax: 4 })).toMatchObject({ remarks: { ana: 'long' } })
  })

  test('[DO74, DO93] a view takes the documents of its own entity, and no others, from among what is stored', () => {
    const ana = as(1, 'ana')
    updatesOf(ana.create({ title: 'x', rating: 5 }))
    const one = (part: string, change: Parameters<typeof foreign>[1]): Update[] => [
      foreign({ part: part as PartDocument['part'], field: '' }, change).update,
    ]
    const hostile = one('shared', ({ registers }) => registers.append('rating', 9, 1))
    const stored = new Map<string, readonly Update[]>([
      ...ana.documents().map((at) => [`assets/n1/${at.part}/${at.field}`, [ana.snapshot(at)]] as const),
      ['assets/n2/owner:eve/', hostile],
      ['notes/n1/owner:eve/', hostile],
      ['assets/n1/owner:__proto__/', hostile],
      ['assets/n1/owner:eve/a/b', hostile],
      ['assets/n1/', hostile],
      ['', hostile],
    ])
    expect(viewOf(assets, id, yjs, stored)).toEqual(ana.view())
  })

  test('[DO52] an edit of several parts gives its updates in the order of the documents', () => {
    const ana = as(1, 'ana')
    share(as(2, 'bob').create({ rating: 1 }), ana)
    const both = updatesOf(
      ana.edit('user', (asset) => (asset.remarks.insert(0, 'x'), asset.rating.set(3), asset.title.set('y'))),
    )
    expect(both.map(({ part, field }) => `${part}/${field}`)).toEqual(['shared/', 'owner:ana/', 'owner:ana/remarks'])
    expect(new Set(both.map(({ stamp }) => stamp)).size).toBe(1)
    expect(documentsOf(assets, userId('ana')).filter(({ part }) => part.startsWith('owner'))).toHaveLength(3)
  })
})
