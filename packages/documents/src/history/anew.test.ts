import { collection, counter, map, register, set } from '@rejoin/schema'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClientIds } from '../client-ids.ts'
import type { Update } from '../engine.ts'
import { createEntity } from '../entity/entity.ts'
import type { Entity } from '../entity/entity.ts'
import { id, keyOf, registersOf, share, Stamps, updatesOf, writerOf } from '../replicas.test.helper.ts'
import { string } from '../schemas.test.helper.ts'
import { yjs } from '../yjs/index.ts'
import { registersAnew } from './anew.ts'

const notes = collection('notes', {
  title: register(string),
  status: register(string).conflicts('manual'),
  tags: set(string),
  labels: map(string),
  minutes: counter(),
  visits: counter(),
})
const shared = registersOf('shared')
const heir = 0xdead

function open(n: number, stamps: Stamps): Entity<typeof notes> {
  const clientIds = new ClientIds(writerOf(n))
  return createEntity({
    collection: notes,
    id,
    engine: yjs,
    writer: writerOf(n),
    clientIds,
    key: keyOf,
    nextStamp: stamps.next,
    capture: true,
  })
}

const anewOf = (entity: Entity<typeof notes>): Update =>
  registersAnew(notes, shared, yjs, [entity.snapshot(shared)], heir)

test('[DO143] registers that start anew show the same, with one total for each counter', () => {
  const counts = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -50, max: 50 })), {
    maxLength: 30,
  })
  fc.assert(
    fc.property(counts, (additions) => {
      const stamps = new Stamps()
      const replicas = Array.from({ length: 10 }, (_, n) => open(n, stamps))
      const [first, ...others] = replicas
      if (first === undefined) throw new Error('ten were made')
      share(first.create({ title: 'x', tags: ['a'] }), ...others)
      const made = additions.map(([n, by]) =>
        (replicas[n] ?? first).edit('user', (note) => {
          note.minutes.add(by)
          note.visits.add(1)
          note.status.set(`by ${n}`)
          note.labels.set(`${n}`, 'x')
        }),
      )
      for (const result of made) share(result, ...replicas)
      const anew = open(50, stamps)
      anew.load(shared, [anewOf(first)])
      expect(anew.view()).toEqual(first.view())
      expect(anew.conflicts().map(({ values }) => values.map(({ value, at }) => [value, at]))).toEqual(
        first.conflicts().map(({ values }) => values.map(({ value, at }) => [value, at])),
      )
      const document = yjs.create()
      document.apply([anewOf(first)])
      const totals = [...document.registers.keys()].filter((key) => /^(minutes|visits)\//.test(key))
      expect(totals.length).toBeLessThanOrEqual(2)
    }),
    { numRuns: 100 },
  )
})

test('[DO144] what was still to come from the dead counts once: made again, as the increment that it was', () => {
  const stamps = new Stamps()
  const [phone, laptop] = [open(1, stamps), open(2, stamps)]
  share(phone.create({ minutes: 5 }), laptop)
  share(
    laptop.edit('user', (note) => note.minutes.add(7)),
    phone,
  )
  const late = phone.edit('user', (note) => note.minutes.add(30))
  updatesOf(late)
  const anew = open(3, stamps)
  anew.load(shared, [anewOf(laptop)])
  expect(anew.view().minutes).toBe(12)
  updatesOf(anew.redo(late.changes ?? []))
  expect(anew.view().minutes).toBe(42)
})
