import { memoryStore, MemoryDisk } from '@rejoin/storage/memory'
import { decodeClientFrame } from '@rejoin/protocol'
import type { Store } from '@rejoin/storage'
import { describe, expect, test } from 'vitest'
import { copyOf } from './disks.ts'
import { createWorld } from './world.ts'

const never = (): never => {
  throw new Error('not there')
}

describe('two replicas on copies of one store', () => {
  for (const moment of ['waiting', 'sealed', 'acknowledged here'] as const)
    test(`[CL93] an edit that both hold, ${moment}, is stored once in effect, and both end level`, async () => {
      const world = await createWorld()
      const store = memoryStore()
      const ana = await world.open({ store })
      const note = await world.time.of(ana.notes.create({ title: 'one', body: 'both ', tags: ['a'], steps: ['x'] }))
      await world.level(ana)
      if (moment === 'waiting') ana.goOffline()
      if (moment === 'sealed') world.swallow = () => true
      if (moment === 'acknowledged here') world.swallow = (from) => from === 'server'
      note.edit((n) => {
        n.minutes.add(5)
        n.body.insert(5, 'unsent')
        n.steps.push('y')
      })
      await world.time.of(ana.flushed())
      await world.time.pass(100)
      const disk = await copyOf(store)
      world.swallow = () => false
      ana.goOnline()
      const copy = await world.open({ disk })
      const seen: boolean[] = []
      copy.status.watch(({ synced }) => seen.push(synced))
      expect(copy.status.now.synced).toBe(false)
      note.edit((n) => {
        n.minutes.add(1)
        n.body.insert(0, 'first ')
      })
      const twin = (await world.time.of(copy.notes.open(note.id))) ?? never()
      twin.edit((n) => {
        n.minutes.add(10)
        n.body.insert(0, 'second ')
      })
      await world.level(ana, copy)
      await world.time.pass(20_000)
      await world.level(ana, copy)
      const bob = await world.open()
      await world.level(bob)
      const seenByBob = (await world.time.of(bob.notes.open(note.id))) ?? never()
      expect(seenByBob.view()).toMatchObject({ minutes: 16, steps: ['x', 'y'], tags: ['a'] })
      expect([note.hash(), twin.hash()]).toEqual([seenByBob.hash(), seenByBob.hash()])
      expect(ana.status.now).toMatchObject({ pending: 0, rejected: 0 })
      expect(copy.status.now).toMatchObject({ pending: 0, rejected: 0 })
    })
})

describe('a copied device', () => {
  test('[CL92] takes a name of its own when it meets its double, and keeps it', async () => {
    const world = await createWorld()
    const hellos = new Set<string>()
    world.seen = (from, frame) => {
      const decoded = from === 'client' ? decodeClientFrame(frame) : undefined
      if (decoded?.ok === true && decoded.value.kind === 'hello') hellos.add(decoded.value.device)
    }
    const store = memoryStore()
    const ana = await world.open({ store })
    await world.time.of(ana.notes.create({ title: 'one' }))
    await world.level(ana)
    const disk = await copyOf(store)
    const other = await copyOf(store)
    const copies = [await world.open({ disk }), await world.open({ disk: other })]
    await world.level(ana, ...copies)
    await world.time.pass(60_000)
    const before = world.connections
    await world.time.pass(600_000)
    expect(world.connections).toBe(before)
    expect([ana, ...copies].map(({ status }) => status.now.synced)).toEqual([true, true, true])
    expect(hellos.size).toBe(3)
    for (const copy of copies) await world.time.of(copy.close())
    const again = await world.open({ disk })
    await world.level(ana, again)
    expect(hellos.size).toBe(3)
  })
})

describe('a device that was set back to an older copy of its store', () => {
  test('[CL94] gets its own entries from the server, writes under no old client id, and says synced only then', async () => {
    const world = await createWorld()
    const store = memoryStore()
    const ana = await world.open({ store })
    const note = await world.time.of(ana.notes.create({ title: 'one', body: 'old ' }))
    await world.level(ana)
    note.edit((n) => n.minutes.add(1))
    await world.time.of(ana.flushed())
    const old = await copyOf(store)
    for (let i = 0; i < 5; i++) {
      note.edit((n) => {
        n.minutes.add(1)
        n.body.insert(0, `${i} `)
        n.title.set(`title ${i}`)
      })
      await world.level(ana)
    }
    const { body } = note.view()
    await world.time.of(ana.close())

    const back = await world.open({ disk: old, offline: true })
    const again = (await world.time.of(back.notes.open(note.id))) ?? never()
    expect(again.view()).toMatchObject({ body: 'old ', minutes: 1 })
    again.edit((n) => {
      n.minutes.add(100)
      n.body.insert(4, 'since')
    })
    await world.time.of(back.flushed())
    const synced: boolean[] = []
    back.status.watch((status) => {
      if (status.synced) expect(again.view().minutes).toBe(107 - 1)
      synced.push(status.synced)
    })
    back.goOnline()
    await world.level(back)
    expect(again.view()).toMatchObject({ body: `${body}since`, minutes: 106, title: 'title 4' })
    const bob = await world.open()
    await world.level(bob)
    const seen = (await world.time.of(bob.notes.open(note.id))) ?? never()
    expect(seen.hash()).toBe(again.hash())
    expect(back.status.now).toMatchObject({ pending: 0, rejected: 0, synced: true })
  })
})

