import type { Receipt } from '@rejoin/client'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import type { Batch, Store } from '@rejoin/storage'
import { describe, expect, test } from 'vitest'
import { collection, register } from '@rejoin/schema'
import { flip, keysOf } from './disks.ts'
import { createWorld, kindOf } from './world.ts'
import type { TestRejoin, World } from './world.ts'

/** The next entry of this document is refused, and every other one accepted. */
function refuseNext(world: World, field: '' | 'body', kind: 'rule' | 'clock' = 'rule'): void {
  world.rule = ({ document }) => {
    if (document.field !== field) return undefined
    world.rule = () => undefined
    return { kind, message: 'Not today.' }
  }
}

/** A note that everybody knows, on a device that goes offline. */
async function begun(world: World, options: Parameters<World['open']>[0] = {}) {
  const ana = await world.open(options)
  const note = await world.time.of(ana.notes.create({ title: 'Light', body: 'kept. ' }, { id: 'n1' }))
  await world.level(ana)
  ana.goOffline()
  return { ana, note }
}

const endOf = (world: World, { stored }: Receipt): Promise<string> =>
  world.time.of(
    stored.then(
      () => 'stored',
      ({ kind }: { kind: string }) => kind,
    ),
  )

async function seenByBob(world: World): Promise<unknown> {
  const bob = await world.open()
  await world.level(bob)
  const [view] = await world.time.of(bob.notes.list())
  await world.time.of(bob.close())
  return view
}

/** Dies when a batch is on disk that answers, before it hears of it. */
function dyingStore(disk: MemoryDisk, diesAfter: (batch: Batch) => boolean): Store {
  const inner = memoryStore(disk)
  let isDead = false
  return {
    durability: inner.durability,
    get: (keys) => inner.get(keys),
    scan: (range) => inner.scan(range),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
    async commit(batch) {
      const outcome = isDead ? undefined : await inner.commit(batch)
      isDead ||= diesAfter(batch)
      if (isDead || outcome === undefined) return new Promise(() => undefined)
      return outcome
    },
  }
}

const puts = (batch: Batch, table: string): boolean => batch.put?.some(([key]) => key.startsWith(table)) === true

