import { failEachCall, failingStore } from '@rejoin/storage/testing'
import { memoryStore, MemoryDisk } from '@rejoin/storage/memory'
import type { Receipt } from '@rejoin/client'
import { describe, expect, test } from 'vitest'
import { damage, keysOf } from './disks.ts'
import { createWorld } from './world.ts'

describe('a store that fails', () => {
  test('[CL80] edits go on in memory, receipts and status say so, and everything is written when it works again', async () => {
    const begin = async (nth: number) => {
      const world = await createWorld()
      const store = failingStore(memoryStore(), {
        nth,
        times: Number.POSITIVE_INFINITY,
        only: ['commit'],
        kind: 'storage-full',
      })
      const ana = await world.open({ store })
      const note = await world.time.of(ana.notes.create({ title: 'on disk' }))
      await world.level(ana)
      await world.time.pass(1_000)
      return { world, store, ana, note }
    }
    const whole = await begin(Number.MAX_SAFE_INTEGER)
    const { world, store, ana, note } = await begin(whole.store.counted + 1)
    const receipt = note.edit((n) => n.body.insert(0, 'in memory'))
    await world.time.pass(5_000)
    expect(store.failed).toBeGreaterThan(1)
    expect(receipt.state).toBe('memory')
    expect(ana.status.now).toMatchObject({ storage: 'failing', synced: false, pending: 1 })
    expect(ana.status.now.storageProblem).toMatchObject({ kind: 'storage-full' })
    await expect(world.time.of(ana.flushed())).rejects.toMatchObject({ kind: 'storage-full' })
    expect(note.view().body).toBe('in memory')
    expect(await world.time.of(ana.notes.list())).toMatchObject([{ title: 'on disk', body: 'in memory' }])
    await world.time.of(note.close())
    const again = await world.time.of(ana.notes.open(note.id))
    expect(again?.view().body).toBe('in memory')
    store.repair()
    await world.time.of(receipt.stored)
    await world.level(ana)
    expect(ana.status.now).toMatchObject({ storage: 'ok', storageProblem: undefined, pending: 0 })
    expect(await world.time.of(ana.notes.list())).toMatchObject([{ title: 'on disk', body: 'in memory' }])
  })

  test('[CL99] what comes from the server meanwhile has an end, and goes on when it works again', async () => {
    const world = await createWorld()
    const store = failingStore(memoryStore(), { nth: 10, times: Number.POSITIVE_INFINITY, only: ['commit'] })
    const ana = await world.open({ store })
    const bob = await world.open()
    const note = await world.time.of(bob.notes.create({ title: 'one' }))
    for (let i = 0; i < 60; i++) {
      note.edit((n) => n.body.insert(0, 'x'.repeat(100_000)))
      await world.level(bob)
    }
    expect(store.failed).toBeGreaterThan(0)
    await world.time.pass(10_000)
    expect(ana.traffic.bytesDown).toBeLessThan(3_000_000)
    expect(ana.status.now).toMatchObject({ storage: 'failing', synced: false })
    store.repair()
    await world.time.pass(2_000)
    await world.level(ana, bob)
    const here = await world.time.of(ana.notes.open(note.id))
    expect(here?.hash()).toBe(note.hash())
  })

  test('[CL81] a close that cannot write says so, and no receipt claims what is not on disk', async () => {
    const world = await createWorld()
    const store = failingStore(memoryStore(), {
      nth: 2,
      times: Number.POSITIVE_INFINITY,
      only: ['commit'],
      kind: 'storage-full',
    })
    const ana = await world.open({ store, offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'lost' }))
    const receipt = note.edit((n) => n.body.insert(0, 'too'))
    const closed = ana.close()
    await expect(world.time.of(closed)).rejects.toMatchObject({ kind: 'storage-full' })
    await expect(receipt.device).rejects.toMatchObject({ kind: 'storage-full' })
    await expect(receipt.stored).rejects.toMatchObject({ kind: 'storage-full' })
    expect(ana.close()).toBe(closed)
  })

  test('[CL82] whichever call to the store fails once, nothing is lost and no receipt is wrong', async () => {
    const calls = await failEachCall(async (plan) => {
      const world = await createWorld()
      const disk = new MemoryDisk()
      const store = failingStore(memoryStore(disk), plan)
      let refuses = false
      world.rule = ({ document }) =>
        refuses && document.field === 'body' ? { kind: 'rule', message: 'Refused.' } : undefined
      const ana = await world.open({ store }).catch(() => undefined)
      if (ana === undefined) return store
      const said: Receipt[] = []
      const made = await world.time.of(ana.notes.create({ title: 'one' })).catch(() => undefined)
      const note = made ?? (await world.time.of(ana.notes.create({ title: 'one' })))
      said.push(note.edit((n) => n.body.insert(0, 'kept ')))
      await world.level(ana)
      refuses = true
      const refused = note.edit((n) => n.body.insert(5, 'refused'))
      await expect(world.time.of(refused.stored)).rejects.toMatchObject({ kind: 'rule' })
      refuses = false
      said.push(note.edit((n) => n.minutes.add(5)))
      await world.level(ana)
      ana.goOffline()
      said.push(note.edit((n) => n.body.insert(5, 'offline')))
      const wasClosed = await world.time.of(ana.close()).then(
        () => true,
        () => false,
      )
      const again = await world.open({ disk })
      await world.level(again)
      const [view] = await world.time.of(again.notes.list())
      const body = wasClosed ? 'kept offline' : 'kept '
      expect(view, JSON.stringify(plan)).toMatchObject({ title: 'one', body, minutes: 5 })
      for (const { id } of wasClosed ? said : said.slice(0, -1))
        expect(await world.time.of(again.receipts.find(id))).toBe('stored')
      expect(await world.time.of(again.receipts.find(refused.id))).toBe('rejected')
      expect(again.status.now).toMatchObject({ pending: 0, rejected: 1 })
      await world.time.of(again.close())
      return store
    })
    expect(calls).toBeGreaterThan(20)
  })
})

