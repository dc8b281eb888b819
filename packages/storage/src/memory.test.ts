import { describe, expect, test } from 'vitest'
import { everyKey } from './key.ts'
import { MemoryDisk, memoryStore } from './memory.ts'
import type { StorePlace } from './testing/index.ts'
import { storeLaws } from './testing/index.ts'

storeLaws('memory', async () => placeOn({}))
storeLaws('memory with pauses', async () => placeOn({ pause: () => Promise.resolve() }))

function placeOn(options: Parameters<typeof memoryStore>[1]): StorePlace {
  const disk = new MemoryDisk()
  return {
    open: async () => memoryStore(disk, options),
    crash: async () => disk.crash(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

const one = Uint8Array.of(1)

/** Lets every promise that can settle do so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('memory disk', () => {
  test('[ST15] a crash before the batch is applied loses it, a crash after it keeps it, and neither is answered', async () => {
    for (const moment of ['before', 'after'] as const) {
      const disk = new MemoryDisk()
      const gate = Promise.withResolvers<void>()
      const store = memoryStore(disk, { pause: (at) => (at === moment ? gate.promise : Promise.resolve()) })
      let answers = 0
      for (const call of [store.commit({ put: [['a', one]] }), store.get(['a'])]) void call.finally(() => answers++)
      await settled()
      disk.crash()
      gate.resolve()
      await settled()
      expect(answers).toBe(0)
      expect(await memoryStore(disk).get(['a'])).toEqual([moment === 'before' ? undefined : one])
    }
  })

  test('[ST15] calls on a store whose process died are never answered, and its close lets nothing go', async () => {
    const disk = new MemoryDisk()
    const dead = memoryStore(disk)
    disk.crash()
    const alive = memoryStore(disk)
    let answers = 0
    void dead.commit({ put: [['a', one]] }).finally(() => answers++)
    await dead.close()
    await settled()
    expect([answers, disk.size]).toEqual([0, 0])
    expect(() => memoryStore(disk)).toThrow('open elsewhere')
    await alive.close()
  })

  test('[ST16] every call pauses before and after it touches the rows, one call at a time', async () => {
    const seen: string[] = []
    const store = memoryStore(new MemoryDisk(), { pause: async (moment, call) => void seen.push(`${moment} ${call}`) })
    await Promise.all([store.commit({ put: [['a', one]] }), store.get(['a']), store.scan(everyKey)])
    expect(seen).toEqual(['before commit', 'after commit', 'before get', 'after get', 'before scan', 'after scan'])
  })

  test('[ST10] without a disk a store forgets, and says so', async () => {
    const store = memoryStore()
    await store.commit({ put: [['a', one]] })
    expect(store.durability).toBe('memory')
    expect(await memoryStore().get(['a'])).toEqual([undefined])
  })
})
