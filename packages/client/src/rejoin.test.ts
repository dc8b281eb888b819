import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { collection, counter, register, set, text } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import { openRejoin } from './rejoin.ts'

const notes = collection(
  'notes',
  { title: register(), body: text(), tags: set(), minutes: counter() },
  { space: 'course' },
)

const open = (disk: MemoryDisk): ReturnType<typeof openRejoin<{ notes: typeof notes }>> =>
  openRejoin({ collections: { notes }, spaces: { course: 'course-7' }, store: memoryStore(disk), user: 'ana' })

interface Minutes {
  readonly minutes: { add(count: number): void }
}

describe('a replica without a server', () => {
  test('[CL1] what had a device receipt is there after the next open', async () => {
    const disk = new MemoryDisk()
    const first = await open(disk)
    const note = await first.notes.create({ title: 'Photosynthesis' })
    const receipt = note.edit((n) => {
      n.body.insert(0, 'Light')
      n.minutes.add(5)
      n.tags.add('biology')
    })
    expect(receipt.state).toBe('memory')
    await receipt.device
    expect(receipt.state).toBe('device')
    await first.close()

    const second = await open(disk)
    expect(await second.notes.list()).toEqual([
      { id: note.id, title: 'Photosynthesis', body: 'Light', tags: ['biology'], minutes: 5 },
    ])
    expect(await second.receipts.find(receipt.id)).toBe('pending')
    expect(second.status.now.pending).toBe(3)
    await second.close()
  })

  test('[CL43] an edit made by the first showing is shown too', async () => {
    const replica = await open(new MemoryDisk())
    const note = await replica.notes.create({ title: 'a' })
    const last = await new Promise<number>((resolve) => {
      note.watch((view) => {
        if (view.minutes === 0) note.edit((n) => n.minutes.add(1))
        else resolve(view.minutes)
      })
    })
    expect(last).toBe(1)
    await replica.close()
  })

  test('[CL44] a list is made by the schema that the app has now, also of what was listed by an older one', async () => {
    const disk = new MemoryDisk()
    const first = await open(disk)
    await first.notes.create({ title: 'Photosynthesis', minutes: 90 })
    expect(await first.notes.list()).toMatchObject([{ title: 'Photosynthesis' }])
    await first.close()
    const newer = collection(
      'notes',
      {
        caption: register(undefined, { lens: { from: 'title', up: (title) => `about ${String(title)}` } }),
        minutes: counter(),
      },
      { space: 'course', derive: { hours: (note) => note.minutes / 60 } },
    )
    const second = await openRejoin({
      collections: { notes: newer },
      spaces: { course: 'course-7' },
      store: memoryStore(disk),
      user: 'ana',
    })
    expect(await second.notes.list({ where: { hours: { above: 1 } } })).toMatchObject([
      { caption: 'about Photosynthesis', minutes: 90, hours: 1.5 },
    ])
    await second.close()
  })

  test('[CL42] a list shows what its query selects, and shows again only when that is another', async () => {
    const replica = await open(new MemoryDisk())
    const create = (title: string, minutes: number): Promise<{ edit(change: (n: Minutes) => void): unknown }> =>
      replica.notes.create({ title, minutes })
    const [long] = [await create('long', 90), await create('short', 5), await create('longer', 120)]
    const longOnes = { where: { minutes: { above: 60 } }, orderBy: { minutes: 'descending' } } as const
    const titles = (views: readonly { readonly title: unknown }[]): unknown[] => views.map(({ title }) => title)
    expect(titles(await replica.notes.list(longOnes))).toEqual(['longer', 'long'])
    expect(titles(await replica.notes.list({ ...longOnes, limit: 1 }))).toEqual(['longer'])

    const shown: unknown[][] = []
    const count: number[] = []
    let heard = (): void => undefined
    const until = (holds: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        heard = () => (holds() ? resolve() : undefined)
        heard()
      })
    const stop = replica.notes.watch(longOnes, (views) => (shown.push(titles(views)), heard()))
    replica.notes.watch({}, (views) => (count.push(views.length), heard()))
    await until(() => shown.length === 1)
    await create('brief', 1)
    await until(() => count.at(-1) === 4)
    long.edit((n) => n.minutes.add(100))
    await until(() => shown.length === 2)
    expect(shown).toEqual([
      ['longer', 'long'],
      ['long', 'longer'],
    ])
    stop()
    await expect(replica.notes.list({ limit: -1 })).rejects.toMatchObject({ kind: 'bad-config' })
    expect(() => replica.notes.watch({ orderBy: 5 as never }, () => undefined)).toThrow(/^orderBy takes/)
    await replica.close()
  })
})
