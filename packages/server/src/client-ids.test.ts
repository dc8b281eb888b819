import { expect, test } from 'vitest'
import { ClientIdOwners } from './client-ids.ts'
import { memory } from './log/memory.ts'
import type { LogStore } from './log/store.ts'
import { declareWriter, entry, push } from './testing/peer.ts'
import { closeScene, openScene } from './testing/scene.ts'

test('[SE46] ids belong to whom they were registered for first, those of a known writer too', () => {
  const owners = new ClientIdOwners(new Map([[1, 10]]))
  const [ids, others] = [
    [1, 2, 3],
    [3, 4],
  ]
  expect(owners.taken(ids, 10)).toBe(undefined)
  expect(owners.taken(others, undefined)).toBe(undefined)
  owners.register(ids, 10)
  expect(owners.taken(ids, 10)).toBe(undefined)
  expect(owners.taken(others, undefined)).toBe(3)
  expect(owners.taken(others, 11)).toBe(3)
  expect(owners.taken(others, 10)).toBe(undefined)
  owners.register(others, 10)
  expect(owners.changed()).toEqual([2, 3, 4].map((id) => ({ id, writer: 10 })))
})

test('[SE46] however many entries come with them, client ids are looked up once', async () => {
  const inner = memory()
  let asked = 0
  const scene = await openScene({
    store: {
      open: async (random, log) => {
        const opened = await inner.open(random, log)
        const clientIds: LogStore['clientIds'] = (ref, ids) => {
          asked += ids.length
          return opened.log.clientIds(ref, ids)
        }
        const get = (target: LogStore, name: string | symbol): unknown => {
          if (name === 'clientIds') return clientIds
          const value: unknown = Reflect.get(target, name, target)
          return typeof value === 'function' ? value.bind(target) : value
        }
        return { ...opened, log: new Proxy(opened.log, { get }) }
      },
    },
  })
  await scene.make('n1')
  asked = 0
  const mallory = await scene.peer('mallory')
  for (let i = 0; i < 16; i++)
    mallory.send(declareWriter(mallory.writer, { clientIds: Array.from({ length: 256 }, (_, k) => i * 256 + k) }))
  mallory.send(push(...Array.from({ length: 200 }, (_, i) => entry(i + 1, 'x'))))
  await scene.world.settle()
  expect(mallory.of('acks')).toMatchObject([{ intervals: [1, 200] }])
  expect(asked).toBe(4096)
  await closeScene(scene)
})

test('[SE46] nor are they gone through again', () => {
  let looks = 0
  const get = (target: number[], name: string | symbol): unknown => {
    looks++
    return Reflect.get(target, name)
  }
  const ids = new Proxy([7, 8, 9], { get })
  const owners = new ClientIdOwners(new Map())
  for (let i = 0; i < 1000; i++) {
    expect(owners.taken(ids, 5)).toBe(undefined)
    owners.register(ids, 5)
  }
  expect(looks).toBeLessThan(60)
})