describe('what was taken with a refused entry', () => {
  test('[CL150] is made again where it stands alone, whole and in its order; the rest waits in quarantine', async () => {
    const world = await createWorld()
    const { ana, note } = await begun(world)
    const lanes = ['normal', 'high'] as const
    const edits: readonly ((n: Parameters<Parameters<typeof note.edit>[0]>[0]) => void)[] = [
      (n) => n.title.set('refused'),
      (n) => {
        n.minutes.add(5)
        n.body.insert(0, 'stays, ')
        n.tags.add('a')
      },
      (n) => {
        n.body.insert(5, ' too')
        n.tags.delete('a')
      },
      (n) => {
        n.minutes.add(2)
        n.title.set('over the refused one')
      },
      (n) => n.minutes.add(1),
    ]
    const receipts: Receipt[] = []
    for (const [i, edit] of edits.entries()) {
      receipts.push(note.edit(edit, { lane: lanes[i % 2] ?? 'normal' }))
      await world.time.pass(20)
    }
    refuseNext(world, '')
    ana.goOnline()
    const ends: string[] = []
    for (const receipt of receipts) ends.push(await endOf(world, receipt))
    expect(ends).toEqual(['rule', 'stored', 'stored', 'depends', 'stored'])
    const shown = { title: 'Light', body: 'stays too, kept. ', tags: [], minutes: 6 }
    expect(note.view()).toMatchObject(shown)
    expect(await seenByBob(world)).toMatchObject(shown)
    await world.level(ana)
    expect(ana.status.now).toMatchObject({ pending: 0, rejected: 2 })
    expect(await world.time.of(ana.quarantine.list())).toMatchObject([
      { id: receipts[0]?.id, kind: 'rule', changes: [{ field: 'title', before: 'Light', after: 'refused' }] },
      {
        id: receipts[3]?.id,
        kind: 'depends',
        changes: [
          { field: 'minutes', added: 2 },
          { field: 'title', before: 'refused', after: 'over the refused one' },
        ],
      },
    ])
  })

  test('[CL150] keeps its stamps: what was written later elsewhere wins over it', async () => {
    const world = await createWorld()
    const { ana, note } = await begun(world)
    note.edit((n) => n.body.insert(0, 'refused '))
    await world.time.pass(20)
    const both = note.edit(
      (n) => {
        n.title.set('of ana, earlier')
        n.body.insert(n.body.length, 'end')
      },
      { lane: 'high' },
    )
    await world.time.pass(1_000)
    const bob = await world.open()
    await world.level(bob)
    const bobs = await world.time.of(bob.notes.open('n1'))
    bobs?.edit((n) => n.title.set('of bob, later'))
    await world.level(bob)
    refuseNext(world, 'body')
    ana.goOnline()
    expect(await endOf(world, both)).toBe('stored')
    await world.level(ana, bob)
    expect(note.view()).toMatchObject({ title: 'of bob, later', body: 'kept. end' })
    expect(bobs?.hash()).toBe(note.hash())
  })

  test('[CL150] of an entity that is closed is made again too', async () => {
    const world = await createWorld()
    const { ana, note } = await begun(world)
    note.edit((n) => n.body.insert(0, 'refused '))
    await world.time.pass(20)
    const after = note.edit((n) => n.body.insert(n.body.length, 'end'), { lane: 'high' })
    await world.time.of(note.close())
    refuseNext(world, 'body')
    ana.goOnline()
    expect(await endOf(world, after)).toBe('stored')
    expect(await seenByBob(world)).toMatchObject({ body: 'kept. end' })
  })

  test('[CL150] is not made again in an entity whose creation was refused', async () => {
    const world = await createWorld()
    const ana = await world.open({ offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'never', body: 'seen' }))
    await world.time.pass(20)
    const after = note.edit((n) => n.minutes.add(1), { lane: 'high' })
    refuseNext(world, '')
    ana.goOnline()
    expect(await endOf(world, after)).toBe('depends')
    await world.level(ana)
    expect(ana.status.now).toMatchObject({ pending: 0, rejected: 3 })
    expect(() => note.edit((n) => n.minutes.add(1))).toThrow(expect.objectContaining({ kind: 'not-found' }))
  })

  test('[CL151] keeps its receipt over a restart, and over another refusal', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const { ana, note } = await begun(world, { disk })
    note.edit((n) => n.body.insert(0, 'refused '))
    await world.time.pass(20)
    const after = note.edit((n) => n.body.insert(n.body.length, 'end'), { lane: 'high' })
    await world.time.pass(20)
    const last = note.edit((n) => n.body.insert(n.body.length, '!'))
    await world.time.pass(20)
    refuseNext(world, 'body')
    ana.goOnline()
    // From here on nobody hears the server.
    await world.time.until(() => ana.status.now.rejected === 1)
    world.swallow = (from) => from === 'server'
    expect(after.state).toBe('device')
    await world.time.pass(100)
    ana.goOffline()
    disk.crash()
    const again = await world.open({ disk, offline: true })
    for (const { id } of [after, last]) expect(await world.time.of(again.receipts.find(id))).toBe('pending')
    world.swallow = () => false
    again.goOnline()
    await world.level(again)
    for (const { id } of [after, last]) expect(await world.time.of(again.receipts.find(id))).toBe('stored')
    expect(again.status.now).toMatchObject({ pending: 0, rejected: 1 })
    expect(await seenByBob(world)).toMatchObject({ body: 'kept. end!' })
  })

  test('[CL151] that is refused itself when it is made again is in quarantine under its own receipt', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const { ana, note } = await begun(world, { disk })
    const receipts: Receipt[] = []
    for (let i = 0; i < 4; i++) {
      receipts.push(note.edit((n) => n.body.insert(0, `${i}`), { lane: i % 2 === 0 ? 'normal' : 'high' }))
      await world.time.pass(20)
    }
    world.rule = ({ document }) => (document.field === 'body' ? { kind: 'rule', message: 'No bodies.' } : undefined)
    ana.goOnline()
    for (const receipt of receipts) expect(await endOf(world, receipt)).toBe('rule')
    expect(note.view().body).toBe('kept. ')
    await world.time.of(ana.close())
    const again = await world.open({ disk })
    expect(again.status.now).toMatchObject({ pending: 0, rejected: 4 })
    const ids = (await world.time.of(again.quarantine.list())).map(({ id }) => id)
    expect(ids.sort()).toEqual(receipts.map(({ id }) => id).sort())
    for (const { id } of receipts) expect(await world.time.of(again.receipts.find(id))).toBe('rejected')
  })

  test('[CL152] a write of a wrong clock is made again with stamps of now, and three times at most', async () => {
    const world = await createWorld()
    const { ana, note } = await begun(world)
    const early = note.edit((n) => n.title.set('early'))
    await world.time.pass(20)
    let refused = 0
    world.rule = () => {
      refused++
      return { kind: 'clock', message: 'Not yet.' }
    }
    ana.goOnline()
    expect(await endOf(world, early)).toBe('clock')
    expect(refused).toBe(4)
    await world.level(ana)
    expect(note.view().title).toBe('Light')
    expect(await world.time.of(ana.quarantine.list())).toMatchObject([{ id: early.id, kind: 'clock' }])
    world.rule = () => undefined
    await world.time.of(ana.quarantine.retry(early.id))
    expect(await endOf(world, early)).toBe('stored')
    expect(note.view().title).toBe('early')
  })
})

