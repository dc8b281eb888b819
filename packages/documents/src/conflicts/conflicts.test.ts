import type { UserId } from '@rejoin/base'
import { collection, map, movableList, register, set } from '@rejoin/schema'
import type { Json } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import { ClientIds } from '../client-ids.ts'
import { createEntity } from '../entity/entity.ts'
import type { Entity } from '../entity/entity.ts'
import {
  errorOf,
  foreign,
  id,
  keyOf,
  registersOf,
  share,
  Stamps,
  updatesOf,
  writerOf,
} from '../replicas.test.helper.ts'
import { number, oneOf, string } from '../schemas.test.helper.ts'
import { summaryOf } from '../view/summary.ts'
import { yjs } from '../yjs/index.ts'
import type { Conflict } from './conflict.ts'

const tasks = collection('tasks', {
  status: register(oneOf('open', 'done', 'dropped')).conflicts('manual'),
  title: register(string),
  best: register(number).conflicts('max'),
  labels: map(string).conflicts('manual'),
  plans: map().conflicts('manual'),
  tags: set(string),
  steps: movableList(string),
  grade: register(number).writtenBy('server').conflicts('manual'),
  rating: register(number).writtenBy('owner').conflicts('manual'),
})
type Tasks = Entity<typeof tasks>

const stampAtMs = (ms: number): number => (ms - 1_577_836_800_000) * 4096

function replica(n: number, user?: string, nowMs = 1_800_000_000_000): Tasks {
  const stamps = new Stamps()
  stamps.last = stampAtMs(nowMs) + 10 * n
  return createEntity({
    collection: tasks,
    id,
    engine: yjs,
    writer: writerOf(n),
    user: user as UserId | undefined,
    clientIds: new ClientIds(writerOf(n)),
    key: keyOf,
    nextStamp: stamps.next,
  })
}

/** Two replicas that wrote at once, and have exchanged it. */
function disputed(): { ana: Tasks; bo: Tasks } {
  const [ana, bo] = [replica(1), replica(2)]
  share(ana.create({ status: 'open', title: 'x' }), bo)
  const one = ana.edit('user', (task) => task.status.set('done'))
  const other = bo.edit('user', (task) => task.status.set('dropped'))
  share(one, bo)
  share(other, ana)
  return { ana, bo }
}

const only = (entity: Tasks): Conflict => {
  const [conflict, ...more] = entity.conflicts()
  if (conflict === undefined || more.length > 0) throw new Error(`${more.length + 1} conflicts`)
  return conflict
}

