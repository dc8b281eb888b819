import { spaceId, tenantId } from '@rejoin/base'
import type { LogBatch } from '@rejoin/server'
import { everyKey } from '@rejoin/storage'
import { expect, test } from 'vitest'
import { Dice, diceOf } from '../world/dice.ts'
import type { Fate } from './fate.ts'
import { journalLog } from './journal-log.ts'
import { journalStore } from './journal-store.ts'
import { VirtualDisk } from './virtual-disk.ts'

const one = Uint8Array.of(1, 2, 3)
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const outcomeOf = (call: Promise<unknown>): Promise<unknown> => call.catch((cause: unknown) => cause)

test('[SI30] the calls chosen fail with the kind chosen and have done nothing; they are counted over all opens', async () => {
  const disk = new VirtualDisk()
  const seen: string[] = []
  const fateOf = (call: string, nth: number): Fate | undefined => {
    seen.push(`${call} ${nth}`)
    const isBad = ['commit 2', 'commit 3', 'get 1', 'scan 2', 'open 2'].includes(`${call} ${nth}`)
    return isBad ? { kind: 'fail', failure: call === 'commit' ? 'storage-full' : 'storage-corrupt' } : undefined
  }
  const store = await journalStore(disk, { fateOf })
  const put = { put: [['a', one]] } as const
  expect([(await store.commit({})).ok, await store.commit(put), await store.commit(put)]).toMatchObject([
    true,
    { error: { kind: 'storage-full' } },
    { error: { kind: 'storage-full' } },
  ])
  expect([
    await store.scan(everyKey),
    await outcomeOf(store.get(['a'])),
    await outcomeOf(store.scan(everyKey)),
  ]).toMatchObject([[], { kind: 'storage-corrupt' }, { kind: 'storage-corrupt' }])
  await store.close()
  expect(await outcomeOf(journalStore(disk, { fateOf }))).toMatchObject({ kind: 'storage-corrupt' })
  const again = await journalStore(disk, { fateOf })
  expect((await again.commit(put)).ok).toBe(true)
  expect(await again.get(['a'])).toEqual([one])
  expect(seen).toEqual([
    'open 1',
    'commit 1',
    'commit 2',
    'commit 3',
    'scan 1',
    'get 1',
    'scan 2',
    'open 2',
    'open 3',
    'commit 4',
    'get 2',
  ])
})

test('[SI30] a call that hangs is never answered, nor any after it, until the process dies', async () => {
  const disk = new VirtualDisk()
  const store = await journalStore(disk, {
    fateOf: (call, nth) => (call === 'commit' && nth === 2 ? { kind: 'hang' } : undefined),
  })
  let answers = 0
  const before = store.commit({ put: [['a', one]] })
  for (const call of [store.commit({ put: [['b', one]] }), store.get(['a']), store.close()])
    void call.finally(() => answers++)
  expect((await before).ok).toBe(true)
  await settled()
  expect(answers).toBe(0)
  disk.crash('process')
  expect(await (await journalStore(disk)).scan(everyKey)).toEqual([['a', one]])
})

test('[SI30] a value that was read has a bit flipped, and the store has it as it was', async () => {
  const disk = new VirtualDisk()
  const fateOf = (_: string, nth: number): Fate | undefined =>
    nth === 2 ? { kind: 'flip', dice: diceOf(5), flipped: () => flips++ } : undefined
  let flips = 0
  const store = await journalStore(disk, {
    fateOf: (call, nth) => (call === 'get' || call === 'scan' ? fateOf(call, nth) : undefined),
  })
  await store.commit({
    put: [
      ['a', one],
      ['empty', Uint8Array.of()],
    ],
  })
  const distance = (a: Uint8Array | undefined): number =>
    one.reduce((sum, byte, i) => sum + ((byte ^ (a?.[i] ?? 0)).toString(2).match(/1/g)?.length ?? 0), 0)
  const values: (Uint8Array | undefined)[] = []
  for (let i = 0; i < 3; i++) values.push(...(await store.get(['none', 'a'])).slice(1))
  for (let i = 0; i < 3; i++) values.push((await store.scan(everyKey))[0]?.[1])
  expect(values.map(distance)).toEqual([0, 1, 0, 0, 1, 0])
  expect(flips).toBe(2)
})

test('[SI30] a bit that flips for good is flipped on the disk, unless something else was written there meanwhile', async () => {
  for (const isOverwritten of [false, true]) {
    const disk = new VirtualDisk()
    const fateOf = (call: string): Fate | undefined =>
      call === 'get' ? { kind: 'flip', dice: diceOf(5), lasts: true } : undefined
    const store = await journalStore(disk, { fateOf })
    await store.commit({ put: [['a', one]] })
    const reading = store.get(['a'])
    if (isOverwritten) await store.commit({ put: [['a', Uint8Array.of(9)]] })
    const [read] = await reading
    expect(read).not.toEqual(one)
    disk.crash('process')
    expect(await (await journalStore(disk)).get(['a'])).toEqual([isOverwritten ? Uint8Array.of(9) : read])
  }
})

test('[SI30] a hold that is lost fails every call until the store is opened again, with all that was answered', async () => {
  const disk = new VirtualDisk()
  const store = await journalStore(disk)
  await store.commit({ put: [['a', one]] })
  disk.lose()
  for (const call of [store.get(['a']), store.scan(everyKey)])
    expect(await outcomeOf(call)).toMatchObject({ kind: 'storage-unavailable' })
  expect(await store.commit({})).toMatchObject({ error: { kind: 'storage-unavailable' } })
  const again = await journalStore(disk)
  await store.close()
  expect(await again.get(['a'])).toEqual([one])
  disk.wipe()
  expect(await outcomeOf(again.get(['a']))).toMatchObject({ kind: 'storage-unavailable' })
  expect(await (await journalStore(disk)).get(['a'])).toEqual([undefined])
})

test('[SI30] the log has the same fates', async () => {
  const disk = new VirtualDisk()
  const ref = { tenant: tenantId('acme'), space: spaceId('home') }
  const batch: LogBatch = {
    spaces: [{ ref, expectHead: 0, record: { epoch: 'e'.repeat(32), head: 0, hash: one, documents: 0, writers: 0 } }],
  }
  const fates: Record<string, Fate> = {
    'open 1': { kind: 'fail', failure: 'storage-unavailable' },
    'commit 1': { kind: 'fail', failure: 'storage-full' },
    'read 2': { kind: 'fail', failure: 'storage-corrupt' },
    'commit 3': { kind: 'hang' },
  }
  const factory = journalLog(disk, { fateOf: (call, nth) => fates[`${call} ${nth}`] })
  expect(await outcomeOf(factory.open(new Dice(1)))).toMatchObject({ kind: 'storage-unavailable' })
  const { log } = await factory.open(new Dice(1))
  expect(await log.commit(batch)).toMatchObject({ error: { kind: 'storage-full' } })
  expect([await log.spaces(), await outcomeOf(log.spaces())]).toMatchObject([[], { kind: 'storage-corrupt' }])
  expect([(await log.commit(batch)).ok, await log.spaces()]).toEqual([true, [ref]])
  let answers = 0
  for (const call of [log.commit(batch), log.spaces(), log.close()]) void call.finally(() => answers++)
  await settled()
  expect(answers).toBe(0)
  disk.crash('process')
  expect(await (await journalLog(disk).open(new Dice(1))).log.spaces()).toEqual([ref])
})