describe('a copy made after any store transaction', () => {
  /** Three entities, a refusal, entries that wait and entries on their way; the disk as it was after the n-th commit. */
  async function written(nth: number) {
    const world = await createWorld()
    world.rule = ({ document }) => (document.field === 'steps' ? { kind: 'rule', message: 'No steps.' } : undefined)
    const authors = new Map<number, Set<string>>()
    world.seen = (from, frame) => {
      const decoded = from === 'client' ? decodeClientFrame(frame) : undefined
      if (decoded?.ok !== true || decoded.value.kind !== 'writer') return
      const { writer, clientIds } = decoded.value
      for (const id of clientIds) authors.set(id, (authors.get(id) ?? new Set()).add(writer))
    }
    const inner = memoryStore()
    let commits = 0
    let disk: MemoryDisk | undefined
    const store: Store = {
      durability: 'memory',
      get: (keys) => inner.get(keys),
      scan: (range) => inner.scan(range),
      commit: async (batch) => {
        const outcome = await inner.commit(batch)
        commits += 1
        if (commits === nth) disk = await copyOf(inner)
        return outcome
      },
      close: () => inner.close(),
      [Symbol.asyncDispose]: () => inner.close(),
    }
    const ana = await world.open({ store, limits: { tailRowsMax: 3 } })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    for (let i = 0; i < 8; i++) {
      note.edit((n) => {
        n.minutes.add(1)
        n.body.insert(0, `${i} `)
      })
      await world.time.pass(3 * i)
    }
    await world.level(ana)
    note.edit((n) => n.steps.push('refused'))
    await world.level(ana)
    ana.goOffline()
    note.edit((n) => n.minutes.add(1))
    await world.time.pass(100)
    note.edit((n) => n.body.insert(0, '8 '))
    await world.time.pass(100)
    ana.goOnline()
    await world.level(ana)
    return { world, ana, note, disk, commits, authors }
  }

  for (const what of ['beside the first', 'in its place'] as const)
    test(`[CL93, CL94] opened ${what}: all are level, with every effect once`, async () => {
      const { commits } = await written(0)
      expect(commits).toBeGreaterThan(20)
      for (let nth = 1; nth <= commits; nth++) {
        const { world, ana, note, disk = never(), authors } = await written(nth)
        if (what === 'in its place') await world.time.of(ana.close())
        const copy = await world.open({ disk, limits: { tailRowsMax: 3 } })
        await world.level(copy)
        const twin = (await world.time.of(copy.notes.open(note.id))) ?? never()
        await world.time.of(twin.edit((n) => n.minutes.add(100)).stored)
        if (what === 'beside the first') await world.level(ana, copy)
        const bob = await world.open()
        await world.level(bob)
        const seen = (await world.time.of(bob.notes.open(note.id))) ?? never()
        expect(seen.view(), `copied after commit ${nth}`).toMatchObject({
          title: 'one',
          body: '8 7 6 5 4 3 2 1 0 ',
          minutes: 109,
          steps: [],
        })
        expect([twin.hash(), what === 'beside the first' ? note.hash() : twin.hash()]).toEqual([
          seen.hash(),
          seen.hash(),
        ])
        await world.level(copy, bob)
        expect(copy.status.now.pending).toBe(0)
        // No CRDT client id ever stands for two histories.
        for (const writers of authors.values()) expect(writers.size).toBe(1)
        expect(authors.size).toBeGreaterThan(1)
      }
    })
})

describe('a store that is gone', () => {
  test('[CL95] the replica is a new device: nothing is synced before it is, and nothing old is used again', async () => {
    const world = await createWorld()
    const ana = await world.open({ disk: new MemoryDisk() })
    const note = await world.time.of(ana.notes.create({ title: 'one', body: 'text' }))
    await world.level(ana)
    ana.goOffline()
    const lost = note.edit((n) => n.body.insert(4, ' lost'))
    await world.time.of(lost.device)
    await world.time.of(ana.close())
    const again = await world.open({ disk: new MemoryDisk(), offline: true })
    expect(again.status.now).toMatchObject({ synced: false, pending: 0 })
    expect(await world.time.of(again.receipts.find(lost.id))).toBeUndefined()
    expect(await world.time.of(again.notes.list())).toEqual([])
    await world.time.pass(60_000)
    expect(again.status.now.synced).toBe(false)
    again.goOnline()
    await world.level(again)
    expect(await world.time.of(again.notes.list())).toMatchObject([{ title: 'one', body: 'text' }])
  })
})
