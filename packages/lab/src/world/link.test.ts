import { fc, test } from '@fast-check/vitest'
import { Dice, Pipe, VirtualTime } from '@rejoin/simulator/network'
import { expect } from 'vitest'
import { yjs } from '../policies/yjs.ts'
import type { Device } from './device.ts'
import { holding } from './devices.test.helper.ts'
import { bytesOf } from './frame.ts'
import type { Frame, Logged } from './frame.ts'
import { Hub } from './hub.ts'
import { Link } from './link.ts'

/** Every frame takes from 50 to 150 ms. */
const delayMs = 100
const entity = 'things-0'

async function net(count: number) {
  const time = new VirtualTime()
  const hub = new Hub(count)
  const [, devices] = await holding(yjs, { log: { kind: 'log' } }, count)
  const log: Logged[] = []
  const sent: Frame[] = []
  const read: Logged[][] = devices.map(() => [])
  hub.connect(-1, 0, (frame) => log.push(frame))
  const connect = (device: Device): void => {
    if (device.isOnline) return
    const received = (frame: Logged): void => {
      read[device.index]?.push(frame)
      device.receive(frame, false)
    }
    const deps = { time, dice: new Dice(device.connections), hub, delayMs, bytesPerMs: 1_000, received }
    const link = new Link(device.index, device.cursor, deps)
    const put = link.send.bind(link)
    link.send = (frame) => {
      sent.push(frame)
      put(frame)
    }
    device.connect(link)
  }
  const write = (device: Device, line: string): Frame | undefined =>
    device.edit(entity, [{ do: 'append', field: 'log', line }], time.elapsed)
  const [founder] = devices
  if (founder === undefined) throw new Error('There is no device.')
  founder.send(entity, founder.held(entity).create(), 0)
  return { time, hub, devices, founder, log, sent, read, connect, write }
}

test('[LA31] a frame that was on its pipe when the connection ended is sent again', async () => {
  const { time, founder, log, sent, connect } = await net(1)
  connect(founder)
  time.passUntil(20)
  founder.disconnect()
  time.passUntil(1_000)
  expect([sent.length, log.length, founder.isEmpty]).toEqual([1, 0, false])
  connect(founder)
  time.passUntil(2_000)
  expect([sent.length, log.length, founder.isEmpty]).toEqual([2, 1, true])
})

test('[LA31] a frame of which the answer was lost is sent again and taken once', async () => {
  const { time, founder, log, sent, connect } = await net(1)
  connect(founder)
  while (log.length === 0) time.passUntil(time.elapsed + 1)
  founder.disconnect()
  connect(founder)
  time.passUntil(time.elapsed + 1_000)
  expect([sent.length, log.length, founder.isEmpty]).toEqual([2, 1, true])
})

const acts = fc.array(fc.tuple(fc.nat(2), fc.constantFrom('write', 'write', 'connect', 'disconnect'), fc.nat(200)), {
  maxLength: 60,
})

test.prop([acts], { numRuns: 50 })(
  '[LA31, LA32] however connections end, every frame is in the log once and in order, and every device has read the log once',
  async (all) => {
    const { time, devices, founder, log, read, connect, write } = await net(3)
    connect(founder)
    time.passUntil(1_000)
    for (const device of devices) connect(device)
    time.passUntil(2_000)
    let edits = 1
    for (const [who, act, pauseMs] of all) {
      const device = devices[who] ?? founder
      if (act === 'connect') connect(device)
      else if (act === 'disconnect') device.disconnect()
      else if (write(device, `line${edits++}`) !== undefined) {
        // What it has is what it has read, and its own.
        for (const [author, nth] of device.seen.entries())
          if (author !== who) expect(nth).toBe(read[who]?.findLast((frame) => frame.author === author)?.nth ?? 0)
      }
      time.passUntil(time.elapsed + pauseMs)
    }
    for (const device of devices) connect(device)
    expect(time.passUntilDone(() => devices.every(({ cursor, isEmpty }) => isEmpty && cursor === edits))).toBe(true)
    expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: edits }, (_, at) => at + 1))
    for (const device of devices) {
      const own = log.filter(({ author }) => author === device.index)
      expect(own.map(({ nth }) => nth)).toEqual(own.map((_, at) => at + 1))
      expect(device.seen).toEqual(devices.map(({ index }) => log.filter(({ author }) => author === index).length))
      expect(device.held(entity).hash()).toBe(founder.held(entity).hash())
      expect(device.held(entity).shown?.['log']).toHaveLength(edits - 1)
    }
  },
)

test('[LA32] a frame that comes a second time, or before its turn, is not read', async () => {
  const { time, founder, devices, log, connect, write } = await net(2)
  const [, other] = devices
  connect(founder)
  write(founder, 'a')
  time.passUntil(1_000)
  const [first, second] = log
  if (other === undefined || first === undefined || second === undefined) throw new Error('Nothing was written.')
  expect([second, first, first, second, second].map((frame) => other.receive(frame, false))).toEqual([
    false,
    true,
    false,
    true,
    false,
  ])
  expect(other.held(entity).shown).toEqual({ log: ['a'] })
})

test('[LA33] frames are carried one after the other, so fast and no faster, and come in order', () => {
  const time = new VirtualTime()
  const pipe = new Pipe(time, () => 2)
  const came: (readonly [string, number])[] = []
  const put = (name: string, size: number, wait: number): void =>
    pipe.put(size, wait, () => came.push([name, time.elapsed]))
  put('a', 200, 50) // ready at 50, through at 100
  put('b', 100, 0) // through at 150
  put('c', 100, 10) // through at 200
  time.passUntil(1_000)
  put('d', 0, 5)
  time.passUntil(2_000)
  expect(came).toEqual([
    ['a', 100],
    ['b', 150],
    ['c', 200],
    ['d', 1_005],
  ])
})

test('[LA33] a frame weighs its updates and four bytes for each', async () => {
  const { founder, write } = await net(1)
  const frame = write(founder, 'a line')
  const sizes = frame?.updates.map(({ update }) => update.bytes.length + 4) ?? []
  expect(sizes.length).toBeGreaterThan(0)
  expect(frame && bytesOf(frame)).toBe(sizes.reduce((sum, size) => sum + size, 0))
})
