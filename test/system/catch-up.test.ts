import { openRejoin } from '@rejoin/client'
import type { Rejoin } from '@rejoin/client'
import { collection, counter, register, text } from '@rejoin/schema'
import { createServer, devToken, hs256, listen, memory } from '@rejoin/server'
import type { Listener, RejoinServer } from '@rejoin/server'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const notes = collection('notes', { title: register(), body: text(), minutes: counter() }, { space: 'course' })
const comments = collection('comments', { text: register() }, { space: 'course' })
const both = { notes, comments }
const secret = 'a secret of the system tests, 32 bytes or more'

let server: RejoinServer
let listener: Listener
let token: string
const opened: { close(): Promise<void> }[] = []

beforeEach(async () => {
  server = await createServer({ store: memory(), authenticate: hs256(secret) })
  listener = await listen(server)
  token = await devToken({ secret, user: 'ada', spaces: { '*': 'editor' } })
})

afterEach(async () => {
  for (const replica of opened.splice(0)) await replica.close()
  await listener.close()
  await server.close()
})

async function open(disk = new MemoryDisk(), space = 'course-7'): Promise<Rejoin<typeof both>> {
  const replica = await openRejoin({
    collections: both,
    spaces: { course: space },
    store: memoryStore(disk),
    server: listener.url,
    token,
  })
  opened.push(replica)
  return replica
}

/** A space with `count` notes of one title and one line each, folded if asked. */
async function fill(count: number, space = 'course-7'): Promise<void> {
  const author = await open(new MemoryDisk(), space)
  for (let i = 0; i < count; i++) {
    const note = await author.notes.create({ title: `note ${i}`, body: `Line ${i} of the course.` })
    await note.close()
  }
  await author.settled()
  await author.close()
}

const cost = ({ traffic }: Rejoin<typeof both>): number => traffic.bytesUp + traffic.bytesDown - token.length

describe('catching up over a real socket', () => {
  test('a new replica gets everything, one entry a document once the log is folded', async () => {
    await fill(1)
    const author = await open()
    await author.settled()
    const [shown] = await author.notes.list()
    const note = await author.notes.open(shown?.id ?? 'none')
    for (let i = 0; i < 200; i++) await note?.edit((n) => n.minutes.add(1)).stored
    const before = await open()
    await before.settled()
    await server.fold('course-7')
    const after = await open()
    await after.settled()
    expect(await after.notes.list()).toEqual(await author.notes.list())
    expect((await after.notes.list())[0]?.minutes).toBe(200)
    expect(after.traffic.bytesDown).toBeLessThan(before.traffic.bytesDown / 10)
  })

  test('a replica that was away reads the tail and not the rest', async () => {
    await fill(200)
    const disk = new MemoryDisk()
    const first = await open(disk)
    await first.settled()
    const everything = first.traffic.bytesDown
    await first.close()
    await fill(2)
    const again = await open(disk)
    await again.settled()
    expect(await again.notes.list()).toHaveLength(202)
    expect(again.traffic.bytesDown).toBeLessThan(everything / 10)
  })

  test.each([
    ['with no document', 0],
    ['with 300 documents', 150],
  ])('an idle replica %s in three spaces costs a round trip of under 200 bytes besides the token', async (_, count) => {
    await fill(Math.max(1, count))
    await fill(1, 'course-8')
    await fill(1, 'course-9')
    const disk = new MemoryDisk()
    const first = await open(disk)
    await first.join('course-8', 'course')
    await first.join('course-9', 'course')
    await first.settled()
    await first.close()
    const idle = await open(disk)
    await idle.settled()
    expect(cost(idle)).toBeGreaterThan(0)
    expect(cost(idle)).toBeLessThan(200)
  })

  test('what an idle replica was level with goes on live', async () => {
    await fill(1)
    const disk = new MemoryDisk()
    const first = await open(disk)
    await first.settled()
    await first.close()
    const idle = await open(disk)
    await idle.settled()
    const seen = new Promise<number>((resolve) => {
      idle.notes.watch({}, (list) => {
        if (list.length === 3) resolve(list.length)
      })
    })
    await fill(2)
    expect(await seen).toBe(3)
  })

  test('a widened interest brings what is new in it and becomes one stream', async () => {
    const author = await open()
    await author.notes.create({ title: 'a' })
    await author.comments.create({ text: 'b' })
    await author.settled()
    const narrow = await openRejoin({
      collections: { notes },
      spaces: { course: 'course-7' },
      store: memoryStore(),
      server: listener.url,
      token,
    })
    opened.push(narrow)
    await narrow.settled()
    const before = narrow.traffic.bytesDown
    await narrow.widen('course-7', { collections: ['comments'] })
    await narrow.settled()
    expect(narrow.traffic.bytesDown).toBeGreaterThan(before)
    await author.comments.create({ text: 'c' })
    await author.settled()
    await narrow.settled()
    expect(await narrow.notes.list()).toHaveLength(1)
  })

  test('several spaces share one connection, and leaving one drops its copies', async () => {
    await fill(2)
    await fill(3, 'course-8')
    const replica = await open()
    await replica.join('course-8', 'course')
    await replica.settled()
    expect(await replica.notes.list()).toHaveLength(2)
    expect(await replica.notes.list({ space: 'course-8' })).toHaveLength(3)
    expect(server.stats().connections).toBe(1)
    expect(await replica.leave('course-8')).toEqual({ quarantined: 0 })
    await expect(replica.notes.list({ space: 'course-8' })).rejects.toMatchObject({ kind: 'not-found' })
    expect(await replica.notes.list()).toHaveLength(2)
  })
})
