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
})
