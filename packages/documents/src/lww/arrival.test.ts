import { expect, test } from 'vitest'
import type { EngineDocument, Update } from '../engine.ts'
import { stateOf } from '../testing/index.ts'
import { lastWriteWins } from './index.ts'

const engine = lastWriteWins({ unit: 'field', order: 'arrival' })

function writable(client: number, ...known: Update[]): EngineDocument {
  const document = engine.create()
  document.apply(known)
  document.setClient(client)
  return document
}

function written(document: EngineDocument, value: string, key = 'k'): Update {
  const update = document.transact(() => void document.registers.append(key, 1, value))
  if (update === undefined) throw new Error('nothing was written')
  return update
}

const valueOf = ({ registers }: EngineDocument): unknown => registers.survivors('k')[0]?.value
const loaded = (...updates: Update[]): unknown => valueOf(writable(9, ...updates))

test('[DO234] what has no place lies on top until the log has placed it', () => {
  const phone = writable(1)
  const [own, other] = [written(phone, 'mine'), written(writable(2), 'theirs')]
  phone.apply([{ ...other, seq: 8 }])
  expect(valueOf(phone)).toBe('mine')
  phone.apply([{ ...own, seq: 5 }])
  expect(valueOf(phone)).toBe('theirs')
  phone.apply([own])
  expect(valueOf(phone)).toBe('theirs')
})

test('[DO234] writes without a place lie in the order of making, also those of others', () => {
  const first = written(writable(7), 'first')
  const second = written(writable(3, first), 'second')
  for (const order of [
    [first, second],
    [second, first],
  ])
    expect(loaded(...order)).toBe('second')
})

test('[DO234] of one client the later write without a place lies above the earlier one, however they come', () => {
  const phone = writable(1)
  const [one, two] = [written(phone, 'one'), written(phone, 'two')]
  expect([loaded(one, two), loaded(two, one), loaded(two, { ...one, seq: 1 })]).toEqual(['two', 'two', 'two'])
})

test('[DO234] squashes and snapshots tell the places they know, and the rest takes that of the update', () => {
  const phone = writable(1)
  const [one, two] = [written(phone, 'one'), written(phone, 'two')]
  const theirs: Update = { ...written(writable(2), 'theirs'), seq: 6 }
  const none = engine.squash([one, two])
  expect([loaded({ ...none, seq: 5 }, theirs), loaded({ ...none, seq: 7 }, theirs)]).toEqual(['theirs', 'two'])
  const all = engine.squash([
    { ...one, seq: 4 },
    { ...two, seq: 5 },
  ])
  expect(loaded({ ...all, seq: 9 }, theirs)).toBe('theirs')
  const some = engine.squash([{ ...one, seq: 4 }, two])
  expect([loaded({ ...some, seq: 5 }, theirs), loaded({ ...some, seq: 7 }, theirs)]).toEqual(['theirs', 'two'])
  const snapshot = writable(9, { ...one, seq: 7 }).snapshot()
  expect([loaded(snapshot, theirs), loaded(theirs, { ...snapshot, seq: 3 })]).toEqual(['one', 'one'])
})

test('[DO234] a write that was overwritten before its place was told does not come back to the top', () => {
  const phone = writable(1)
  const lost = written(phone, 'lost')
  const run = engine.squash([lost, written(phone, 'kept')].map((update, i) => ({ ...update, seq: i + 1 })))
  const theirs: Update = { ...written(writable(2), 'theirs'), seq: 3 }
  const tablet = writable(3, lost, run, theirs)
  expect(valueOf(tablet)).toBe('theirs')
  tablet.apply([lost])
  expect(valueOf(tablet)).toBe('theirs')
})

test('[DO236] client-wins decides as arrival of records does', () => {
  const [arrival, client] = (['arrival', 'client-wins'] as const).map((order) => {
    const engine = lastWriteWins({ unit: 'record', order })
    const documents = [1, 2, 3].map((id) => {
      const document = engine.create()
      document.setClient(id)
      return document
    })
    const seen: string[] = []
    const log: Update[] = []
    for (let i = 0; i < 60; i++) {
      const document = documents[(i * 7) % 3]
      const update = document?.transact(() => {
        document.registers.append(`k${i % 4}`, i, i)
        if (i % 5 === 0) document.text.insert(0, String(i % 10))
      })
      if (update !== undefined) log.push({ ...update, seq: ((i * 17) % 61) + 1 })
      if (i % 4 === 0) documents[i % 3]?.apply(log.filter((_, at) => at % 3 !== i % 2))
      seen.push(...documents.map(stateOf))
    }
    return seen
  })
  expect(client).toEqual(arrival)
  expect(new Set(arrival).size).toBeGreaterThan(40)
})
