import { RejoinError } from '@rejoin/base'
import { describe, expect, test } from 'vitest'
import { everyKey } from '../key.ts'
import { memoryStore } from '../memory.ts'
import type { Store, StoreCall } from '../store.ts'
import { failEachCall, failingStore } from './index.ts'
import { plan } from './plan.ts'

const one = Uint8Array.of(1)

/** Which of six calls fail: commit, get, scan, commit, get, scan. */
async function outcomes(store: Store): Promise<string> {
  const calls: readonly (() => Promise<unknown>)[] = [
    async () => (await store.commit({ put: [['a', one]] })).ok,
    () => store.get(['a']),
    () => store.scan(everyKey),
  ]
  let seen = ''
  for (const call of [...calls, ...calls]) {
    const failed = await call().then(
      (answer) => answer === false,
      (reason: unknown) => reason instanceof RejoinError,
    )
    seen += failed ? 'x' : '.'
  }
  return seen
}

describe('failing store', () => {
  test('[ST25] the n-th call fails, or n calls from there on, of all calls or of one kind', async () => {
    const failing = (...plan: readonly [nth: number, times?: number, only?: readonly StoreCall[]]): Promise<string> => {
      const [nth, times = 1, only = ['commit', 'get', 'scan']] = plan
      return outcomes(failingStore(memoryStore(), { nth, times, only }))
    }
    expect(await Promise.all([1, 2, 3, 4, 5, 6, 7].map((nth) => failing(nth)))).toEqual([
      'x.....',
      '.x....',
      '..x...',
      '...x..',
      '....x.',
      '.....x',
      '......',
    ])
    expect(await failing(2, 3)).toBe('.xxx..')
    expect(await failing(3, Infinity)).toBe('..xxxx')
    expect(await failing(2, 1, ['commit'])).toBe('...x..')
    expect(await failing(1, 2, ['get', 'scan'])).toBe('.xx...')
  })

  test('[ST25] a call that fails by plan does not reach the store, says the kind, and is counted', async () => {
    const store = memoryStore()
    const failing = failingStore(store, { nth: 1, times: Infinity, kind: 'storage-full' })
    expect(await failing.commit({ put: [['a', one]] })).toMatchObject({ ok: false, error: { kind: 'storage-full' } })
    await expect(failing.get(['a'])).rejects.toMatchObject({ kind: 'storage-full' })
    expect([failing.counted, failing.failed]).toEqual([2, 2])
    failing.repair()
    expect(await failing.get(['a'])).toEqual([undefined])
    expect([failing.counted, failing.failed, failing.durability]).toEqual([3, 2, 'memory'])
    await failing.close()
    await expect(store.get(['a'])).rejects.toMatchObject({ kind: 'closed' })
  })

  test('[ST26] each call of a scenario fails once, and how many there were is returned', async () => {
    const plans: number[] = []
    const runs = await failEachCall(
      async (plan) => {
        plans.push(plan.nth)
        const store = failingStore(memoryStore(), plan)
        await outcomes(store)
        return store
      },
      { only: ['commit'] },
    )
    expect([runs, plans]).toEqual([2, [1, 2, 3]])
  })

  test('[ST27] a law is skipped for a written reason only', () => {
    const reason = 'Several tabs open this store at once.'
    expect(
      plan({ ST12: reason }).flatMap(({ title, reason }) =>
        reason === undefined ? [] : [[title.slice(0, 6), reason]],
      ),
    ).toEqual([['[ST12]', reason]])
    expect(plan({}).some(({ reason }) => reason !== undefined)).toBe(false)
    expect(() => plan({ ST12: 'no' })).toThrow('needs its reason')
    expect(() => plan({ ST99: reason })).toThrow('no law ST99')
  })
})
