import { expect } from 'vitest'
import { sameBytes } from '../bytes.ts'
import { everyKey, keyAfter, prefixRange } from '../key.ts'
import type { Batch, Row } from '../store.ts'
import { bytes, expectBroken, expectConflict, inStore, keysOf, put } from './law.ts'
import type { Law } from './law.ts'

/** What batches and reads do while one store is open. */
export const batchLaws: readonly Law[] = [
  {
    title: '[ST1] a new store is empty, and get answers key by key in the order asked',
    hold: inStore(async (store) => {
      expect(await store.scan(everyKey)).toEqual([])
      await put(store, ['a', bytes(1)], ['b', bytes(2)])
      expect(await store.get(['b', 'none', 'a', 'b'])).toEqual([bytes(2), undefined, bytes(1), bytes(2)])
      expect(await store.get([])).toEqual([])
    }),
  },
  {
    title: '[ST2] a batch removes keys, then ranges, then puts, and the last of two puts holds',
    hold: inStore(async (store) => {
      await put(store, ['a', bytes(1)], ['b', bytes(2)], ['c', bytes(3)], ['d', bytes(4)])
      const done = await store.commit({
        put: [
          ['b', bytes(20)],
          ['e', bytes(50)],
          ['e', bytes(51)],
        ],
        removeRange: [{ from: 'b', to: 'd' }],
        remove: ['a', 'absent'],
      })
      expect(done.ok).toBe(true)
      expect(await store.scan(everyKey)).toEqual([
        ['b', bytes(20)],
        ['d', bytes(4)],
        ['e', bytes(51)],
      ])
      expect(await store.commit({})).toEqual({ ok: true, value: undefined })
    }),
  },
  {
    title: '[ST3] an expectation holds for equal bytes or absence, and otherwise gives a conflict',
    hold: inStore(async (store) => {
      await put(store, ['a', bytes(1, 2)], ['empty', bytes()])
      const met: Batch['expect'] = [
        ['a', bytes(1, 2)],
        ['empty', bytes()],
        ['none', undefined],
      ]
      expect((await store.commit({ expect: met, put: [['b', bytes(1)]] })).ok).toBe(true)
      const unmet: Batch['expect'] = [
        ['a', bytes(1)],
        ['a', bytes(1, 3)],
        ['a', bytes(1, 2, 3)],
        ['a', bytes()],
        ['a', undefined],
        ['empty', undefined],
        ['none', bytes()],
      ]
      for (const expectation of unmet ?? []) await expectConflict(store, { expect: [['b', bytes(1)], expectation] })
    }),
  },
  {
    title: '[ST4] a batch that conflicts does nothing at all, and the store goes on',
    hold: inStore(async (store) => {
      await put(store, ['a', bytes(1)], ['b', bytes(2)])
      const before = await store.scan(everyKey)
      await expectConflict(store, {
        expect: [['a', bytes(9)]],
        remove: ['a'],
        removeRange: [everyKey],
        put: [['c', bytes(3)]],
      })
      expect(await store.scan(everyKey)).toEqual(before)
      expect((await store.commit({ expect: [['a', bytes(1)]], remove: ['a'] })).ok).toBe(true)
      expect(await store.get(['a', 'b'])).toEqual([undefined, bytes(2)])
    }),
  },
  {
    title: '[ST5] a scan gives from <= key < to in code unit order, upwards or downwards, up to its limit',
    hold: inStore(async (store) => {
      const keys = [' ', '!', '-', '/', '0', '9', 'A', 'Z', '_', 'a', 'a!', 'a/', 'a/b', 'aa', 'b', '~', '~~']
      await put(store, ...[...keys].reverse().map((key, i): Row => [key, bytes(i)]))
      expect(await keysOf(store, everyKey)).toEqual(keys)
      expect(await keysOf(store, { ...everyKey, reverse: true })).toEqual([...keys].reverse())
      expect(await keysOf(store, { from: 'a', to: 'b' })).toEqual(['a', 'a!', 'a/', 'a/b', 'aa'])
      expect(await keysOf(store, { from: 'a', to: 'b', limit: 2 })).toEqual(['a', 'a!'])
      expect(await keysOf(store, { from: 'a', to: 'b', limit: 2, reverse: true })).toEqual(['aa', 'a/b'])
      expect(await keysOf(store, { ...everyKey, limit: 0 })).toEqual([])
      expect(await keysOf(store, { from: 'b', to: 'a' })).toEqual([])
      expect(await keysOf(store, { from: 'a', to: 'a' })).toEqual([])
      expect(await keysOf(store, prefixRange('a/'))).toEqual(['a/', 'a/b'])
      expect(await keysOf(store, prefixRange('~'))).toEqual(['~', '~~'])
    }),
  },
  {
    title: '[ST6] a large range is read in pages, each from just above the last key',
    hold: inStore(async (store) => {
      const rows = Array.from({ length: 1000 }, (_, i): Row => [`row/${String(i).padStart(6, '0')}`, bytes(i & 255)])
      await put(store, ['row', bytes()], ...rows, ['row0', bytes()])
      const { from, to } = prefixRange('row/')
      const read: Row[] = []
      for (let next = from; ; next = keyAfter(read.at(-1)?.[0] ?? '')) {
        const page = await store.scan({ from: next, to, limit: 300 })
        read.push(...page)
        if (page.length < 300) break
      }
      expect(read).toEqual(rows)
    }),
  },
  {
    title: '[ST7] values are any bytes, the empty value is not absence, and views and answers are copies',
    hold: inStore(async (store) => {
      const all = Uint8Array.from({ length: 256 }, (_, i) => i)
      const large = Uint8Array.from({ length: 300_000 }, (_, i) => i * 7)
      const around = bytes(9, 9, 1, 2, 9, 9)
      await put(store, ['all', all], ['empty', bytes()], ['large', large], ['view', around.subarray(2, 4)])
      around.fill(0)
      const expected = [all, bytes(), large, bytes(1, 2)]
      const expectStored = (found: readonly (Uint8Array | undefined)[]): void =>
        expect(found.map((value, i) => sameBytes(value, expected[i]))).toEqual([true, true, true, true])
      const got = await store.get(['all', 'empty', 'large', 'view'])
      const scanned = (await store.scan(everyKey)).map(([, value]) => value)
      expectStored(got)
      expectStored(scanned)
      for (const value of [...got, ...scanned]) value?.fill(77)
      expectStored(await store.get(['all', 'empty', 'large', 'view']))
    }),
  },
  {
    title: '[ST8] a key or bound that is not printable ASCII stops the caller, and nothing of its batch is done',
    hold: inStore(async (store) => {
      for (const key of ['', 'é', 'a\n', '\0', 'a\x7f', '\ud800', 'x'.repeat(1025)]) {
        await expectBroken(store.get(['fine', key]))
        await expectBroken(
          store.commit({
            put: [
              ['fine', bytes()],
              [key, bytes()],
            ],
          }),
        )
        await expectBroken(store.commit({ put: [['fine', bytes()]], remove: [key] }))
        await expectBroken(store.commit({ put: [['fine', bytes()]], expect: [[key, undefined]] }))
      }
      for (const bound of ['é', '\n', 'a\x7fb', 'x'.repeat(1026)]) {
        await expectBroken(store.scan({ from: '', to: bound }))
        await expectBroken(store.commit({ put: [['fine', bytes()]], removeRange: [{ from: bound, to: '~' }] }))
      }
      for (const limit of [-1, 1.5, Number.NaN]) await expectBroken(store.scan({ ...everyKey, limit }))
      expect(await store.scan(everyKey)).toEqual([])
      await put(store, ['x'.repeat(1024), bytes(1)])
      expect(await store.scan({ from: keyAfter('x'.repeat(1024)), to: '~' })).toEqual([])
    }),
  },
  {
    title: '[ST9] calls take effect in the order they were made, without waiting in between',
    hold: inStore(async (store) => {
      const [, before, , after, conflict, last] = await Promise.all([
        store.commit({ put: [['a', bytes(1)]] }),
        store.get(['a', 'b']),
        store.commit({
          expect: [['a', bytes(1)]],
          put: [
            ['a', bytes(2)],
            ['b', bytes(2)],
          ],
        }),
        store.scan(everyKey),
        store.commit({ expect: [['a', bytes(1)]], put: [['a', bytes(3)]] }),
        store.get(['a']),
      ])
      expect(before).toEqual([bytes(1), undefined])
      expect(after).toEqual([
        ['a', bytes(2)],
        ['b', bytes(2)],
      ])
      expect(conflict).toMatchObject({ ok: false, error: { kind: 'conflict' } })
      expect(last).toEqual([bytes(2)])
    }),
  },
]