describe('a writer of which another has the CRDT client ids', () => {
  test('[CL152] writes everything again that waits, and what is new, under others', async () => {
    const world = await createWorld()
    const { ana, note } = await begun(world)
    await world.time.of(ana.join('course-8', 'course'))
    const other = await world.time.of(ana.notes.create({ title: 'elsewhere' }, { space: 'course-8' }))
    const receipts = [
      note.edit((n) => n.body.insert(0, 'one ')),
      note.edit((n) => n.minutes.add(1)),
      other.edit((n) => n.minutes.add(2)),
    ]
    const writers = new Map<string, number>()
    world.rule = ({ id: { writer } }) => {
      writers.set(writer, (writers.get(writer) ?? 0) + 1)
      return writers.keys().next().value === writer ? { kind: 'client-id-taken', message: 'It is.' } : undefined
    }
    ana.goOnline()
    for (const receipt of receipts) expect(await endOf(world, receipt)).toBe('stored')
    receipts.push(note.edit((n) => n.body.insert(4, 'two ')))
    expect(await endOf(world, receipts[3] ?? expect.fail('it was made'))).toBe('stored')
    await world.level(ana)
    expect(writers.size).toBe(2)
    expect(ana.status.now).toMatchObject({ pending: 0, rejected: 0 })
    expect(other.view()).toMatchObject({ title: 'elsewhere', minutes: 2 })
    expect(await seenByBob(world)).toMatchObject({ body: 'one two kept. ', minutes: 1 })
  })
})

describe('an edit between a refusal and the rebuild', () => {
  test.each([
    ['stands alone', (length: number) => length, 'stored', 'kept. late'],
    ['builds on it', () => 3, 'depends', 'kept. '],
  ])('[CL22] %s', async (_, place, end, body) => {
    const world = await createWorld()
    const inner = memoryStore(new MemoryDisk())
    let release: (() => void) | undefined
    const store: Store = {
      durability: inner.durability,
      get: (keys) => inner.get(keys),
      scan: (range) => inner.scan(range),
      close: () => inner.close(),
      [Symbol.asyncDispose]: () => inner.close(),
      async commit(batch) {
        if (puts(batch, 'quarantine|') && release === undefined)
          await new Promise<void>((resolve) => (release = resolve))
        return inner.commit(batch)
      },
    }
    const { ana, note } = await begun(world, { store })
    note.edit((n) => n.body.insert(0, 'refused '))
    refuseNext(world, 'body')
    ana.goOnline()
    await world.time.until(() => release !== undefined)
    const late = note.edit((n) => {
      n.minutes.add(3)
      n.body.insert(place(n.body.length), 'late')
    })
    release?.()
    expect(await endOf(world, late)).toBe(end)
    await world.level(ana)
    const minutes = end === 'stored' ? 3 : 0
    expect(note.view()).toMatchObject({ body, minutes })
    expect(await seenByBob(world)).toMatchObject({ body, minutes })
    const rejected = end === 'stored' ? 1 : 3
    expect(ana.status.now).toMatchObject({ pending: 0, rejected, synced: true })
    expect(await world.time.of(ana.quarantine.list())).toHaveLength(rejected)
  })
})

