import { decodeClientFrame, encodeServerFrame } from '@rejoin/protocol'
import type { ServerFrame } from '@rejoin/protocol'
import type { Transport } from '@rejoin/client'
import { expect, test } from 'vitest'
import { MemoryDisk } from '@rejoin/storage/memory'
import { createWorld, World } from './world.ts'

/** A transport over which a test can say what the server would not. */
function tapped(world: World): { readonly transport: Transport; readonly say: (frame: ServerFrame) => void } {
  const inner = world.transport()
  let received: (bytes: Uint8Array) => void = () => undefined
  return {
    transport: {
      connect: (url, events) => {
        received = (bytes) => events.received(bytes)
        return inner.connect(url, events)
      },
    },
    say: (frame) => received(encodeServerFrame(frame)),
  }
}

const every = { writer: 0, intervals: [1, Number.MAX_SAFE_INTEGER] }
const answers: readonly ServerFrame[] = [
  { ...every, kind: 'reject', error: 'rule', message: 'No.', generation: undefined },
  { ...every, kind: 'retry', error: 'checksum', afterMs: 10 },
]

test.each(answers)('[CL16] an answer $kind for every number there is ends in no loop', async (answer) => {
  const world = await createWorld()
  const { transport, say } = tapped(world)
  const ana = await world.open({ ports: { transport } })
  await world.level(ana)
  await world.time.of(ana.notes.create({ title: 'first' }))
  await world.level(ana)
  world.swallow = (from) => from === 'server'
  const note = await world.time.of(ana.notes.create({ title: 'answered' }))
  await world.time.pass(50)
  say(answer)
  world.swallow = () => false
  world.cut()
  await world.level(ana)
  expect(ana.status.now).toMatchObject({ pending: 0, rejected: answer.kind === 'reject' ? 1 : 0 })
  expect(note.id).not.toBe('')
})

test.each([Number.MAX_SAFE_INTEGER, 0])('[CL59] after a server time of %s the replica opens again', async (clockMs) => {
  const world = await createWorld()
  const { transport, say } = tapped(world)
  const disk = new MemoryDisk()
  const ana = await world.open({ disk, ports: { transport } })
  await world.level(ana)
  const note = await world.time.of(ana.notes.create({ title: 'first' }))
  await world.level(ana)
  say({ kind: 'pong', clockMs })
  expect(Math.abs(ana.status.now.skewMs)).toBeLessThan(51 * 366 * 86_400_000)
  await world.time.of(note.edit((n) => n.title.set('second')).device)
  expect(note.view().title).toBe('second')
  await world.time.of(ana.close())
  const again = await world.open({ disk })
  const found = await world.time.of(again.notes.open(note.id))
  expect(found?.view().title).toMatch(/first|second/)
  expect(world.logged.filter(({ event }) => event === 'store.damaged')).toEqual([])
  await world.level(again)
})

test('[CL87] a mistake in what decides what is sent closes the replica, visibly', async () => {
  const world = await createWorld()
  const disk = new MemoryDisk()
  let isBroken = false
  const elapsed = (): number => {
    if (!isBroken) return world.time.elapsed
    isBroken = false
    throw new TypeError('a mistake')
  }
  const ana = await world.open({ disk, offline: true, ports: { elapsed } })
  const note = await world.time.of(ana.notes.create({ title: 'kept' }))
  const problems: (string | undefined)[] = []
  ana.status.watch(({ problem }) => problems.push(problem?.message))
  const receipt = note.edit((n) => n.body.insert(0, 'text'))
  const { stored } = receipt
  isBroken = true
  await expect(world.time.of(stored)).rejects.toMatchObject({ kind: 'closed' })
  expect(receipt.state).toBe('device')
  expect(problems.at(-1)).toContain('TypeError: a mistake')
  expect(ana.status.now.problem?.message).toContain('TypeError: a mistake')
  expect(() => note.edit((n) => n.body.insert(0, 'more'))).toThrow(/closed/)
  await world.time.of(ana.close())
  const again = await world.open({ disk, offline: true })
  expect(again.status.now.pending).toBe(2)
})

test('[CL17] what was merged offline is cut to what the server takes', async () => {
  const world = new World()
  world.wire = { entryBytesMax: 1000, frameBytesMax: 4000, unansweredBytesMax: 2000 }
  await world.start()
  let largest = 0
  world.seen = (from, bytes) => {
    const frame = from === 'client' ? decodeClientFrame(bytes) : undefined
    if (frame?.ok === true && frame.value.kind === 'push')
      for (const entry of frame.value.entries) largest = Math.max(largest, entry.bytes.length)
  }
  const ana = await world.open({ offline: true })
  const note = await world.time.of(ana.notes.create({ title: 'long' }))
  for (let i = 0; i < 100; i++) await world.time.of(note.edit((n) => n.body.insert(0, 'x'.repeat(100))).device)
  ana.goOnline()
  await world.level(ana)
  expect(ana.status.now).toMatchObject({ pending: 0, rejected: 0 })
  expect(world.connections).toBeLessThanOrEqual(2)
  expect(largest).toBeGreaterThan(500)
  expect(largest).toBeLessThanOrEqual(1000)
})
