import { memoryStore, MemoryDisk } from '@rejoin/storage/memory'
import type { Store } from '@rejoin/storage'
import { describe, expect, test } from 'vitest'
import { copyOf, damage, flip, keysOf, rowsOf } from './disks.ts'
import { createWorld } from './world.ts'
import type { TestRejoin, World } from './world.ts'

const limits = { tailRowsMax: 3 }
/** Every table of the store, but the two that keep what was found damaged. */
const tables = [
  'base',
  'entry',
  'meta',
  'numbers',
  'quarantine',
  'receipts',
  'row',
  'space',
  'view',
  'waiting',
  'writer',
]

/** A replica that has records of every kind: it is offline, one entry is unanswered, and four rows wait. */
async function lived() {
  const world = await createWorld()
  world.rule = ({ document }) => (document.field === 'steps' ? { kind: 'rule', message: 'No steps.' } : undefined)
  const store = memoryStore()
  const ana = await world.open({ store, limits })
  const kept = await world.time.of(ana.notes.create({ title: 'kept', body: 'b' }))
  await world.level(ana)
  for (let i = 0; i < 6; i++) {
    kept.edit((n) => n.body.insert(0, `${i} `))
    await world.level(ana)
  }
  kept.edit((n) => n.steps.push('refused'))
  await world.level(ana)
  const old = await world.time.of(ana.notes.create({ title: 'old' }))
  await world.level(ana)
  world.swallow = (from) => from === 'server'
  const receipts = [kept.edit((n) => n.minutes.add(1))]
  await world.time.pass(100)
  ana.goOffline()
  receipts.push(old.edit((n) => n.tags.add('waits')))
  await world.time.pass(100)
  receipts.push(old.edit((n) => n.tags.add('on top')))
  await world.time.pass(100)
  // Two documents in one transaction.
  const pair = await world.time.of(ana.notes.create({ title: 'pair', body: 'of two' }))
  await world.time.of(ana.flushed())
  await world.time.of(ana.notes.list())
  await world.time.pass(100)
  for (const handle of [kept, old, pair]) await world.time.of(handle.close())
  world.swallow = () => false
  return { world, store, ana, receipts }
}

const everything = [
  ['kept', '5 4 3 2 1 0 b', 1, ''],
  ['old', '', 0, 'on top,waits'],
  ['pair', 'of two', 0, ''],
]

type Line = readonly [title: unknown, ...rest: unknown[]]
const byTitle = ([a]: Line, [b]: Line): number => String(a).localeCompare(String(b))

async function viewsOf(world: World, replica: TestRejoin) {
  const views = await world.time.of(replica.notes.list())
  return views.map(({ title, body, minutes, tags }): Line => [title, body, minutes, tags.join()]).sort(byTitle)
}

/** Everything comes to rest; the server and the replica hold the same, and edits go on. Returns what they hold. */
async function settled(world: World, replica: TestRejoin) {
  replica.goOnline()
  // Damage in what nobody had read is found now.
  for (const { id } of await world.time.of(replica.notes.list()))
    await world.time.of((await world.time.of(replica.notes.open(id)))?.close() ?? Promise.resolve())
  await world.time.pass(3_000)
  await world.level(replica)
  const views = await viewsOf(world, replica)
  const bob = await world.open()
  await world.level(bob)
  expect(await viewsOf(world, bob)).toEqual(views)
  for (const { id, title = '' } of await world.time.of(bob.notes.list())) {
    const there = await world.time.of(bob.notes.open(id))
    const here = await world.time.of(replica.notes.open(id))
    expect(here?.view()).toEqual(there?.view())
    expect(here?.hash()).toBe(there?.hash())
    await world.time.of(here?.edit((n) => n.title.set(title)).stored ?? Promise.reject(new Error('not there')))
    await world.time.of(Promise.all([here?.close(), there?.close()]))
  }
  await world.time.of(bob.close())
  await world.level(replica)
  return views
}