describe('a counter', () => {
  /** Increments of which some are refused and others follow them; the process dies after its n-th commit. */
  async function countedWith(diesAfter: number): Promise<{
    readonly commits: number
    readonly refusals: number
    readonly remade: number
  }> {
    const world = await createWorld()
    const disk = new MemoryDisk()
    let commits = 0
    let isArmed = false
    const store = dyingStore(disk, () => isArmed && ++commits === diesAfter)
    const { ana, note } = await begun(world, { store })
    isArmed = true
    const receipts: Receipt[] = []
    const add = (count: number, lane: 'normal' | 'high', text?: string): void => {
      const edit = note.edit(
        (n) => {
          n.minutes.add(count)
          if (text !== undefined) n.body.insert(0, text)
        },
        { lane },
      )
      receipts.push(edit)
    }
    for (let i = 0; i < 6; i++) {
      add(2 ** i, i % 2 === 0 ? 'normal' : 'high', i === 3 ? 'text ' : undefined)
      await world.time.pass(20)
    }
    let nth = 0
    world.rule = ({ document }) =>
      document.field === '' && ++nth % 2 === 1 && nth < 6 ? { kind: 'rule', message: 'Odd.' } : undefined
    ana.goOnline()
    for (let i = 6; i < 9; i++) {
      await world.time.pass(7)
      add(2 ** i, 'normal')
    }
    await world.time.pass(5_000)
    ana.goOffline()
    const kept = receipts.filter(({ state }) => state !== 'memory').map(({ id }) => id)
    disk.crash()
    const again = await world.open({ disk })
    await world.level(again)
    await expectCounted(world, again, receipts, kept)
    const settled = world.logged.filter(({ event }) => event === 'refusal.settled').map(({ fields }) => fields)
    const remade = settled.reduce((sum: number, fields) => sum + (fields as { remade: number }).remade, 0)
    return { commits, refusals: settled.length, remade }
  }

  /** What is shown are the increments that are stored; what the device had is stored or in quarantine. */
  async function expectCounted(
    world: World,
    replica: TestRejoin,
    receipts: readonly Receipt[],
    kept: readonly string[],
  ): Promise<void> {
    let stored = 0
    const quarantined = await world.time.of(replica.quarantine.list())
    for (const [i, { id }] of receipts.entries()) {
      const end = await world.time.of(replica.receipts.find(id))
      if (end === 'stored') stored += 2 ** i
      const added = quarantined.filter((write) => write.id === id).flatMap(({ changes }) => changes)
      expect(added.reduce((sum, change) => sum + (change.added ?? 0), 0)).toBe(end === 'rejected' ? 2 ** i : 0)
      if (kept.includes(id)) expect(['stored', 'rejected']).toContain(end)
    }
    expect(await seenByBob(world)).toMatchObject({ minutes: stored })
    expect(replica.status.now).toMatchObject({ pending: 0, rejected: quarantined.length })
  }

  test('[CL154] counts each increment once, whatever is refused around it and wherever the process dies', async () => {
    const whole = await countedWith(Number.POSITIVE_INFINITY)
    expect(whole.commits).toBeGreaterThan(15)
    expect(whole).toMatchObject({ refusals: 3, remade: 12 })
    for (let nth = 1; nth <= whole.commits; nth++) await countedWith(nth)
  })
})

