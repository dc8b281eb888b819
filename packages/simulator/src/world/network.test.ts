import type { LinkEvents } from '@rejoin/client'
import { expect, test } from 'vitest'
import type { StrikeKind } from '../schedule/faults.ts'
import { scheduleOf } from '../schedule/schedule.ts'
import { FaultCounts } from './fault-counts.ts'
import { Machine } from './machine.ts'
import { VirtualNetwork } from './network.ts'
import { Strikes } from './strikes.ts'
import { VirtualTime } from './time.ts'
import { Trace } from './trace.ts'

interface Ends {
  readonly up: number[]
  readonly down: number[]
  readonly said: string[]
}

/** A replica and a server that count what they hear of each other. */
function connect(odds: Readonly<Partial<Record<StrikeKind, number>>>, seed = 1) {
  const time = new VirtualTime()
  const counts = new FaultCounts()
  const trace = new Trace()
  const strikes = new Strikes({ ...scheduleOf(seed), odds }, counts)
  const conditions = { seed, delayMs: 100, stallMs: 5_000 }
  const network = new VirtualNetwork({ time, counts, trace, strikes, conditions })
  const ends: Ends = { up: [], down: [], said: [] }
  const machine = new Machine('r', time, counts)
  const process = machine.boot()
  let answer: (frame: Uint8Array) => void = () => undefined
  let buffered: () => number = () => 0
  network.accept = (line) => {
    answer = (frame) => line.send(frame)
    buffered = () => line.buffered()
    return {
      receive: (frame) => ends.up.push(frame[0] ?? -1),
      closed: () => ends.said.push('server heard the end'),
    }
  }
  const events: LinkEvents = {
    opened: () => ends.said.push('opened'),
    received: (frame) => ends.down.push(frame[0] ?? -1),
    closed: (code) => ends.said.push(`closed ${code}`),
  }
  const link = network.transportOf(process).connect('sim://', events)
  const die = (): void => {
    process.die()
    network.clientDied(process)
  }
  const startAgain = (): void => void network.transportOf(machine.boot()).connect('sim://', events)
  return {
    time,
    counts,
    trace,
    network,
    machine,
    startAgain,
    ends,
    link,
    events,
    die,
    answer: (frame: Uint8Array) => answer(frame),
    buffered: () => buffered(),
  }
}

const frames = Array.from({ length: 50 }, (_, n) => Uint8Array.of(n))
const numbers = frames.map((_, n) => n)
const isPrefix = (heard: readonly number[]): boolean => heard.every((n, index) => n === index)

test('[SI3] a calm connection brings every frame once, in order, in both directions', async () => {
  const { time, ends, link, answer } = connect({})
  await time.runUntil(300)
  for (const frame of frames) {
    link.send(frame)
    answer(frame)
  }
  await time.runUntil(10_000)
  expect(ends).toEqual({ up: numbers, down: numbers, said: ['opened'] })
})

test('[SI3] frames do not overtake each other, however long each of them takes', async () => {
  const { time, ends, link, counts } = connect({ delay: 0.3 })
  await time.runUntil(300)
  for (const frame of frames) {
    link.send(frame)
    await time.runUntil(time.elapsed + 10)
  }
  await time.runUntil(60_000)
  expect(ends.up).toEqual(numbers)
  expect(counts.of('delay')).toBeGreaterThan(5)
})

test('[SI3] a dropped frame is a hole: nothing behind it arrives, and the connection breaks', async () => {
  const { time, ends, link, counts } = connect({ drop: 0.05 })
  await time.runUntil(300)
  for (const frame of frames) link.send(frame)
  await time.runUntil(60_000)
  expect(counts.of('drop')).toBe(1)
  expect(ends.up.length).toBeLessThan(frames.length)
  expect(isPrefix(ends.up)).toBe(true)
  expect(ends.said).toEqual(expect.arrayContaining(['closed 1006', 'server heard the end']))
})

test('[SI3] a frame that is swallowed is missing alone, until the connection breaks', async () => {
  const { time, ends, link, counts } = connect({ swallow: 0.03 })
  await time.runUntil(300)
  for (const frame of frames) link.send(frame)
  await time.runUntil(60_000)
  expect(counts.of('swallow')).toBeGreaterThan(0)
  expect(ends.up).toHaveLength(frames.length - counts.of('swallow'))
  expect(ends.said).toEqual(expect.arrayContaining(['closed 1006', 'server heard the end']))
})

test('[SI3] a cut ends both directions, and each side hears of it', async () => {
  const { time, ends, link, answer } = connect({ cut: 0.05 })
  await time.runUntil(300)
  for (const frame of frames) {
    link.send(frame)
    answer(frame)
  }
  await time.runUntil(60_000)
  expect(isPrefix(ends.up) && isPrefix(ends.down)).toBe(true)
  expect(ends.said).toEqual(expect.arrayContaining(['opened', 'closed 1006', 'server heard the end']))
})

test('[SI3] nobody hears of a connection that is half open', async () => {
  const { time, ends, link } = connect({ 'half-open': 1 })
  await time.runUntil(300)
  for (const frame of frames) link.send(frame)
  await time.runUntil(600_000)
  expect(ends).toEqual({ up: [], down: [], said: ['opened'] })
})

test('[SI3] a duplicate comes behind its frame, and a flipped bit is one bit', async () => {
  const twice = connect({ duplicate: 1 })
  await twice.time.runUntil(300)
  twice.link.send(Uint8Array.of(1))
  twice.link.send(Uint8Array.of(2))
  await twice.time.runUntil(5_000)
  expect(twice.ends.up).toEqual([1, 1, 2, 2])
  const flipped = connect({ flip: 1 })
  await flipped.time.runUntil(300)
  flipped.link.send(Uint8Array.of(0))
  await flipped.time.runUntil(5_000)
  expect([1, 2, 4, 8, 16, 32, 64, 128]).toContain(flipped.ends.up[0])
})

