import type { Conflict, EntityConflict, Rejoin } from '@rejoin/client'
import { collection, register, text } from '@rejoin/schema'
import { memoryStore, MemoryDisk } from '@rejoin/storage/memory'
import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

const tasks = collection(
  'tasks',
  { title: register(), status: register().conflicts('manual'), body: text() },
  { space: 'course' },
)
const plain = collection('plain', { title: register() }, { space: 'course' })
const known = { tasks, plain }
type Replica = Rejoin<typeof known>

const beginning = Date.UTC(2026, 0, 1)

interface Disputed {
  readonly world: World
  readonly ana: Replica
  readonly bo: Replica
  readonly disks: readonly [MemoryDisk, MemoryDisk]
  readonly id: string
}

/** Two users who wrote one status offline, and rejoined. Nothing is open. */
async function disputed(): Promise<Disputed> {
  const world = await createWorld()
  const disks = [new MemoryDisk(), new MemoryDisk()] as const
  const [ana, bo] = [await world.as('ana', known, { disk: disks[0] }), await world.as('bo', known, { disk: disks[1] })]
  const task = await world.time.of(ana.tasks.create({ title: 'Paint', status: 'open' }))
  await world.level(ana, bo)
  await task.close()
  const { id } = task
  for (const each of [ana, bo]) each.goOffline()
  await write(world, ana, id, 'done')
  await world.time.pass(1_000)
  await write(world, bo, id, 'dropped')
  for (const each of [ana, bo]) each.goOnline()
  await world.level(ana, bo)
  return { world, ana, bo, disks, id }
}

async function write(world: World, replica: Replica, id: string, status: string): Promise<void> {
  const task = await world.time.of(replica.tasks.open(id))
  task?.edit((draft) => draft.status.set(status))
  await task?.close()
  await world.time.of(replica.flushed())
}

const valuesOf = (conflict: Conflict | undefined): readonly unknown[] =>
  conflict?.values.map(({ value, by, mine }) => [value, by, mine]) ?? []

async function only(world: World, replica: Replica): Promise<EntityConflict> {
  const [conflict, ...more] = await world.time.of(replica.conflicts.list())
  if (conflict === undefined || more.length > 0) throw new Error(`${more.length + 1} conflicts`)
  return conflict
}

