import { openRejoin } from '@rejoin/client'
import type { Rejoin } from '@rejoin/client'
import { collection, register } from '@rejoin/schema'
import { createServer, devToken, hs256, listen, memory } from '@rejoin/server'
import type { Listener, RejoinServer } from '@rejoin/server'
import { memoryStore } from '@rejoin/storage/memory'
import { afterEach, beforeEach, expect, test } from 'vitest'

const notes = collection('notes', { title: register() }, { space: 'course' })
const collections = { notes }
const secret = 'a secret of the system tests, 32 bytes or more'
const count = 5_000

let server: RejoinServer
let listener: Listener
let replica: Rejoin<typeof collections>
const logged: string[] = []
let drops = 0

beforeEach(async () => {
  logged.length = 0
  drops = 0
  const log = (_level: unknown, event: string): void => void logged.push(event)
  server = await createServer({ store: memory(), authenticate: hs256(secret), ports: { log } })
  listener = await listen(server)
  replica = await openRejoin({
    collections,
    spaces: { course: 'course-7' },
    store: memoryStore(),
    server: listener.url,
    token: await devToken({ secret, user: 'ada', spaces: { '*': 'editor' } }),
  })
})

afterEach(async () => {
  await replica.close()
  await listener.close()
  await server.close()
})

async function createNotes(): Promise<void> {
  for (let i = 0; i < count; i++) {
    const note = await replica.notes.create({ title: `note ${i}` })
    await note.close()
  }
}

/** Counts how often the connection was lost from now on. */
function countDrops(): void {
  let wasOnline = false
  replica.status.watch(({ online }) => {
    if (wasOnline && !online) drops += 1
    wasOnline = online
  })
}

/** No connection failed, on either side. */
async function expectOneConnection(): Promise<void> {
  await replica.settled()
  expect(replica.status.now).toMatchObject({ synced: true, pending: 0, rejected: 0 })
  expect(drops).toBe(0)
  expect(logged.filter((event) => event.includes('failed'))).toEqual([])
  expect(server.stats().connections).toBe(1)
}

test('[CL73] five thousand notes made offline go up on one connection', { timeout: 20_000 }, async () => {
  replica.goOffline()
  await createNotes()
  replica.goOnline()
  countDrops()
  await expectOneConnection()
})

test('[CL73] so do five thousand made one after the other while online', { timeout: 20_000 }, async () => {
  countDrops()
  await createNotes()
  await expectOneConnection()
})
