import { expect, test } from 'vitest'
import { Dice } from './dice.ts'
import { FaultCounts } from './fault-counts.ts'
import { Machine } from './machine.ts'
import { VirtualTime } from './time.ts'

test('[SI2] alarms go off in the order of their times, and of their setting where the times are equal', async () => {
  const time = new VirtualTime()
  const dice = new Dice(7)
  const heard: (readonly [at: number, order: number])[] = []
  for (let order = 0; order < 300; order++) {
    const at = dice.below(40)
    time.after(at, () => heard.push([at, order]))
  }
  await time.runUntil(100)
  expect(heard).toHaveLength(300)
  expect(heard).toEqual([...heard].sort(([a, i], [b, j]) => a - b || i - j))
  expect(time.elapsed).toBe(100)
})

test('[SI2] nothing goes off late, early, cancelled or of a dead process', async () => {
  const time = new VirtualTime()
  const heard: string[] = []
  const process = new Machine('r', time, new FaultCounts()).boot()
  const { timers } = process
  timers.after(10, () => heard.push(`process at ${time.elapsed}`))
  timers.after(30, () => heard.push('dead'))
  time.after(20, () => process.die())
  const cancel = time.after(15, () => heard.push('cancelled'))
  time.after(12, cancel)
  time.after(51, () => heard.push('too early'))
  await time.runUntil(50)
  expect(heard).toEqual(['process at 10'])
})

test('[SI2] time passes at once where nothing waits for promises, and says when what is waited for never will be', () => {
  const time = new VirtualTime()
  const heard: number[] = []
  const cancel = time.at(7, () => heard.push(7))
  for (const at of [15, 5, 10]) time.at(at, () => heard.push(time.elapsed))
  cancel()
  time.passUntil(5)
  expect(heard).toEqual([5])
  expect(time.passUntilDone(() => heard.length === 2)).toBe(true)
  expect(time.elapsed).toBe(10)
  expect(time.passUntilDone(() => heard.length === 4)).toBe(false)
  expect(heard).toEqual([5, 10, 15])
  time.at(3, () => heard.push(time.elapsed))
  time.passUntil(20)
  expect(heard).toEqual([5, 10, 15, 15])
  expect(time.elapsed).toBe(20)
})

test('[SI2] between two alarms every promise that can go on has gone on', async () => {
  const time = new VirtualTime()
  const heard: string[] = []
  const work = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await Promise.resolve()
    heard.push('work')
    await time.sleep(5)
    heard.push(`slept until ${time.elapsed}`)
  }
  time.after(1, () => void work())
  time.after(1, () => heard.push('next'))
  await time.runUntil(10)
  expect(heard).toEqual(['work', 'next', 'slept until 6'])
})

test('[SI2] waiting ends when what is waited for holds, or when its time is over', async () => {
  const time = new VirtualTime()
  let isDone = false
  time.after(250, () => (isDone = true))
  expect(await time.runWhileNot(() => isDone, 1_000)).toBe(true)
  expect(time.elapsed).toBe(300)
  expect(await time.runWhileNot(() => false, 1_000)).toBe(false)
  expect(time.elapsed).toBe(1_300)
})
