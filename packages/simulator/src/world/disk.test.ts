import { expect, test } from 'vitest'
import { Dice } from './dice.ts'
import { SimDisk } from './disk.ts'
import { FaultCounts } from './faults.ts'
import { VirtualTime } from './time.ts'
import { Trace } from './trace.ts'

const value = Uint8Array.of(1)

function machine(faults: { readonly delayMs: number; readonly crash: number }, seed = 1) {
  const time = new VirtualTime()
  const counts = new FaultCounts()
  const disk = new SimDisk({ name: 'r', time, counts, trace: new Trace(), dice: new Dice(seed) }, faults)
  const boot = () => {
    const life = { isAlive: true }
    const die = (): void => {
      life.isAlive = false
      disk.crash()
    }
    return { life, die, store: disk.open(() => life.isAlive, die) }
  }
  return { time, counts, disk, boot }
}

test('[SI9] a disk is slow in virtual time, and keeps what it has over a crash', async () => {
  const { time, disk, boot } = machine({ delayMs: 40, crash: 0 })
  const first = boot()
  const done = first.store.commit({ put: [['a', value]] })
  await time.runUntil(100)
  expect((await done).ok).toBe(true)
  expect(time.steps).toBe(2)
  first.die()
  disk.faults = { delayMs: 0, crash: 0 }
  expect(await boot().store.get(['a'])).toEqual([value])
})

test('[SI9] a full disk refuses a commit, and nothing of it is there; then it goes on', async () => {
  const { counts, disk, boot } = machine({ delayMs: 0, crash: 0 })
  const { store } = boot()
  disk.isFull = true
  expect(await store.commit({ put: [['a', value]] })).toMatchObject({ ok: false, error: { kind: 'storage-full' } })
  expect(await store.get(['a'])).toEqual([undefined])
  disk.isFull = false
  expect((await store.commit({ put: [['a', value]] })).ok).toBe(true)
  expect(counts.of('store-full')).toBe(1)
})

test('[SI9] a process dies before or after a commit took effect, and hears nothing of it', async () => {
  const kept = new Set<number>()
  for (let seed = 0; seed < 20; seed++) {
    const { time, counts, disk, boot } = machine({ delayMs: 5, crash: 0.5 }, seed)
    let heard = false
    const { life, store } = boot()
    void store.commit({ put: [['a', value]] }).then(() => (heard = true))
    await time.runUntil(100)
    expect(heard).toBe(life.isAlive)
    expect(counts.of('crash-in-store-call')).toBe(life.isAlive ? 0 : 1)
    if (life.isAlive) continue
    disk.faults = { delayMs: 0, crash: 0 }
    const [found] = await boot().store.get(['a'])
    kept.add(found?.length ?? 0)
  }
  expect(kept).toEqual(new Set([0, 1]))
})
