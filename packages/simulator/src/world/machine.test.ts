import { expect, test } from 'vitest'
import { FaultCounts } from './fault-counts.ts'
import { Machine } from './machine.ts'
import { VirtualTime } from './time.ts'

function machine() {
  const time = new VirtualTime()
  return { time, machine: new Machine('r', time, new FaultCounts()) }
}

test('[SI11] a wall clock jumps, drifts, stands still and says nonsense, and is put right; timers do not mind', async () => {
  const { time, machine: it } = machine()
  const { clock } = it
  const start = clock.now()
  const wrongBy = (): number => clock.now() - start - time.elapsed
  clock.jump(-5_000)
  expect(wrongBy()).toBe(-5_000)
  clock.drift(0.1)
  await time.runUntil(1_000)
  expect(wrongBy()).toBe(-4_900)
  clock.stick()
  await time.runUntil(2_000)
  expect(clock.now()).toBe(start + 1_000 - 4_900)
  clock.stick(Number.NaN)
  expect(clock.now()).toBeNaN()
  let fired = 0
  it.boot().timers.after(500, () => (fired = time.elapsed))
  await time.runUntil(3_000)
  expect(fired).toBe(2_500)
  clock.putRight()
  expect(wrongBy()).toBe(0)
})

test('[SI11] what was due while a machine slept happens when it wakes, in its order; its other clock may have stood still', async () => {
  const { time, machine: it } = machine()
  const { timers } = it.boot()
  const heard: string[] = []
  for (const ms of [30, 10, 20]) timers.after(ms, () => heard.push(`${ms} at ${time.elapsed}`))
  it.sleep(100, false)
  await time.runUntil(99)
  expect(heard).toEqual([])
  await time.runUntil(200)
  expect(heard).toEqual(['10 at 100', '20 at 100', '30 at 100'])
  expect(it.elapsed).toBe(200)
  it.sleep(50, true)
  await time.runUntil(300)
  expect(it.elapsed).toBe(250)
})

test('[SI11] a timer that is longer than a real one may be, or no number, goes off at once, as a real one does', async () => {
  const { time, machine: it } = machine()
  const { timers } = it.boot()
  const heard: number[] = []
  for (const ms of [2 ** 31, Number.NaN, Number.POSITIVE_INFINITY]) timers.after(ms, () => heard.push(ms))
  timers.after(2 ** 31 - 1, () => heard.push(-1))
  await time.runUntil(10)
  expect(heard).toEqual([2 ** 31, Number.NaN, Number.POSITIVE_INFINITY])
})

test('[SI2] a dead process has no alarms, and is reached by nothing; the next one on its machine is', async () => {
  const { time, machine: it } = machine()
  const [first, second] = [it.boot(), it.boot()]
  const heard: string[] = []
  first.timers.after(10, () => heard.push('first'))
  second.timers.after(10, () => heard.push('second'))
  first.die()
  first.run(() => heard.push('reached'))
  let woke = false
  void first.sleep(5).then(() => (woke = true))
  await time.runUntil(20)
  expect(heard).toEqual(['second'])
  expect(woke).toBe(false)
  expect([first.nth, second.nth]).toEqual([1, 2])
})

test('[SI2] a process knows how many of its alarms are set', async () => {
  const { time, machine: it } = machine()
  const process = it.boot()
  const cancel = process.timers.after(10, () => undefined)
  process.timers.after(20, () => undefined)
  expect(process.waiting).toBe(2)
  cancel()
  cancel()
  expect(process.waiting).toBe(1)
  await time.runUntil(30)
  expect(process.waiting).toBe(0)
})