async function placesOf(
  store: Store,
): Promise<readonly { readonly i: number; readonly key: string; readonly at: number }[]> {
  const rows = await rowsOf(await copyOf(store))
  return rows.map(([key, value], i) => ({ i, key, at: [0, value.length >> 1, value.length - 1][i % 3] ?? 0 }))
}

/** What may be missing afterwards, if the record of this key was damaged. */
function lossOf(
  key: string,
  waiting: readonly string[],
): { readonly lost: number; readonly without: readonly string[] } {
  if (key.startsWith('quarantine|')) return { lost: 1, without: [] }
  const [onTop, ...others] = ['old', 'old', 'pair', 'pair']
  const index = waiting.indexOf(key)
  return index < 0 ? { lost: 0, without: [] } : { lost: 1, without: [[...others, onTop][(index + 3) % 4] ?? ''] }
}

/** The keys of the rows that wait in no entry, in their order. */
const waitingIn = (keys: readonly string[]): readonly string[] => {
  const pointers = keys.filter((key) => key.startsWith('waiting|')).map((key) => key.split('|')[1] ?? '')
  return pointers
    .slice(1)
    .flatMap((number) => keys.filter((key) => key.startsWith('row|') && key.endsWith(`|${number}`)))
}

describe('one flipped bit', () => {
  test('[CL83, CL85, CL96, CL97] found at the open: never applied, repaired where there is a copy, else counted', async () => {
    const { store } = await lived()
    const places = await placesOf(store)
    const keys = [...new Set(places.map(({ key }) => key))]
    expect(new Set(keys.map((key) => key.split('|')[0]))).toEqual(new Set(tables))
    for (const { i, key: name, at } of places) {
      const { world, store, ana } = await lived()
      const disk = await copyOf(store)
      const rows = await rowsOf(disk)
      const [key = ''] = rows[i] ?? []
      const { lost, without } = lossOf(key, waitingIn(rows.map(([row]) => row)))
      await world.time.of(ana.close())
      await flip(disk, key, at)
      const again = await world.open({ disk, limits })
      const views = await settled(world, again)
      const where = `${name} at ${at}`
      if (lost === 0) expect(views, where).toEqual(everything)
      else
        expect(
          views.filter(([title]) => !without.includes(String(title))),
          where,
        ).toEqual(everything.filter(([title]) => !without.includes(String(title))))
      const { damaged, pending } = again.status.now
      expect([damaged, again.status.now.lost, pending], where).toEqual([key.startsWith('view|') ? 0 : 1, lost, 0])
      expect(world.logged.filter(({ event }) => event === 'store.damaged').length, where).toBeGreaterThan(0)
      await world.time.of(again.close())
      const third = await world.open({ disk, limits, offline: true })
      expect([third.status.now.damaged, third.status.now.lost], where).toEqual([damaged, lost])
    }
  })

  test('[CL83, CL96, CL97] found while it is open: the same, and every receipt settles', async () => {
    const { store } = await lived()
    const places = await placesOf(store)
    for (const { i, key: name, at } of places) {
      const { world, store, ana, receipts } = await lived()
      const rows = await store.scan({ from: '', to: '\x7f' })
      const [key = '', value = new Uint8Array(0)] = rows[i] ?? []
      const { lost, without } = lossOf(key, waitingIn(rows.map(([row]) => row)))
      value.set([(value[at] ?? 0) ^ 1], at)
      await store.commit({ put: [[key, value]] })
      const where = `${name} at ${at}`
      const ends = Promise.all(receipts.map(({ stored }) => stored.then(() => 'stored').catch(() => 'refused')))
      const views = await settled(world, ana).catch((cause: unknown) => {
        throw new Error(where, { cause })
      })
      const isOwn = !/^(row|base)/.test(key)
      expect(
        views.filter(([title]) => isOwn || !without.includes(String(title))),
        where,
      ).toEqual(everything.filter(([title]) => isOwn || !without.includes(String(title))))
      await world.time.of(ends)
      const { damaged, pending } = ana.status.now
      if (!isOwn) expect([damaged, ana.status.now.lost, pending], where).toEqual([1, lost, 0])
      const disk = await copyOf(store)
      await world.time.of(ana.close())
      const again = await world.open({ disk, limits })
      expect(await settled(world, again), where).toEqual(views)
    }
  })
})