describe('the quarantine', () => {
  /** A title and two texts on top of each other, all refused. */
  async function refusedThree(world: World, options: Parameters<World['open']>[0] = {}) {
    const { ana, note } = await begun(world, options)
    const receipts = [
      note.edit((n) => n.body.insert(0, 'one ')),
      note.edit((n) => n.body.insert(4, 'two ')),
      note.edit((n) => {
        n.minutes.add(7)
        n.title.set('three')
      }),
    ]
    world.rule = () => ({ kind: 'rule', message: 'Not today.' })
    ana.goOnline()
    for (const receipt of receipts) expect(await endOf(world, receipt)).toBe('rule')
    world.rule = () => undefined
    await world.level(ana)
    const [one = '', two = '', three = ''] = receipts.map(({ id }) => id)
    return { ana, note, receipts, one, two, three }
  }

  test('[CL156] makes a transaction again, and after it what builds on it', async () => {
    const world = await createWorld()
    const { ana, note, receipts, one, two, three } = await refusedThree(world)
    expect(ana.status.now.rejected).toBe(3)
    await expect(world.time.of(ana.quarantine.retry(two))).rejects.toMatchObject({ kind: 'depends' })
    expect(ana.status.now.rejected).toBe(3)
    ana.goOffline()
    for (const id of [one, two, three]) await world.time.of(ana.quarantine.retry(id))
    ana.goOnline()
    expect(note.view()).toMatchObject({ title: 'three', body: 'one two kept. ', minutes: 7 })
    expect(receipts.map(({ state }) => state)).toEqual(['device', 'device', 'device'])
    for (const receipt of receipts) expect(await endOf(world, receipt)).toBe('stored')
    expect(await seenByBob(world)).toMatchObject({ title: 'three', body: 'one two kept. ', minutes: 7 })
    await world.level(ana)
    expect(ana.status.now).toMatchObject({ pending: 0, rejected: 0 })
    expect(await world.time.of(ana.quarantine.list())).toEqual([])
  })

  test('[CL156] made again is pending after a restart, under its own receipt, and then stored', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const { ana, note, three } = await refusedThree(world, { disk })
    await world.time.of(note.close())
    ana.goOffline()
    await world.time.of(ana.quarantine.retry(three))
    expect(await world.time.of(ana.receipts.find(three))).toBe('pending')
    disk.crash()
    const again = await world.open({ disk, offline: true })
    expect(again.status.now).toMatchObject({ pending: 1, rejected: 2 })
    expect(await world.time.of(again.receipts.find(three))).toBe('pending')
    // Once more does nothing more.
    await world.time.of(again.quarantine.retry(three))
    again.goOnline()
    await world.level(again)
    expect(await world.time.of(again.receipts.find(three))).toBe('stored')
    await world.time.of(again.quarantine.retry(three))
    expect(await seenByBob(world)).toMatchObject({ title: 'three', body: 'kept. ', minutes: 7 })
  })

  test('[CL156] makes a write of an earlier open again, and says of what it knows nothing that it is not there', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const { ana, one, two } = await refusedThree(world, { disk })
    await world.time.of(ana.close())
    const again = await world.open({ disk })
    await world.time.of(again.quarantine.retry(one))
    await world.time.of(again.quarantine.retry(two))
    await world.level(again)
    expect(await world.time.of(again.receipts.find(two))).toBe('stored')
    expect(again.status.now.rejected).toBe(1)
    expect(await seenByBob(world)).toMatchObject({ body: 'one two kept. ' })
    await expect(world.time.of(again.quarantine.retry(`${'0'.repeat(32)}-7`))).rejects.toMatchObject({
      kind: 'not-found',
    })
    await expect(world.time.of(again.quarantine.retry('what?'))).rejects.toMatchObject({ kind: 'bad-id' })
  })

  test('[CL156] is refused to another user', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const { ana, three } = await refusedThree(world, { disk })
    await world.time.of(ana.close())
    const bob = await world.open({ disk, user: 'bob', offline: true })
    await expect(world.time.of(bob.quarantine.retry(three))).rejects.toMatchObject({ kind: 'forbidden' })
    expect(bob.status.now.rejected).toBe(3)
  })

  test('[CL157] forgets a transaction for good, its receipt stays rejected', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const { ana, one, three } = await refusedThree(world, { disk })
    await world.time.of(ana.quarantine.discard(three))
    await world.time.of(ana.quarantine.discard(three))
    expect(ana.status.now.rejected).toBe(2)
    await expect(world.time.of(ana.quarantine.retry(three))).rejects.toMatchObject({ kind: 'not-found' })
    disk.crash()
    const again = await world.open({ disk })
    expect(again.status.now.rejected).toBe(2)
    expect((await world.time.of(again.quarantine.list())).map(({ id }) => id)).toContain(one)
    expect(await world.time.of(again.receipts.find(three))).toBe('rejected')
  })

  test('[CL158] gives everything as plain JSON', async () => {
    const world = await createWorld()
    const { ana, two } = await refusedThree(world)
    const [exported] = await world.time.of(ana.quarantine.export(two))
    expect(JSON.parse(JSON.stringify(exported))).toEqual({
      id: two,
      user: 'ana',
      space: 'course-7',
      document: 'notes/n1/shared/body',
      collection: 'notes',
      entity: 'n1',
      part: 'shared',
      field: 'body',
      kind: 'rule',
      message: 'Not today.',
      at: expect.any(Number),
      unanswered: false,
      changes: [{ field: 'body', part: 'shared', after: 'two ' }],
      encoding: 'yjs-1',
      bytes: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
    })
    expect(await world.time.of(ana.quarantine.export())).toHaveLength(3)
  })

  test('[CL155] is told by the names on disk when the schema has no such field or collection', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const { ana } = await refusedThree(world, { disk })
    await world.time.of(ana.close())
    const bare = collection('notes', { other: register() }, { space: 'course' })
    const other = collection('others', {}, { space: 'course' })
    for (const collections of [{ notes: bare }, { others: other }]) {
      const again = await world.open({ disk, collections: collections as never })
      const told = (await world.time.of(again.quarantine.list())).map(({ changes }) => changes)
      expect(told).toMatchObject([
        [{ field: 'body', after: 'one ' }],
        [{ field: 'body', after: 'two ' }],
        [
          { field: expect.stringMatching(/^minutes\/[0-9a-f]{8}$/), after: 7 },
          { field: 'title', before: 'Light', after: 'three' },
        ],
      ])
      await world.time.of(again.close())
    }
  })

  test('[CL155] keeps only the bytes of what is very large, and says so', async () => {
    const world = await createWorld()
    const { ana, note } = await begun(world)
    // The server takes less than a device does.
    const large = note.edit((n) => n.body.insert(0, '\u0001'.repeat(100_000)))
    refuseNext(world, 'body')
    ana.goOnline()
    expect(await endOf(world, large)).toBe('rule')
    expect(await world.time.of(ana.quarantine.list())).toMatchObject([{ changes: [], omitted: 'too-large' }])
    const [exported] = await world.time.of(ana.quarantine.export(large.id))
    expect(exported?.bytes.length).toBeGreaterThan(100_000)
    await expect(world.time.of(ana.quarantine.retry(large.id))).rejects.toMatchObject({ kind: 'too-large' })
  })

  test('[CL153] of a transaction of which a part was damaged the rest is not made again', async () => {
    const world = await createWorld()
    const store = memoryStore(new MemoryDisk())
    const { ana, note } = await begun(world, { store })
    const both = note.edit((n) => {
      n.title.set('half')
      n.body.insert(0, 'half ')
    })
    await world.time.of(both.device)
    const rows = (await store.scan({ from: 'row|', to: 'row}' })).filter(([key]) => key.includes('/body|'))
    const last = rows
      .slice(-1)
      .map(([key, bytes]) => [key, bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte))] as const)
    await store.commit({ put: last })
    ana.goOnline()
    expect(await endOf(world, both)).toBe('storage-corrupt')
    await world.time.pass(5_000)
    expect(await world.time.of(ana.quarantine.list())).toMatchObject([
      { changes: [{ after: 'half' }], omitted: 'untold' },
    ])
    await expect(world.time.of(ana.quarantine.retry(both.id))).rejects.toMatchObject({ kind: 'depends' })
    expect(note.view()).toMatchObject({ title: 'Light', body: 'kept. ' })
  })

  test('[CL153] nor where a record of the quarantine was damaged', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const { ana, note } = await begun(world, { disk })
    const both = note.edit((n) => {
      n.title.set('half')
      n.body.insert(0, 'half ')
    })
    refuseNext(world, '')
    ana.goOnline()
    expect(await endOf(world, both)).toBe('rule')
    await world.time.of(ana.close())
    const [first = ''] = (await keysOf(disk)).filter((key) => key.startsWith('quarantine|'))
    await flip(disk, first, 40)
    const again = await world.open({ disk })
    expect(again.status.now).toMatchObject({ rejected: 1, lost: 1 })
    await expect(world.time.of(again.quarantine.retry(both.id))).rejects.toMatchObject({ kind: 'depends' })
  })

  test('[CL159] what was sent when its space was left is not made again, and what was not sent is', async () => {
    const world = await createWorld()
    const { ana, note } = await begun(world)
    const sent = note.edit((n) => n.body.insert(0, 'sent '))
    world.swallow = (from, frame) => from === 'server' && kindOf(from, frame) === 'acks'
    ana.goOnline()
    await world.time.pass(500)
    const unsent = note.edit((n) => n.minutes.add(1))
    ana.goOffline()
    await world.time.of(unsent.device)
    await world.time.of(ana.leave('course-7'))
    world.swallow = () => false
    const told = await world.time.of(ana.quarantine.list())
    expect(told).toMatchObject([
      { id: sent.id, unanswered: true },
      { id: unsent.id, unanswered: false },
    ])
    await expect(world.time.of(ana.quarantine.retry(unsent.id))).rejects.toMatchObject({ kind: 'not-found' })
    ana.goOnline()
    await world.time.of(ana.join('course-7', 'course'))
    await world.level(ana)
    await expect(world.time.of(ana.quarantine.retry(sent.id))).rejects.toMatchObject({ kind: 'depends' })
    await world.time.of(ana.quarantine.retry(unsent.id))
    await world.level(ana)
    expect(await seenByBob(world)).toMatchObject({ body: 'sent kept. ', minutes: 1 })
    expect(ana.status.now.rejected).toBe(1)
  })
})
