/**
 * Two devices and a server in one process: each writes while the other is away, and they end equal.
 * Run it with `npm run example`.
 */
import { openRejoin } from '@rejoin/client'
import { collection, counter, register, set, text } from '@rejoin/schema'
import { createServer, devToken, hs256, listen, memory } from '@rejoin/server'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const notes = collection(
  'notes',
  {
    title: register(z.string()), // last write wins, by hybrid clock
    body: text(), // merges by character
    tags: set(z.string()), // add wins
    minutes: counter(), // no increment lost or doubled
    grade: register(z.number()).writtenBy('server'), // only the server's own code writes it
  },
  { space: 'course' },
)

const folder = mkdtempSync(join(tmpdir(), 'rejoin-notes-'))
const secret = 'a development secret of 32 bytes or more'
const server = await createServer({ store: memory(), authenticate: hs256(secret), collections: { notes } })
const listener = await listen(server, { port: 0 })

const open = async (user: string) =>
  openRejoin({
    collections: { notes },
    spaces: { course: 'course-7' },
    store: sqliteStore(join(folder, user)),
    server: listener.url,
    token: await devToken({ secret, user, spaces: { 'course-7': 'editor' } }),
  })

const phone = await open('ada')
const laptop = await open('ben')

const note = await phone.notes.create({ title: 'Photosynthesis', tags: ['biology'] })
const receipt = note.edit(
  (n) => {
    n.body.insert(0, 'Light becomes sugar.')
    n.minutes.add(5)
  },
  { lane: 'high' },
)
await receipt.device // on this device's disk
await receipt.stored // on the server's disk, or throws with the reason

// The other device's list: now, and after each change.
await new Promise<void>((seen) => {
  laptop.notes.watch({}, (list) => {
    if (list.length > 0) seen()
  })
})

// Both go away and write on.
phone.goOffline()
laptop.goOffline()
note.edit((n) => n.body.insert(0, 'In leaves: '))
const copy = await laptop.notes.open(note.id)
if (copy === undefined) throw new Error('the note has not arrived')
copy.edit((n) => {
  n.body.insert(n.body.length, ' And oxygen.')
  n.minutes.add(10)
  n.tags.add('plants')
})
phone.goOnline()
laptop.goOnline()
await phone.settled()
await laptop.settled()

// The server's own code grades it; nobody else can.
await server.edit('course-7', 'notes', note.id, (n) => n.grade.set(5))

await phone.close()
await laptop.close()
const later = await open('ben')
await later.settled()
console.log((await later.notes.list())[0])
await later.close()
await listener.close()
await server.close()
rmSync(folder, { recursive: true })