describe('conflicts', () => {
  test('[DO160] concurrent writes of a manual value are listed alike on both, oldest first, with who and when', () => {
    const { ana, bo } = disputed()
    const [mine, theirs] = only(ana).values
    expect(only(ana)).toMatchObject({ id: 'shared/status', part: 'shared', field: 'status', member: undefined })
    expect([mine?.value, mine?.mine, mine?.by]).toEqual(['done', true, writerOf(1)])
    expect([theirs?.value, theirs?.mine, theirs?.by]).toEqual([
      'dropped',
      false,
      expect.stringMatching(/^[0-9a-f]{8}$/),
    ])
    expect(theirs?.at).toBe(1_800_000_000_000)
    expect(only(bo).values.map(({ value }) => value)).toEqual(['done', 'dropped'])
    expect([only(ana).suggestion, ana.view().status, bo.view().status]).toEqual(['dropped', 'dropped', 'dropped'])
  })

  test('[DO161] equal values, writes that saw each other and values of other policies are no conflict', () => {
    const [ana, bo] = [replica(1), replica(2)]
    share(ana.create({ status: 'open' }), bo)
    const both = [ana, bo].map((each, i) =>
      each.edit('user', (task) => {
        task.status.set('done')
        task.title.set(`title ${i}`)
        task.best.set(i)
        task.tags.add('same')
      }),
    )
    share(both[0] ?? { updates: [] }, bo)
    share(both[1] ?? { updates: [] }, ana)
    expect([ana.conflicts(), bo.conflicts()]).toEqual([[], []])
    share(
      ana.edit('user', (task) => task.status.set('dropped')),
      bo,
    )
    expect(bo.conflicts()).toEqual([])
  })

  test.each<[string, Parameters<Tasks['resolve']>[1], string]>([
    ['a value', { value: 'open' }, 'open'],
    ['mine', 'mine', 'done'],
    ['theirs', 'theirs', 'dropped'],
    ['a function', (values) => values[0]?.value ?? null, 'done'],
  ])('[DO162] resolved by %s once, it is resolved everywhere', (_, resolution, kept) => {
    const { ana, bo } = disputed()
    const conflict = only(ana)
    share(ana.resolve(conflict, resolution), bo)
    for (const each of [ana, bo]) expect([each.conflicts(), each.view().status]).toEqual([[], kept])
    expect(ana.canonical()).toBe(bo.canonical())
    expect(errorOf(() => bo.resolve(conflict, 'mine'))).toMatchObject({ kind: 'not-found' })
  })

  test('[DO163] a resolution replaces what was shown; a value that came since competes on', () => {
    const { ana, bo } = disputed()
    const eve = replica(3)
    const shown = only(ana)
    const third = eve.edit('user', (task) => task.status.set('open'))
    share(third, ana, bo)
    share(ana.resolve(shown, { value: 'done' }), bo)
    expect(
      only(bo)
        .values.map(({ value }) => String(value))
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['done', 'open'])
    share(bo.resolve(only(bo), { value: 'done' }), ana)
    expect([ana.conflicts(), ana.view().status]).toEqual([[], 'done'])
  })

  test('[DO164] resolved on two devices at once: the same way it is settled, otherwise disputed again', () => {
    for (const [one, other, open] of [
      ['done', 'done', 0],
      ['done', 'open', 1],
    ] as const) {
      const { ana, bo } = disputed()
      const results = [ana.resolve(only(ana), { value: one }), bo.resolve(only(bo), { value: other })]
      share(results[0] ?? { updates: [] }, bo)
      share(results[1] ?? { updates: [] }, ana)
      expect([ana.conflicts().length, bo.conflicts().length]).toEqual([open, open])
    }
  })

  test('[DO165] a resolution that does not fit is refused with nothing written', () => {
    const { ana } = disputed()
    const conflict = only(ana)
    const [first] = conflict.values
    for (const [resolution, message] of [
      [{ value: 'rubbish' }, 'Field status: Expected open or done or dropped.'],
      ['ours' as never, "Field status: it is resolved by { value }, 'mine', 'theirs' or a function."],
    ] as const)
      expect(errorOf(() => ana.resolve(conflict, resolution))).toMatchObject({ kind: 'bad-value', message })
    const unknown = { ...conflict, values: conflict.values.map((value) => ({ ...value, by: undefined })) }
    for (const resolution of ['mine', 'theirs'] as const)
      expect(errorOf(() => ana.resolve(unknown, resolution))).toMatchObject({
        message: expect.stringMatching(/not known here/),
      })
    const ofOthers = { ...conflict, values: first === undefined ? [] : [{ ...first, mine: false }] }
    expect(errorOf(() => ana.resolve(ofOthers, 'mine'))).toMatchObject({ kind: 'bad-value' })
    expect(ana.conflicts()).toEqual([conflict])
    expect(errorOf(() => ana.resolve({ ...conflict, id: 'shared/title' }, 'mine'))).toMatchObject({ kind: 'not-found' })
  })

  test('[DO166] members of a map are disputed one by one', () => {
    const [ana, bo] = [replica(1), replica(2)]
    const results = [ana, bo].map((each, i) =>
      each.edit('user', (task) => {
        task.labels.set('a/b', `a${i}`)
        task.labels.set(`own ${i}`, 'x')
      }),
    )
    share(results[0] ?? { updates: [] }, bo)
    share(results[1] ?? { updates: [] }, ana)
    expect(only(bo)).toMatchObject({ id: 'shared/labels/a/b', field: 'labels', member: 'a/b' })
    share(bo.resolve(only(bo), 'theirs'), ana)
    expect([ana.conflicts(), ana.view().labels['a/b']]).toEqual([[], 'a0'])
    expect(ana.resolutions()).toMatchObject([{ field: 'labels', member: 'a/b', kept: 'a0' }])
  })

  test('[DO167] each resolution leaves an entry: who, when, what was kept and what lost', () => {
    const { ana, bo } = disputed()
    const lost = only(ana).values.map(({ value, at, by }) => ({ value, at, by }))
    share(ana.resolve(only(ana), { value: 'open' }), bo)
    const entry = { part: 'shared', field: 'status', member: undefined, kept: 'open', lost, at: 1_800_000_000_000 }
    expect(ana.resolutions()).toEqual([{ ...entry, by: writerOf(1) }])
    expect(bo.resolutions()).toEqual([{ ...entry, by: expect.stringMatching(/^[0-9a-f]{8}$/) }])
    expect(bo.misfits()).toEqual([])
  })

  test('[DO167] a value as deep as any can lose', () => {
    const deep = (levels: number): Json => (levels === 0 ? 'x' : [deep(levels - 1)])
    const [ana, bo] = [replica(1), replica(2)]
    const other = bo.edit('user', (task) => task.plans.set('p', deep(64)))
    updatesOf(ana.edit('user', (task) => task.plans.set('p', deep(63))))
    share(other, ana)
    share({ updates: ana.documents().map((at) => ({ ...at, update: ana.snapshot(at), stamp: 0 })) }, bo)
    share(ana.resolve(only(ana), 'mine'), bo)
    const [first] = bo.resolutions()
    expect(JSON.stringify([first?.kept, first?.lost[0]?.value])).toContain(JSON.stringify(deep(63)))
    expect(JSON.stringify(first?.lost)).toContain(JSON.stringify(deep(64)))
    expect(bo.canonical()).toBe(ana.canonical())
  })

  test('[DO168] rubbish under the keys of the audit is let pass', () => {
    const { ana } = disputed()
    const rubbish = [5, null, { field: 5, lost: [] }, { field: 'status', lost: [5] }, { field: 'none', lost: [] }]
    for (const [i, value] of rubbish.entries())
      ana.apply(registersOf('shared'), [
        foreign(registersOf('shared'), ({ registers }) => registers.append(`@resolved/${i}`, 5, value)).update,
      ])
    expect(ana.resolutions()).toEqual([])
  })

  test('[DO169] a conflict in a part is settled by who may write it', () => {
    const [ana, bo] = [replica(1, 'ana'), replica(2, 'bo')]
    const phone = replica(3, 'ana')
    const server = [ana, bo].map((each, i) => each.edit('server', (task) => task.grade.set(i)))
    const owned = [ana, phone].map((each, i) => each.edit('user', (task) => task.rating.set(i)))
    for (const result of [...server, ...owned]) for (const each of [ana, bo, phone]) share(result, each)
    const [grade, rating] = ['grade', 'rating'].map((name) => bo.conflicts().find(({ field }) => field === name))
    if (grade === undefined || rating === undefined) throw new Error('both are disputed')
    expect(rating.part).toBe('owner:ana')
    expect(errorOf(() => bo.resolve(rating, 'theirs'))).toMatchObject({ kind: 'read-only-part' })
    share(ana.resolve(rating, { value: 1 }), bo)
    share(bo.resolve(grade, { value: 1 }), ana)
    expect([ana.conflicts(), bo.conflicts()]).toEqual([[], []])
    expect(bo.view()).toMatchObject({ rating: { ana: 1 }, grade: 1 })
  })

  test('[DO170] deliveries that bring concurrent writes together are counted, by whether the app was asked', () => {
    const { ana, bo } = disputed()
    expect([ana.contests(), bo.contests()]).toEqual([
      { settled: 0, shown: 1 },
      { settled: 0, shown: 1 },
    ])
    const results = [ana, bo].map((each, i) =>
      each.edit('user', (task) => {
        task.title.set(`title ${i}`)
        task.tags.add('same')
      }),
    )
    share(results[0] ?? { updates: [] }, bo)
    share(results[0] ?? { updates: [] }, bo)
    expect(bo.contests()).toEqual({ settled: 1, shown: 1 })
    const loaded = replica(4)
    for (const at of bo.documents()) loaded.load(at, [bo.snapshot(at)])
    expect(loaded.contests()).toEqual({ settled: 0, shown: 0 })
    expect(updatesOf(loaded.resolve(only(loaded), { value: 'open' }))).toHaveLength(1)
  })

  test('[DO171] a summary tells the same from stored bytes, without names', () => {
    const { ana, bo } = disputed()
    const [one, other] = [ana, bo].map((each, i) => each.edit('user', (task) => task.title.set(`title ${i}`)))
    share(one ?? { updates: [] }, bo)
    share(other ?? { updates: [] }, ana)
    const stored = (entity: Tasks) =>
      new Map(entity.documents().map((at) => [`tasks/${id}/${at.part}/${at.field}`, [entity.snapshot(at)]]))
    const { values, ...conflict } = only(ana)
    const unnamed = values.map((value) => ({ ...value, by: undefined, mine: false }))
    const disputes = { conflicts: [{ ...conflict, values: unnamed }], settled: ['shared/title'] }
    for (const each of [ana, bo]) {
      expect(summaryOf(tasks, id, yjs, stored(each))).toEqual({ life: 'live', view: each.view(), disputes })
      expect(each.disputes()).toEqual(disputes)
    }
    share(ana.delete(), bo)
    const none = { conflicts: [], settled: [] }
    expect(summaryOf(tasks, id, yjs, stored(bo))).toEqual({ life: 'deleted', view: undefined, disputes: none })
    expect(bo.disputes()).toEqual(none)
  })
})