describe('damage of rows that nobody reads before they are sealed', () => {
  test('[CL96] every receipt settles, what is lost is counted, and the rest goes on', async () => {
    for (const nth of [0, 1, 2, 3]) {
      const { world, store, ana, receipts } = await lived()
      const rows = await store.scan({ from: 'row|', to: 'row}' })
      const waiting = (await store.scan({ from: 'waiting|', to: 'waiting}' })).map(([key]) => key.split('|')[1])
      const [key, value] = rows.find(([row]) => row.endsWith(`|${waiting[nth + 1]}`)) ?? ['', new Uint8Array(0)]
      value.set([(value[9] ?? 0) ^ 1], 9)
      await store.commit({ put: [[key, value]] })
      const ends = Promise.all(receipts.map(({ stored }) => stored.then(() => 'stored').catch(() => 'refused')))
      ana.goOnline()
      await world.level(ana)
      // Rows that were to be one entry go together.
      const other = nth <= 1 ? 'refused' : 'stored'
      expect(await world.time.of(ends)).toEqual(['stored', other, other])
      expect(ana.status.now).toMatchObject({ pending: 0, damaged: 1, lost: 1 })
    }
  })
})

describe('damage at the open', () => {
  test('[CL85] no half of a transaction is sent whose other half is lost', async () => {
    for (const field of ['', 'body'] as const) {
      const world = await createWorld()
      const disk = new MemoryDisk()
      const ana = await world.open({ disk, offline: true, limits })
      const note = await world.time.of(ana.notes.create({ title: 'one' }))
      await world.time.of(ana.flushed())
      const both = note.edit((n) => {
        n.body.insert(0, 'half')
        n.minutes.add(1)
      })
      await world.time.of(ana.close())
      const rows = (await rowsOf(disk)).filter(([key]) => key.startsWith('row|') && key.includes(`/shared/${field}|`))
      await flip(disk, rows.at(-1)?.[0] ?? '', 9)
      const again = await world.open({ disk, limits })
      const bob = await world.open()
      await world.level(again, bob)
      for (const replica of [again, bob]) expect(await viewsOf(world, replica)).toEqual([['one', '', 0, '']])
      expect(again.status.now).toMatchObject({ pending: 0, rejected: 1, damaged: 1, lost: 1 })
      expect(await world.time.of(again.quarantine.list())).toMatchObject([{ id: both.id, kind: 'storage-corrupt' }])
    }
  })

  test('[CL85] nor if its group is not the last one before it, since rows of one moment interleave', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const small = { ...limits, rowBytesMax: 64 }
    const ana = await world.open({ disk, offline: true, limits: small })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.time.of(ana.flushed())
    note.edit((n) => n.body.insert(0, 'a'))
    note.edit((n) => {
      n.minutes.add(1)
      n.steps.push('b')
    })
    note.edit((n) => {
      n.body.insert(0, 'half')
      n.title.set('a row of its own '.repeat(5))
    })
    await world.time.of(ana.close())
    const rows = (await rowsOf(disk)).filter(([key]) => key.startsWith('row|'))
    const numbers = rows.map(([key]) => key.split('|').at(-1) ?? '').sort()
    const [key = ''] = rows.find(([row]) => row.endsWith(numbers.at(-1) ?? '-')) ?? []
    expect(key).toContain('/shared/|')
    await flip(disk, key, 9)
    const again = await world.open({ disk, limits })
    const bob = await world.open()
    await world.level(again, bob)
    for (const replica of [again, bob]) expect(await viewsOf(world, replica)).toEqual([['one', '', 0, '']])
    expect(again.status.now).toMatchObject({ pending: 0, damaged: 1, lost: 1 })
  })

  test('[CL98] a space whose record is damaged is joined again, as the kind that its documents are of', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, limits })
    await world.time.of(ana.join('course-8', 'course'))
    const note = await world.time.of(ana.notes.create({ title: 'there' }, { space: 'course-8' }))
    await world.level(ana)
    ana.goOffline()
    note.edit((n) => n.minutes.add(3))
    await world.time.of(ana.close())
    await flip(disk, 'space|course-8', 6)
    const again = await world.open({ disk, limits })
    await world.level(again)
    expect(again.status.now).toMatchObject({ pending: 0, damaged: 1, lost: 0 })
    const views = await world.time.of(again.notes.list({ space: 'course-8' }))
    expect(views).toMatchObject([{ title: 'there', minutes: 3 }])
  })
})

