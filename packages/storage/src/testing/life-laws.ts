import { RejoinError } from '@rejoin/base'
import { expect } from 'vitest'
import { everyKey, prefixRange } from '../key.ts'
import { bytes, put } from './law.ts'
import type { Law } from './law.ts'
import { agreesWithModel } from './model.ts'

/** What outlives a close, a crash and a second open; and everything together. */
export const lifeLaws: readonly Law[] = [
  {
    title: '[ST10] what was committed is there when the store is opened again',
    hold: async (place) => {
      const first = await place.open()
      await put(first, ['a', bytes(1)], ['b', bytes(2)])
      await first.close()
      const second = await place.open()
      expect(await second.scan(everyKey)).toEqual([
        ['a', bytes(1)],
        ['b', bytes(2)],
      ])
      await second.close()
    },
  },
  {
    title: '[ST11] a crash keeps every batch that was answered, and leaves the others whole or absent',
    hold: async (place) => {
      const first = await place.open()
      for (let i = 0; i < 20; i++) await put(first, [`done/${i}`, bytes(i)], ['last', bytes(i)])
      void first.commit({
        remove: ['last'],
        put: [
          ['open/1', bytes(1)],
          ['open/2', bytes(2)],
        ],
      })
      await place.crash()
      const second = await place.open()
      expect(await second.scan(prefixRange('done/'))).toHaveLength(20)
      const open = await second.scan(prefixRange('open/'))
      expect([open.length, await second.get(['last'])]).toEqual(open.length === 0 ? [0, [bytes(19)]] : [2, [undefined]])
      await put(second, ['later', bytes(1)])
      await second.close()
    },
  },
  {
    title: '[ST12] a second open is refused with one clear error, harms nothing, and succeeds after the close',
    hold: async (place) => {
      const first = await place.open()
      await put(first, ['a', bytes(1)])
      const refusal = await place.open().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      expect(refusal).toBeInstanceOf(RejoinError)
      expect(refusal).toMatchObject({ kind: 'storage-unavailable', message: expect.stringContaining('open elsewhere') })
      await put(first, ['b', bytes(2)])
      await first.close()
      const second = await place.open()
      expect(await second.get(['a', 'b'])).toEqual([bytes(1), bytes(2)])
      await second.close()
    },
  },
  {
    title: '[ST13] close waits for the calls before it, may be called twice, and every later call says closed',
    hold: async (place) => {
      const store = await place.open()
      const pending = store.commit({ put: [['a', bytes(1)]] })
      await store.close()
      expect((await pending).ok).toBe(true)
      await store.close()
      for (const call of [() => store.get(['a']), () => store.scan(everyKey), () => store.commit({})])
        await expect(call()).rejects.toMatchObject({ name: 'RejoinError', kind: 'closed' })
      const again = await place.open()
      expect(await again.get(['a'])).toEqual([bytes(1)])
      await again[Symbol.asyncDispose]()
      await expect(again.get(['a'])).rejects.toMatchObject({ kind: 'closed' })
    },
  },
  {
    title: '[ST14] any run of batches, scans and reopenings agrees with a plain map',
    hold: agreesWithModel,
  },
]