test('[SI7] found is whoever goes on with a connection on which a damaged frame came, and nobody who ends it', async () => {
  const wentOn = async (odds: { readonly flip?: number }, ends: boolean): Promise<readonly string[]> => {
    const { time, network, link, answer, events } = connect(odds)
    const names: string[] = []
    network.wentOn = (name) => names.push(name)
    if (ends) events.received = () => link.close()
    await time.runUntil(300)
    answer(Uint8Array.of(1))
    await time.runUntil(5_000)
    return names
  }
  expect(await wentOn({ flip: 1 }, false)).toEqual(['r'])
  expect(await wentOn({ flip: 1 }, true)).toEqual([])
  expect(await wentOn({}, false)).toEqual([])
})

test('[SI3] one frame down can be swallowed alone, on a connection that lives on', async () => {
  const { time, ends, network, answer } = connect({})
  await time.runUntil(300)
  answer(Uint8Array.of(1))
  network.swallowNext('r')
  network.swallowNext('somebody else')
  answer(Uint8Array.of(2))
  answer(Uint8Array.of(3))
  await time.runUntil(600_000)
  expect(ends.down).toEqual([1, 3])
  expect(ends.said).toEqual(['opened'])
})

test('[SI3] what a dead replica had sent still arrives, after its next life began too; it hears nothing any more', async () => {
  const { time, ends, link, die, answer, counts, startAgain } = connect({}, 3)
  await time.runUntil(300)
  for (const frame of frames) link.send(frame)
  answer(Uint8Array.of(9))
  die()
  link.send(Uint8Array.of(99))
  startAgain()
  await time.runUntil(10_000)
  expect(ends.up).toEqual(numbers)
  expect(ends.down).toEqual([])
  expect(counts.of('reorder')).toBe(frames.length)
})

test('[SI3] nobody dies silently on a connection that has ended', async () => {
  const silent = { 'die-silently': 1 }
  const ended = connect(silent)
  ended.link.close()
  await ended.time.runUntil(1_000)
  ended.die()
  ended.network.serverDied()
  expect(ended.counts.of('die-silently')).toBe(0)
  const open = connect(silent)
  open.die()
  open.network.serverDied()
  expect(open.counts.of('die-silently')).toBe(2)
})

test('[SI3] a server that is down refuses', async () => {
  const { time, ends, network, counts } = connect({})
  network.accept = () => undefined
  await time.runUntil(1_000)
  expect(ends.said).toEqual(['closed 1006'])
  expect(counts.of('refused')).toBe(1)
})

test('[SI1] the trace has every frame that arrived, with its bytes and its time', async () => {
  const traceOf = async (byte: number, atMs: number): Promise<string> => {
    const { time, link, trace } = connect({})
    await time.runUntil(atMs)
    link.send(Uint8Array.of(byte))
    await time.runUntil(5_000)
    return String(trace)
  }
  expect(await traceOf(1, 300)).toBe(await traceOf(1, 300))
  expect(await traceOf(2, 300)).not.toBe(await traceOf(1, 300))
  expect(await traceOf(1, 301)).not.toBe(await traceOf(1, 300))
})

test('[SI3] where the weather stops one direction, frames wait and then arrive in order; a connection is made later', async () => {
  const { time, ends, link, answer, network } = connect({})
  await time.runUntil(300)
  const fair = network.trouble(['r'], { up: 0 })
  for (const frame of frames) {
    link.send(frame)
    answer(frame)
  }
  await time.runUntil(20_000)
  expect(ends).toMatchObject({ up: [], down: numbers })
  fair()
  await time.runUntil(30_000)
  expect(ends.up).toEqual(numbers)
})

test('[SI3] a slow link takes its time for each byte, and what it has not taken is buffered', async () => {
  const { time, ends, answer, network, buffered } = connect({})
  await time.runUntil(300)
  network.trouble(['r'], { down: 1 })
  answer(new Uint8Array(5_000))
  answer(Uint8Array.of(7))
  expect(buffered()).toBe(5_001)
  await time.runUntil(5_200)
  expect(ends.down).toEqual([])
  await time.runUntil(5_500)
  expect(ends.down).toEqual([0, 7])
  expect(buffered()).toBe(0)
})

test('[SI3] a machine that sleeps hears everything when it wakes, in order', async () => {
  const { time, ends, answer, machine, counts } = connect({})
  await time.runUntil(300)
  machine.sleep(10_000, true)
  for (const frame of frames) answer(frame)
  await time.runUntil(10_200)
  expect(ends.down).toEqual([])
  await time.runUntil(10_400)
  expect(ends.down).toEqual(numbers)
  expect(machine.elapsed).toBe(400)
  expect(counts.of('clock-parted')).toBe(1)
})

test('[SI3] a network that refuses lets nobody in, and calm weather lets everybody in', async () => {
  const { time, ends, network, counts, machine } = connect({})
  network.trouble(['r'], { refuses: true })
  await time.runUntil(1_000)
  expect(ends.said).toEqual(['closed 1006'])
  network.calm()
  network.transportOf(machine.boot()).connect('sim://', {
    opened: () => ends.said.push('opened again'),
    received: () => undefined,
    closed: () => undefined,
  })
  await time.runUntil(2_000)
  expect(ends.said).toEqual(['closed 1006', 'opened again'])
  expect(counts.of('refused')).toBe(1)
  expect(network.attempts).toHaveLength(2)
})