describe('conflicts of all entities', () => {
  test('[CL128] two who wrote offline list the same conflict, with names and times; one resolves it for both', async () => {
    const { world, ana, bo, id } = await disputed()
    const [anas, bos] = [await only(world, ana), await only(world, bo)]
    const place = { space: 'course-7', collection: 'tasks', entity: id, id: 'shared/status', field: 'status' }
    for (const each of [anas, bos]) expect(each).toMatchObject({ ...place, suggestion: 'dropped' })
    expect([valuesOf(anas), valuesOf(bos)]).toEqual([
      [
        ['done', 'ana', true],
        ['dropped', 'bo', false],
      ],
      [
        ['done', 'ana', false],
        ['dropped', 'bo', true],
      ],
    ])
    const times = anas.values.map(({ at }) => at - beginning)
    expect(bos.values.map(({ at }) => at - beginning)).toEqual(times)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_000)
    expect([ana.status.now.conflicts, bo.status.now.conflicts]).toEqual([1, 1])
    const receipt = await world.time.of(bo.conflicts.resolve(bos, 'theirs'))
    await world.time.of(receipt.stored)
    await world.level(ana, bo)
    for (const each of [ana, bo]) {
      expect(await world.time.of(each.conflicts.list())).toEqual([])
      expect(each.status.now.conflicts).toBe(0)
      const task = await world.time.of(each.tasks.open(id))
      expect(task?.view().status).toBe('done')
      const [entry, ...more] = task?.resolutions() ?? []
      expect(more).toEqual([])
      expect(entry).toMatchObject({
        field: 'status',
        kept: 'done',
        by: 'bo',
        lost: [
          { value: 'done', by: 'ana', at: anas.values[0]?.at },
          { value: 'dropped', by: 'bo', at: anas.values[1]?.at },
        ],
      })
      expect(entry?.at).toBeGreaterThanOrEqual(anas.values[1]?.at ?? Infinity)
    }
  })

  test('[CL128] a resolution made on what was shown leaves a third value competing', async () => {
    const { world, ana, bo, id } = await disputed()
    const eve = await world.as('eve', known)
    await world.level(eve)
    const stale = await only(world, ana)
    eve.goOffline()
    const task = await world.time.of(eve.tasks.open(id))
    // She has seen both, and so writes over both, while they are resolved.
    task?.edit((draft) => draft.status.set('paused'))
    await world.time.of(ana.conflicts.resolve(stale, { value: 'done' }))
    await world.level(ana, bo)
    eve.goOnline()
    await world.level(ana, bo, eve)
    for (const each of [ana, bo, eve])
      expect(valuesOf(await only(world, each)).map((value) => (value as unknown[]).slice(0, 2))).toEqual(
        expect.arrayContaining([
          ['paused', 'eve'],
          ['done', 'ana'],
        ]),
      )
    await expect(world.time.of(bo.conflicts.resolve(stale, 'mine'))).rejects.toMatchObject({ kind: 'not-found' })
    await world.time.of(bo.conflicts.resolve(await only(world, bo), { value: 'paused' }))
    await world.level(ana, bo, eve)
    for (const each of [ana, bo, eve]) expect(await world.time.of(each.conflicts.list())).toEqual([])
  })

  test('[CL129] they are watched without an entity being open, in spaces joined later too', async () => {
    const world = await createWorld()
    const [ana, bo] = [await world.as('ana', known), await world.as('bo', known)]
    const shown: number[] = []
    const stop = ana.conflicts.watch((conflicts) => shown.push(conflicts.length))
    expect(await world.time.until(() => shown.length === 1)).toBe(true)
    for (const each of [ana, bo]) await world.time.of(each.join('course-8', 'course'))
    const options = { space: 'course-8' }
    const task = await world.time.of(ana.tasks.create({ status: 'open' }, options))
    await task.close()
    await world.level(ana, bo)
    const settle = async (values: readonly [string, string]): Promise<void> => {
      for (const each of [ana, bo]) each.goOffline()
      for (const [i, each] of [ana, bo].entries()) {
        const opened = await world.time.of(each.tasks.open(task.id, options))
        opened?.edit((draft) => draft.status.set(values[i] ?? null))
        await opened?.close()
      }
      for (const each of [ana, bo]) each.goOnline()
      await world.level(ana, bo)
    }
    await settle(['done', 'dropped'])
    expect(await world.time.until(() => shown.at(-1) === 1)).toBe(true)
    expect(await world.time.of(ana.conflicts.list({ space: 'course-7' }))).toEqual([])
    const [conflict] = await world.time.of(bo.conflicts.list(options))
    await world.time.of(bo.conflicts.resolve(conflict as EntityConflict, 'mine'))
    expect(await world.time.until(() => shown.at(-1) === 0)).toBe(true)
    await settle(['paused', 'lost'])
    expect(await world.time.until(() => shown.at(-1) === 1)).toBe(true)
    await world.time.of(ana.leave('course-8'))
    expect(await world.time.until(() => shown.at(-1) === 0)).toBe(true)
    expect(ana.status.now.conflicts).toBe(0)
    stop()
    const before = shown.length
    await world.time.pass(1_000)
    expect(shown).toHaveLength(before)
  })

  test('[CL130] what is open is counted after a restart, named by whom the server named, and read from no document', async () => {
    const { world, ana, disks } = await disputed()
    const before = await only(world, ana)
    await world.time.of(ana.flushed())
    await world.time.of(ana.close())
    const reads: string[] = []
    const store = memoryStore(disks[0])
    const watched = {
      durability: store.durability,
      get: store.get.bind(store),
      scan: (range: Parameters<typeof store.scan>[0]) => {
        reads.push(range.from)
        return store.scan(range)
      },
      commit: store.commit.bind(store),
      close: store.close.bind(store),
      [Symbol.asyncDispose]: () => store.close(),
    }
    const again = await world.as('ana', known, { store: watched, offline: true })
    expect(again.status.now.conflicts).toBe(1)
    expect(await only(world, again)).toEqual(before)
    expect(reads.filter((from) => from.startsWith('row|'))).toEqual([])
  })

  test('[CL130] a record of them that is damaged is derived again', async () => {
    const { world, ana, disks } = await disputed()
    const before = await only(world, ana)
    await world.time.of(ana.close())
    const store = memoryStore(disks[0])
    const [record] = await store.scan({ from: 'dispute|', to: 'dispute}' })
    if (record === undefined) throw new Error('nothing is kept')
    await store.commit({ put: [[record[0], Uint8Array.of(1, 2, 3, 4, 5, 6)]] })
    await store.close()
    const again = await world.as('ana', known, { disk: disks[0], offline: true })
    expect(await only(world, again)).toEqual(before)
    expect(again.status.now).toMatchObject({ conflicts: 1, damaged: 0, lost: 0 })
  })

  test('[CL131] writers that the log has folded away stay named where they were heard of, and are nobody elsewhere', async () => {
    const { world, bo } = await disputed()
    await world.server.fold()
    const eve = await world.as('eve', known)
    await world.level(eve, bo)
    const names = async (replica: Replica): Promise<readonly unknown[]> =>
      (await only(world, replica)).values.map(({ by, mine }) => [by, mine])
    expect(await names(bo)).toEqual([
      ['ana', false],
      ['bo', true],
    ])
    expect(await names(eve)).toEqual([
      [undefined, false],
      [undefined, false],
    ])
  })

  test('[CL131] so many writers of a space are remembered, and no more', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.as('ana', known, { disk, limits: { authorsMax: 2 } })
    for (const user of ['bo', 'cy', 'di', 'eve']) {
      const other = await world.as(user, known)
      await world.time.of(other.tasks.create({ title: user }))
      await world.level(other, ana)
      await world.time.of(other.close())
    }
    await world.time.of(ana.close())
    const store = memoryStore(disk)
    expect(await store.scan({ from: 'author|', to: 'author}' })).toHaveLength(2)
    await store.close()
  })

  test('[CL132] contests are counted as they come, those that a policy settles too, in watched lists and open entities', async () => {
    const { world, ana, bo, id } = await disputed()
    expect(ana.status.now.contests).toEqual({ settled: 0, shown: 0 })
    ana.tasks.watch({}, () => undefined)
    await world.time.pass(100)
    const open = await world.time.of(bo.tasks.open(id))
    for (const each of [ana, bo]) each.goOffline()
    for (const [i, each] of [ana, bo].entries()) {
      const task = await world.time.of(each.tasks.open(id))
      task?.edit((draft) => {
        draft.title.set(`title ${i}`)
        draft.status.set(`status ${i}`)
      })
      await task?.close()
    }
    for (const each of [ana, bo]) each.goOnline()
    await world.level(ana, bo)
    await world.time.pass(100)
    for (const each of [ana, bo]) expect(each.status.now.contests).toEqual({ settled: 1, shown: 1 })
    open?.edit((draft) => draft.body.insert(0, 'x'))
    await world.level(ana, bo)
    await world.time.pass(100)
    for (const each of [ana, bo]) expect(each.status.now.contests).toEqual({ settled: 1, shown: 1 })
  })
})