/** A store of which a bit reads wrong in one value of every second reading; what is on disk is right. */
function flickering(store: Store): Store & { readonly flips: number } {
  let readings = 0
  const spoilt = <T>(found: T, values: readonly (Uint8Array | undefined)[]): T => {
    readings += 1
    const value = values.filter((bytes) => bytes !== undefined)[readings % Math.max(1, values.length)]
    const at = readings % Math.max(1, value?.length ?? 0)
    if (value !== undefined && readings % 2 === 0) value.set([(value[at] ?? 0) ^ 1], at)
    return found
  }
  return {
    durability: store.durability,
    get: async (keys) => store.get(keys).then((values) => spoilt(values, values)),
    scan: async (range) =>
      store.scan(range).then((rows) =>
        spoilt(
          rows,
          rows.map(([, value]) => value),
        ),
      ),
    commit: (batch) => store.commit(batch),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store.close(),
    get flips() {
      return readings >> 1
    },
  }
}

/** A store that is copied after each of its transactions. */
function copied(store: Store): { readonly store: Store; readonly copies: MemoryDisk[] } {
  const copies: MemoryDisk[] = []
  return {
    copies,
    store: {
      durability: store.durability,
      get: (keys) => store.get(keys),
      scan: (range) => store.scan(range),
      commit: async (batch) => {
        const outcome = await store.commit(batch)
        copies.push(await copyOf(store))
        return outcome
      },
      close: () => store.close(),
      [Symbol.asyncDispose]: () => store.close(),
    },
  }
}

/** Flips a bit of the last waiting row of a document. Returns its number, as keys have it. */
async function spoilWaiting(store: Store, field: string): Promise<string> {
  const waiting = (await store.scan({ from: 'waiting|', to: 'waiting}' })).map(([key]) => key.split('|')[1] ?? '')
  const rows = await store.scan({ from: 'row|', to: 'row}' })
  const isWaiting = (key: string): boolean =>
    key.includes(`/shared/${field}|`) && waiting.includes(key.split('|').at(-1) ?? '')
  const [key = '', value = new Uint8Array(0)] = rows.findLast(([row]) => isWaiting(row)) ?? []
  value.set([(value[9] ?? 0) ^ 1], 9)
  await store.commit({ put: [[key, value]] })
  return key.split('|').at(-1) ?? ''
}