describe('damaged records', () => {
  test('[CL83] what the server has is set aside and asked for again, our own writes too', async () => {
    for (const pattern of [/^row\|/, /^base\|/, /^space\|/, /^numbers\|/, /^writer\|/, /^view\|/, /^receipts\|/]) {
      const world = await createWorld()
      const disk = new MemoryDisk()
      const limits = { tailRowsMax: 3 }
      const ana = await world.open({ disk, limits })
      const note = await world.time.of(ana.notes.create({ title: 'mine' }))
      for (let i = 0; i < 6; i++) {
        note.edit((n) => n.body.insert(0, `${i} `))
        await world.level(ana)
      }
      const { body } = note.view()
      await world.time.of(ana.close())
      expect(await damage(disk, pattern), String(pattern)).toBeGreaterThan(0)
      const again = await world.open({ disk, limits })
      await world.time.of(again.notes.list())
      await world.time.pass(1_000)
      await world.level(again)
      expect(await world.time.of(again.notes.list()), String(pattern)).toMatchObject([{ title: 'mine', body }])
      const opened = await world.time.of(again.notes.open(note.id))
      await world.time.of(
        opened?.edit((n) => n.body.insert(0, 'still ')).stored ?? Promise.reject(new Error('not there')),
      )
    }
  })

  test('[CL84] a store that lost its counters writes over nothing', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    note.edit((n) => n.body.insert(0, 'first'))
    await world.time.of(ana.close())
    expect(await damage(disk, /^meta$/)).toBe(1)
    const again = await world.open({ disk, offline: true })
    const opened = await world.time.of(again.notes.open(note.id))
    opened?.edit((n) => n.body.insert(0, 'second '))
    await world.time.of(again.flushed())
    again.goOnline()
    await world.level(again)
    expect(await world.time.of(again.notes.list())).toMatchObject([{ title: 'one', body: 'second first' }])
    expect(again.status.now.rejected).toBe(0)
  })

  test('[CL84] nor does it use the number of a row that is lost, by which that is known', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.time.of(ana.flushed())
    note.edit((n) => n.body.insert(0, 'lost'))
    await world.time.of(ana.close())
    expect(await damage(disk, /^row.*body/)).toBe(1)
    await world.time.of((await world.open({ disk, offline: true })).close())
    expect(await damage(disk, /^meta$/)).toBe(1)
    const again = await world.open({ disk, offline: true })
    await world.time.of(again.notes.create({ title: 'two' }))
    await world.time.of(again.close())
    const numbers = (await keysOf(disk)).filter((key) => /^(lost.)?row/.test(key)).map((key) => key.split('|').at(-1))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers).toHaveLength(3)
  })

  test('[CL85] an unsent row that is damaged takes what was written on top of it to quarantine, and its bytes are kept', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    await world.time.of(ana.flushed())
    note.edit((n) => n.body.insert(0, 'damaged'))
    await world.time.of(ana.flushed())
    const above = note.edit((n) => n.body.insert(7, ' above'))
    const other = await world.time.of(ana.notes.create({ title: 'other' }))
    await world.time.of(ana.close())
    const [first = ''] = (await keysOf(disk)).filter((key) => key.startsWith('row|') && key.includes('/body|'))
    await damage(disk, new RegExp(first.replaceAll('|', '\\|').replaceAll('.', '\\.')))
    const again = await world.open({ disk })
    await world.level(again)
    expect(again.status.now).toMatchObject({ pending: 0, rejected: 1 })
    expect(await world.time.of(again.quarantine.list())).toMatchObject([{ id: above.id, kind: 'storage-corrupt' }])
    expect(await world.time.of(again.receipts.find(above.id))).toBe('rejected')
    const titles = (await world.time.of(again.notes.list())).map(({ title, body }) => [title, body])
    expect(titles).toEqual(
      expect.arrayContaining([
        ['one', ''],
        ['other', ''],
      ]),
    )
    const opened = await world.time.of(again.notes.open(note.id))
    await world.time.of(
      opened?.edit((n) => n.body.insert(0, 'goes on')).stored ?? Promise.reject(new Error('not there')),
    )
    await world.time.of(again.close())
    expect((await keysOf(disk)).filter((key) => /^(damaged|lost)\|/.test(key))).toEqual([`lost|${first}`])
    expect(other.id).not.toBe(note.id)
  })

  test('[CL86] an entry that is damaged is sealed again with all that was sealed behind it', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk })
    await world.level(ana)
    world.swallow = (from) => from === 'server'
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    for (let i = 0; i < 3; i++) {
      note.edit((n) => {
        n.body.insert(0, `${i} `)
        n.minutes.add(1)
      })
      await world.time.pass(10)
    }
    const { body } = note.view()
    disk.crash()
    world.cut()
    const entries = (await keysOf(disk)).filter((key) => key.startsWith('entry|'))
    expect(entries.length).toBeGreaterThan(0)
    await damage(disk, new RegExp((entries[0] ?? '').replaceAll('|', '\\|')))
    world.swallow = () => false
    const again = await world.open({ disk })
    await world.level(again)
    expect(again.status.now).toMatchObject({ pending: 0, rejected: 0 })
    expect(await world.time.of(again.notes.list())).toMatchObject([{ title: 'one', body, minutes: 3 }])
    const bob = await world.open()
    await world.level(bob)
    expect(await world.time.of(bob.notes.list())).toMatchObject([{ title: 'one', body, minutes: 3 }])
  })
})
