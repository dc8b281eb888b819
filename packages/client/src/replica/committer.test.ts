import { silent } from '@rejoin/base'
import type { RejoinError } from '@rejoin/base'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { failingStore } from '@rejoin/storage/testing'
import { expect, test } from 'vitest'
import { BatchBuilder, Committer } from './committer.ts'
import type { Contribution } from './committer.ts'

function bench(): { committer: Committer; disk: MemoryDisk; causes: unknown[] } {
  const disk = new MemoryDisk()
  const causes: unknown[] = []
  const committer = new Committer({
    store: memoryStore(disk),
    timers: { after: () => () => undefined },
    log: silent,
    groupDelayMs: 0,
    retryDelayMs: 0,
    answerMs: 1_000,
    health: () => undefined,
    broken: (cause) => void causes.push(cause),
  })
  return { committer, disk, causes }
}

const rejection = (promise: Promise<unknown>): Promise<RejoinError> =>
  promise.then(
    () => Promise.reject(new Error('it was to reject')),
    (cause: RejoinError) => cause,
  )

test.each(['write', 'durable'] as const)(
  '[CL87] a contribution whose %s throws ends all writing, and says so',
  async (where) => {
    const { committer, causes } = bench()
    const mistake = new TypeError('a mistake')
    const durable: string[] = []
    const named = (name: string): Contribution => ({
      write: (batch) => batch.put(name, Uint8Array.of(1)),
      durable: () => void durable.push(name),
    })
    const fails = (): never => {
      throw mistake
    }
    committer.contribute(named('a'))
    committer.contribute({ ...named('b'), [where]: fails })
    committer.contribute(named('c'))
    expect(await rejection(committer.flush())).toMatchObject({ kind: 'closed', cause: mistake })
    expect(causes).toEqual([mistake])
    expect(durable).toEqual(where === 'write' ? [] : ['a'])
    committer.contribute(named('d'))
    expect(await rejection(committer.flush())).toMatchObject({ kind: 'closed', cause: mistake })
    expect(await rejection(committer.exclusive(() => Promise.resolve()))).toMatchObject({ kind: 'closed' })
    expect(causes).toEqual([mistake])
  },
)

test('[CL80] a store that failed a transaction which nobody tries again is not said to fail for ever', async () => {
  const health: (string | undefined)[] = []
  let due: (() => void) | undefined
  const timers = { after: (_: number, fire: () => void) => ((due = fire), () => (due = undefined)) }
  const store = failingStore(memoryStore(), { nth: 1, times: 2 })
  const options = { groupDelayMs: 1, retryDelayMs: 100, answerMs: 1_000, broken: () => undefined, log: silent }
  const committer = new Committer({ store, timers, ...options, health: (failure) => health.push(failure?.kind) })
  const refused = committer.exclusiveWrite(() => committer.apply(new BatchBuilder()))
  await expect(refused).rejects.toMatchObject({ kind: 'storage-unavailable' })
  await committer.flush()
  const again = due
  due = undefined
  again?.()
  await committer.exclusive(() => Promise.resolve())
  expect(health).toEqual(['storage-unavailable', 'storage-unavailable', undefined])
  expect(due).toBeUndefined()
})