describe('copies of what is damaged', () => {
  test('[CL83] what is only read wrong is right when it is read again, and nothing is set aside', async () => {
    const world = await createWorld()
    world.rule = ({ document }) => (document.field === 'steps' ? { kind: 'rule', message: 'No.' } : undefined)
    const disk = new MemoryDisk()
    const said: string[] = []
    for (let open = 0; open < 3; open++) {
      const store = flickering(memoryStore(disk))
      const ana = await world.open({ store, limits })
      const [first] = await world.time.of(ana.notes.list())
      const note = await world.time.of(
        first === undefined
          ? ana.notes.create({ title: 'one' })
          : ana.notes.open(first.id).then((opened) => opened ?? Promise.reject(new Error('not there'))),
      )
      for (let i = 0; i < 6; i++) {
        said.push(note.edit((n) => n.body.insert(0, `${i} `)).id)
        if (i === 3) note.edit((n) => n.steps.push('refused'))
        await world.level(ana)
      }
      for (const id of said) expect(await world.time.of(ana.receipts.find(id))).toBe('stored')
      expect(ana.status.now).toMatchObject({ damaged: 0, lost: 0, rejected: open + 1 })
      expect(store.flips).toBeGreaterThan(10)
      await world.time.of(ana.close())
    }
  })

  test.each(['while it is open', 'at the next open'])(
    '[CL97] a damaged row keeps its receipts, however its entry ends: %s',
    async (when) => {
      for (const end of ['stored', 'rejected'] as const) {
        const world = await createWorld()
        const store = memoryStore()
        const ana = await world.open({ store, limits })
        const note = await world.time.of(ana.notes.create({ title: 'one' }))
        await world.level(ana)
        world.swallow = (from) => from === 'client'
        const receipts = [note.edit((n) => n.body.insert(0, 'a')), note.edit((n) => n.body.insert(0, 'b'))]
        await world.time.pass(1_000)
        ana.goOffline()
        world.swallow = () => false
        const rows = await store.scan({ from: 'row|', to: 'row}' })
        const [key = '', value = new Uint8Array(0)] = rows.find(([row]) => row.includes('/body|')) ?? []
        value.set([(value[9] ?? 0) ^ 1], 9)
        await store.commit({ put: [[key, value]] })
        if (end === 'rejected') world.rule = () => ({ kind: 'rule', message: 'No.' })
        const disk = await copyOf(store)
        const replica = when === 'while it is open' ? ana : await world.open({ disk, limits })
        replica.goOnline()
        const ends = Promise.allSettled(receipts.map(({ stored }) => stored))
        await world.level(replica)
        for (const { id } of receipts) expect(await world.time.of(replica.receipts.find(id))).toBe(end)
        const quarantined = (await world.time.of(replica.quarantine.list())).map(({ id }) => id)
        expect(quarantined).toEqual(end === 'stored' ? [] : receipts.map(({ id }) => id))
        expect(replica.status.now).toMatchObject({ pending: 0, lost: 0 })
        if (replica === ana)
          expect((await world.time.of(ends)).map(({ status }) => status === 'fulfilled')).toEqual(
            receipts.map(() => end === 'stored'),
          )
        await world.time.of(ana.close())
      }
    },
  )

  test.each(['packing', 'a refusal'])('[CL83] %s puts nothing in the place of a base that is damaged', async (why) => {
    const world = await createWorld()
    world.rule = ({ document }) => (document.field === 'steps' ? { kind: 'rule', message: 'No.' } : undefined)
    const inner = memoryStore()
    const { store, copies } = copied(inner)
    const ana = await world.open({ store, limits })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    const edit = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) {
        note.edit((n) => n.minutes.add(1))
        await world.level(ana)
      }
    }
    await edit(6)
    const bases = await inner.scan({ from: 'base|', to: 'base}' })
    expect(bases.length).toBeGreaterThan(0)
    for (const [, value] of bases) value.set([(value[9] ?? 0) ^ 1], 9)
    await inner.commit({ put: bases })
    copies.length = 0
    if (why === 'packing') await edit(6)
    else note.edit((n) => n.steps.push('refused'))
    await world.level(ana)
    await world.time.pass(5_000)
    expect(ana.status.now.damaged).toBeGreaterThan(0)
    const { minutes } = note.view()
    await world.time.of(ana.close())
    for (const [i, disk] of copies.entries()) {
      const again = await world.open({ disk, limits })
      await world.time.of(again.notes.list())
      await world.time.pass(1_000)
      await world.level(again)
      const [view] = await world.time.of(again.notes.list())
      expect(view, `after transaction ${i}`).toMatchObject({ title: 'one', minutes })
      await world.time.of(again.close())
    }
  })

  test('[CL85] no half of a transaction is sent whose other half was lost while it was open, if the process dies then', async () => {
    for (const field of ['', 'body'] as const) {
      const world = await createWorld()
      const inner = memoryStore()
      const { store, copies } = copied(inner)
      const ana = await world.open({ store, limits })
      const note = await world.time.of(ana.notes.create({ title: 'one' }))
      await world.level(ana)
      ana.goOffline()
      note.edit((n) => {
        n.body.insert(0, 'half')
        n.minutes.add(1)
      })
      await world.time.of(ana.flushed())
      note.edit((n) => n.body.insert(0, 'on top of '))
      await world.time.of(ana.flushed())
      await world.time.of(note.close())
      const pointers = (await inner.scan({ from: 'waiting|', to: 'waiting}' })).map(([key]) => key.split('|')[1] ?? '')
      const rows = await inner.scan({ from: 'row|', to: 'row}' })
      const isLost = (key: string): boolean =>
        key.includes(`/shared/${field}|`) && pointers.slice(0, 2).some((row) => key.endsWith(`|${row}`))
      const [key = '', value = new Uint8Array(0)] = rows.find(([row]) => isLost(row)) ?? []
      value.set([(value[9] ?? 0) ^ 1], 9)
      await inner.commit({ put: [[key, value]] })
      copies.length = 0
      await world.time.of((await world.time.of(ana.notes.open(note.id)))?.close() ?? Promise.reject(new Error('gone')))
      await world.time.pass(3_000)
      expect(ana.status.now).toMatchObject({ damaged: 1, lost: 1 })
      await world.time.of(ana.close())
      expect(copies.length).toBeGreaterThan(0)
      const bob = await world.open()
      for (const disk of copies) {
        const again = await world.open({ disk, limits })
        await world.level(again, bob)
        for (const replica of [again, bob]) expect(await viewsOf(world, replica)).toEqual([['one', '', 0, '']])
        expect(again.status.now).toMatchObject({ pending: 0, lost: 1 })
        await world.time.of(again.close())
        const third = await world.open({ disk, offline: true })
        expect(third.status.now).toMatchObject({ pending: 0, lost: 1 })
        await world.time.of(third.close())
      }
    }
  })

  test('[CL85] nor if the pointer that alone said that a row is missing is damaged before the next open', async () => {
    for (const field of ['', 'body'] as const) {
      const world = await createWorld()
      const store = memoryStore()
      const ana = await world.open({ store, limits })
      const note = await world.time.of(ana.notes.create({ title: 'one' }))
      await world.level(ana)
      ana.goOffline()
      note.edit((n) => {
        n.body.insert(0, 'half')
        n.minutes.add(1)
      })
      await world.time.of(ana.flushed())
      await world.time.of(note.close())
      const row = await spoilWaiting(store, field)
      await world.time.of((await world.time.of(ana.notes.open(note.id)))?.close() ?? Promise.reject(new Error('gone')))
      await world.time.pass(1_000)
      expect(ana.status.now).toMatchObject({ damaged: 1, lost: 1 })
      const disk = await copyOf(store)
      expect(await damage(disk, new RegExp(`^waiting\\|${row}$`))).toBe(1)
      const again = await world.open({ disk, limits })
      const bob = await world.open()
      await world.level(again, bob)
      for (const replica of [again, bob]) expect(await viewsOf(world, replica)).toEqual([['one', '', 0, '']])
      expect(again.status.now).toMatchObject({ pending: 0, rejected: 1, damaged: 2, lost: 1 })
    }
  })

  test('[CL85] nor if the entry that was sealed without a lost row is damaged after an open that knew of the loss', async () => {
    for (const field of ['', 'body'] as const) {
      const world = await createWorld()
      const inner = memoryStore()
      const { store, copies } = copied(inner)
      const ana = await world.open({ store, limits })
      const note = await world.time.of(ana.notes.create({ title: 'one' }))
      await world.level(ana)
      ana.goOffline()
      note.edit((n) => {
        n.body.insert(0, 'half')
        n.minutes.add(1)
      })
      await world.time.of(ana.flushed())
      await spoilWaiting(inner, field)
      copies.length = 0
      ana.goOnline()
      await world.level(ana)
      await world.time.of(ana.close())
      const bob = await world.open()
      let entries = 0
      for (const copy of copies.map((disk) => memoryStore(disk)))
        for (const key of ['', ...(await copy.scan({ from: 'entry|', to: 'entry}' })).map(([entry]) => entry)]) {
          entries += key === '' ? 0 : 1
          const disk = await copyOf(copy)
          const again = await world.open({ disk, limits, offline: true })
          await world.time.of(again.flushed())
          await world.time.of(again.close())
          if (key !== '') await flip(disk, key, 9)
          const third = await world.open({ disk, limits })
          await world.level(third, bob)
          for (const replica of [third, bob]) expect(await viewsOf(world, replica)).toEqual([['one', '', 0, '']])
          expect(third.status.now).toMatchObject({ pending: 0, damaged: key === '' ? 1 : 2, lost: 1 })
          await world.time.of(third.close())
          expect((await keysOf(disk)).filter((name) => name.startsWith('waiting|'))).toEqual([])
        }
      expect(entries).toBeGreaterThan(1)
    }
  })

  test('[CL60, CL85] what a left space had lost takes nothing that is written after it was joined again', async () => {
    for (const isFoundBefore of [true, false]) {
      const world = await createWorld()
      const store = memoryStore()
      const ana = await world.open({ store, limits })
      await world.time.of(ana.join('course-8', 'course'))
      const note = await world.time.of(ana.notes.create({ title: 'one' }, { space: 'course-8' }))
      await world.level(ana)
      ana.goOffline()
      note.edit((n) => n.body.insert(0, 'lost'))
      await world.time.of(ana.flushed())
      await world.time.of(note.close())
      const row = await spoilWaiting(store, 'body')
      const look = async () =>
        (await world.time.of(ana.notes.open(note.id, { space: 'course-8' }))) ?? Promise.reject(new Error('gone'))
      if (isFoundBefore) await world.time.of((await look()).close())
      await world.time.pass(1_000)
      const [[key, value] = ['', new Uint8Array(0)]] = await store.scan({
        from: `waiting|${row}`,
        to: `waiting|${row}~`,
      })
      value.set([(value[9] ?? 0) ^ 1], 9)
      await store.commit({ put: [[key, value]] })
      await world.time.of(ana.leave('course-8'))
      await world.time.of(ana.join('course-8', 'course'))
      ana.goOnline()
      await world.level(ana)
      ana.goOffline()
      const again = await look()
      again.edit((n) => n.body.insert(0, 'kept'))
      await world.time.of(ana.flushed())
      const disk = await copyOf(store)
      await world.time.of(ana.close())
      const third = await world.open({ disk, limits })
      await world.level(third)
      expect(await world.time.of(third.notes.list({ space: 'course-8' }))).toMatchObject([{ body: 'kept' }])
      expect(third.status.now).toMatchObject({ pending: 0, rejected: 0, lost: 1 })
    }
  })

  test('[CL83] a damaged record is seen to once, however many read it meanwhile', async () => {
    const { world, store, ana } = await lived()
    const rows = await store.scan({ from: 'base|', to: 'base}' })
    for (const [, value] of rows) value.set([(value[0] ?? 0) ^ 1], 0)
    await store.commit({ put: rows })
    const ids = (await world.time.of(ana.notes.list())).map(({ id }) => id)
    await world.time.of(Promise.all([...ids, ...ids, ...ids].map((id) => ana.notes.open(id))))
    await settled(world, ana)
    const found = world.logged.filter(({ event }) => event === 'store.damaged').map(({ fields }) => fields)
    expect(found).toHaveLength(rows.length)
    expect(found).toEqual(expect.arrayContaining(rows.map(([key]) => ({ key }))))
  })

  test('[CL83] of a refused write whose book is damaged the quarantine still knows', async () => {
    const world = await createWorld()
    world.rule = ({ document }) => (document.field === 'steps' ? { kind: 'rule', message: 'No.' } : undefined)
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, limits })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    const { id } = note.edit((n) => n.steps.push('refused'))
    await world.level(ana)
    await world.time.of(ana.close())
    expect(await damage(disk, /^receipts/)).toBe(1)
    const again = await world.open({ disk, limits })
    expect(await world.time.of(again.receipts.find(id))).toBe('rejected')
  })
})
