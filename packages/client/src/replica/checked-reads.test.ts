import { ByteWriter } from '@rejoin/base'
import { memoryStore } from '@rejoin/storage/memory'
import type { Row, Store } from '@rejoin/storage'
import { expect, test } from 'vitest'
import { checkedReads } from './checked-reads.ts'
import { sealRecord } from './records.ts'

const record = (text: string): Uint8Array => sealRecord(new ByteWriter().text(text))
const everything = { from: '', to: '\x7f' }

/** A store with two records, whose readings go wrong as `spoil` does it: told how many there were before. */
async function spoilt(spoil: (value: Uint8Array, nth: number) => void, key = 'b') {
  const inner = memoryStore()
  await inner.commit({
    put: [
      ['a', record('one')],
      [key, record('two')],
    ],
  })
  let readings = 0
  const store: Store = {
    durability: inner.durability,
    get: async (keys) => {
      const values = await inner.get(keys)
      readings += 1
      for (const [i, value] of values.entries()) if (keys[i] === key && value !== undefined) spoil(value, readings - 1)
      return values
    },
    scan: async (range) => {
      const rows = await inner.scan(range)
      readings += 1
      for (const [name, value] of rows) if (name === key) spoil(value, readings - 1)
      return rows
    },
    commit: (batch) => inner.commit(batch),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
  }
  return { store: checkedReads(store), count: () => readings }
}

const flip = (value: Uint8Array, bit: number): void =>
  void (value[bit >> 3] = (value[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
const right: readonly Row[] = [
  ['a', record('one')],
  ['b', record('two')],
]

test('[CL83] what reads wrong once, or otherwise each time, is read again and found whole', async () => {
  for (const times of [1, 2, 4]) {
    const spoil = (value: Uint8Array, nth: number): void => void (nth % 5 < times && flip(value, nth))
    expect(await (await spoilt(spoil)).store.get(['a', 'none', 'b'])).toEqual([right[0]?.[1], undefined, right[1]?.[1]])
    const { store, count } = await spoilt(spoil)
    expect(await store.scan(everything)).toEqual(right)
    expect(count()).toBe(times + 1)
  }
})

test('[CL83] what reads as the same wrong bytes twice is damaged, and is returned as it is', async () => {
  const { store, count } = await spoilt((value) => flip(value, 40))
  const damaged = record('two')
  flip(damaged, 40)
  expect(await store.get(['b'])).toEqual([damaged])
  expect(await store.scan(everything)).toEqual([right[0], ['b', damaged]])
  expect(count()).toBe(4)
})

test('[CL83] a store that reads something else every time is not said to be damaged but not available', async () => {
  const { store } = await spoilt((value, nth) => flip(value, nth))
  await expect(store.scan(everything)).rejects.toMatchObject({ kind: 'storage-unavailable' })
})

test('[CL83] what was set aside is not read twice', async () => {
  for (const key of ['damaged|row|1', 'lost|row|1']) {
    const { store, count } = await spoilt((value) => flip(value, 40), key)
    await store.scan(everything)
    expect(count()).toBe(1)
  }
})
