/**
 * Entities without Rejoin's client and server: each document is a Y.Doc that y-indexeddb keeps and y-websocket sends.
 * Two devices make the same note while they are offline, connect and end equal; one starts again from what it kept.
 */
import 'fake-indexeddb/auto' // browsers have their own
import { entityId, nextStamp, noStamp, writerId } from '@rejoin/base'
import { ClientIds, createEntity } from '@rejoin/documents'
import { adopt, yjs } from '@rejoin/documents/yjs'
import { collection, counter, register, text } from '@rejoin/schema'
import { docs, setupWSConnection } from '@y/websocket-server/utils'
import { once } from 'node:events'
import { WebSocketServer } from 'ws'
import { IndexeddbPersistence } from 'y-indexeddb'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { z } from 'zod'

const notes = collection('notes', { title: register(z.string()), body: text(), minutes: counter() })

const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
await once(server.on('connection', setupWSConnection), 'listening')
const address = server.address()
const url = `ws://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`

/** Called whenever a provider has brought something to any device. */
let arrived = (): void => undefined

async function openJournal(device: string) {
  const stores: IndexeddbPersistence[] = []
  const connections: WebsocketProvider[] = []
  const writer = writerId(crypto.randomUUID().replaceAll('-', '')) // a new one at each start
  let stamp = noStamp
  const key = ({ part, field }: { part: string; field: string }) => `notes/journal/${part}/${field}`
  const note = createEntity({
    collection: notes,
    id: entityId('journal'),
    engine: yjs,
    writer,
    clientIds: new ClientIds(writer),
    key,
    nextStamp: () => (stamp = nextStamp(stamp, Date.now())),
    documentFor: (at) => {
      const doc = new Y.Doc()
      stores.push(new IndexeddbPersistence(`${device}/${key(at)}`, doc))
      connections.push(new WebsocketProvider(url, key(at), doc, { connect: false, disableBc: true }))
      return adopt(doc)
    },
    changed: () => arrived(),
  })
  await Promise.all(stores.map(({ whenSynced }) => whenSynced))
  const close = async () => {
    for (const connection of connections) connection.destroy()
    for (const { doc } of stores) doc.destroy()
    await Promise.all(stores.map((store) => store.destroy()))
  }
  return { note, close, goOnline: () => connections.forEach((connection) => connection.connect()) }
}

const [phone, laptop] = [await openJournal('phone'), await openJournal('laptop')]
for (const { note } of [phone, laptop]) note.ensure({ title: 'Journal', body: 'Light becomes sugar.' })
phone.note.edit('user', ({ body }) => body.insert(0, 'In leaves: '))
phone.note.edit('user', ({ minutes }) => minutes.add(5))
laptop.note.edit('user', ({ body }) => body.insert(20, ' And oxygen.'))
laptop.note.edit('user', ({ minutes }) => minutes.add(10))
console.log('offline', { phone: phone.note.view(), laptop: laptop.note.view() })

const equal = new Promise<void>((resolve) => {
  arrived = () => void (phone.note.canonical() === laptop.note.canonical() && resolve())
})
for (const device of [phone, laptop]) device.goOnline()
await equal
console.log('online', { phone: phone.note.view(), laptop: laptop.note.view() })

await phone.close()
const restarted = await openJournal('phone')
console.log('restarted', restarted.note.view())
await Promise.all([restarted.close(), laptop.close()])
server.close()
for (const doc of docs.values()) doc.destroy()
