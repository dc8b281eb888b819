import { parseDocumentKey } from '@rejoin/base'
import { collection, counter, register, set, text } from '@rejoin/schema'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length

const assets = collection(
  'assets',
  {
    title: register(),
    rating: register().writtenBy('owner'),
    answer: text().writtenBy('owner'),
    minutes: counter().writtenBy('owner'),
    tags: set(),
  },
  {
    space: 'course',
    derive: { average: (asset) => mean(Object.values(asset.rating).filter((value) => typeof value === 'number')) },
  },
)
const known = { assets }

describe('parts of owners', () => {
  test('[CL124] every user writes a part of their own, all read all, and what is open shows what arrives', async () => {
    const world = await createWorld()
    const [ana, bo, eve] = [await world.as('ana', known), await world.as('bo', known), await world.as('eve', known)]
    world.roles.set('eve', 'viewer')
    const asset = await world.time.of(ana.assets.create({ title: 'Photo', rating: 2, answer: 'By Ana' }))
    await world.level(ana, bo)
    const bos = await world.time.of(bo.assets.open(asset.id))
    const shown: unknown[] = []
    asset.watch(({ rating, answer }) => shown.push([rating, answer]))
    const receipt = bos?.edit((draft) => {
      draft.rating.set(5)
      draft.answer.insert(0, 'By Bo')
      draft.minutes.add(3)
    })
    await world.time.of(receipt?.stored ?? Promise.reject(new Error('it is not here')))
    await world.level(ana, bo)
    const expected = {
      rating: { ana: 2, bo: 5 },
      answer: { ana: 'By Ana', bo: 'By Bo' },
      minutes: { bo: 3 },
      average: 3.5,
    }
    for (const each of [asset, bos]) expect(each?.view()).toMatchObject(expected)
    expect(shown.at(-1)).toEqual([expected.rating, expected.answer])
    expect(bos?.hash()).toBe(asset.hash())
    await world.level(eve)
    expect(await world.time.of(eve.assets.list())).toMatchObject([expected])
    const read = await world.time.of(eve.assets.open(asset.id))
    expect(read?.hash()).toBe(asset.hash())
  })

  test('[CL124] two devices of one user merge in their part', async () => {
    const world = await createWorld()
    const [phone, laptop] = [await world.as('ana', known), await world.as('ana', known)]
    const asset = await world.time.of(phone.assets.create({ title: 'Photo' }))
    await world.level(phone, laptop)
    const other = await world.time.of(laptop.assets.open(asset.id))
    for (const each of [phone, laptop]) each.goOffline()
    asset.edit((draft) => {
      draft.minutes.add(2)
      draft.answer.insert(0, 'one ')
    })
    other?.edit((draft) => {
      draft.minutes.add(3)
      draft.answer.insert(0, 'two ')
      draft.rating.set(4)
    })
    for (const each of [phone, laptop]) each.goOnline()
    await world.level(phone, laptop)
    expect(asset.view()).toMatchObject({ minutes: { ana: 5 }, rating: { ana: 4 } })
    expect(asset.view().answer['ana']).toHaveLength(8)
    expect(other?.hash()).toBe(asset.hash())
  })

  test('[CL125] a part of somebody else is refused by the server, whatever a replica writes', async () => {
    const world = await createWorld()
    const ana = await world.as('ana', known)
    const asset = await world.time.of(ana.assets.create({ title: 'Photo' }))
    await world.level(ana)
    // It says that it writes for Bo, and its token is of Eve.
    world.users.set('a token', 'eve')
    const hostile = await world.as('bo', known, { token: 'a token' })
    await world.level(hostile)
    const taken = await world.time.of(hostile.assets.open(asset.id))
    const receipt = taken?.edit((draft) => draft.rating.set(1))
    await expect(world.time.of(receipt?.stored ?? Promise.resolve())).rejects.toMatchObject({ kind: 'read-only-part' })
    await world.level(ana)
    expect([asset.view().rating, taken?.view().rating]).toEqual([{}, {}])
    expect(hostile.status.now.rejected).toBe(1)
  })

  test('[CL126] where nobody has signed in, a part of owners is read and not written', async () => {
    const world = await createWorld()
    const ana = await world.as('ana', known)
    await world.time.of(ana.assets.create({ title: 'Photo', rating: 2 }))
    await world.level(ana)
    const nobody = await world.as('ana', known, { user: undefined as never, token: undefined as never })
    await world.level(nobody)
    const [view] = await world.time.of(nobody.assets.list())
    expect(view).toMatchObject({ rating: { ana: 2 } })
    const asset = await world.time.of(nobody.assets.open(view?.id ?? ''))
    expect(() => asset?.edit((draft) => draft.rating.set(3))).toThrow(
      expect.objectContaining({
        kind: 'read-only-part',
        message: 'Field rating is written by each user for themselves; who edits here is not known.',
      }),
    )
    asset?.edit((draft) => draft.title.set('Anybody'))
    await expect(world.time.of(nobody.assets.create({ rating: 3 }))).rejects.toMatchObject({ kind: 'read-only-part' })
  })

  test('[CL127] rows of an owner that wait survive a restart; what is packed and folded reads the same', async () => {
    const world = await createWorld()
    world.serverOptions = { limits: { foldEntriesMin: 4, foldBytesMin: 1 } }
    await world.stop()
    await world.start()
    const disk = new MemoryDisk()
    const limits = { tailRowsMax: 3 }
    const [ana, bo] = [await world.as('ana', known, { disk, limits }), await world.as('bo', known, { limits })]
    const asset = await world.time.of(ana.assets.create({ title: 'Photo' }))
    await world.level(ana, bo)
    const bos = await world.time.of(bo.assets.open(asset.id))
    for (let i = 0; i < 10; i++) {
      asset.edit((draft) => {
        draft.rating.set(i)
        draft.answer.insert(0, 'x')
      })
      bos?.edit((draft) => draft.minutes.add(1))
      await world.level(ana, bo)
    }
    ana.goOffline()
    asset.edit((draft) => {
      draft.rating.set(99)
      draft.answer.insert(0, '!')
    })
    await world.time.of(ana.close())
    const again = await world.as('ana', known, { disk, limits, offline: true })
    expect(again.status.now.pending).toBe(2)
    const opened = await world.time.of(again.assets.open(asset.id))
    const expected = { rating: { ana: 99 }, answer: { ana: '!xxxxxxxxxx' }, minutes: { bo: 10 } }
    expect(opened?.view()).toMatchObject(expected)
    expect(await world.time.of(again.assets.list())).toMatchObject([expected])
    again.goOnline()
    await world.level(again, bo)
    await world.server.fold()
    const folded = new Set<string>()
    for await (const { kind, document } of world.server.entries('course-7'))
      if (kind === 'snapshot') folded.add(parseDocumentKey(document).part)
    expect([...folded]).toEqual(expect.arrayContaining(['owner:ana', 'owner:bo']))
    const eve = await world.as('eve', known)
    await world.level(eve)
    for (const each of [again, bo, eve]) {
      const read = await world.time.of(each.assets.open(asset.id))
      expect(read?.view()).toMatchObject(expected)
      expect(read?.hash()).toBe(opened?.hash())
    }
    await world.time.of(eve.close())
  })

  test('[CL127] a refused write of an owner is rebuilt away, and what is written after it stands', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.as('ana', known, { disk })
    const bo = await world.as('bo', known)
    const asset = await world.time.of(ana.assets.create({ title: 'Photo' }))
    await world.level(ana, bo)
    const bos = await world.time.of(bo.assets.open(asset.id))
    bos?.edit((draft) => draft.rating.set(3))
    await world.level(ana, bo)
    world.rule = ({ document }) =>
      document.part === 'shared' && document.field === '' ? { kind: 'rule', message: 'No titles.' } : undefined
    const refused = asset.edit((draft) => {
      draft.title.set('No')
      draft.rating.set(1)
    })
    await expect(world.time.of(refused.stored)).rejects.toMatchObject({ kind: 'rule' })
    await world.time.until(() => asset.view().title === 'Photo')
    expect(asset.view()).toMatchObject({ title: 'Photo', rating: { bo: 3 } })
    // The first write to a document that the rebuild did not see.
    const first = asset.edit((draft) => {
      draft.answer.insert(0, 'Yes')
      draft.rating.set(2)
    })
    await world.time.of(first.stored)
    await world.level(ana, bo)
    await world.time.of(ana.close())
    const again = await world.as('ana', known, { disk })
    await world.level(again)
    const read = await world.time.of(again.assets.open(asset.id))
    expect(read?.view()).toMatchObject({ title: 'Photo', rating: { ana: 2, bo: 3 }, answer: { ana: 'Yes' } })
    expect(read?.hash()).toBe(bos?.hash())
  })

  test('[CL60] nothing of any owner stays behind when a space is left', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const [ana, bo] = [await world.as('ana', known, { disk }), await world.as('bo', known)]
    const asset = await world.time.of(ana.assets.create({ title: 'Photo', rating: 1 }))
    await world.level(ana, bo)
    const bos = await world.time.of(bo.assets.open(asset.id))
    bos?.edit((draft) => draft.rating.set(2))
    await world.level(ana, bo)
    ana.goOffline()
    asset.edit((draft) => draft.rating.set(9))
    await world.time.of(ana.flushed())
    expect(await world.time.of(ana.leave('course-7'))).toEqual({ quarantined: 1 })
    await world.time.of(ana.close())
    disk.crash()
    const store = memoryStore(disk)
    const keys = (await store.scan({ from: ' ', to: '~' })).map(([key]) => key)
    await store.close()
    expect(keys.filter((key) => !/^(meta$|writer\||receipts\||numbers\||quarantine\|)/.test(key))).toEqual([])
  })
})
