import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Update } from '../engine.ts'
import { anyActions, playHistory } from '../testing/index.ts'
import { kindOf } from '../testing/port/example.ts'
import { ChunkReader } from './chunk-reader.ts'
import { countOperations, operationsMax } from './columns.ts'
import { automerge, decoded, library, typed, writable } from './writing.test.helper.ts'

const update = (bytes: readonly number[]): Update => ({ encoding: 'automerge', bytes: Uint8Array.from(bytes) })

/** LEB128 of a number that is not negative, for a reader that takes it for signed. */
function number(value: number): readonly number[] {
  if (value < 0x40) return [value]
  return [(value % 0x80) | 0x80, ...number(Math.floor(value / 0x80))]
}

const [set, del] = [1, 3]

/** A change of nothing but one action on a key of the root; each column is one run. `preds`: how many each of them replaces. */
function run(operations: number, preds = 0, action = set): Update {
  const times = (...value: number[]): readonly number[] => [...number(operations), ...value]
  const columns = [
    [0x15, times(1, 120)],
    [0x34, times()],
    [0x42, times(action)],
    [0x56, times(0)],
    [0x70, times(...number(preds))],
  ] as const
  const sizes = columns.flatMap(([name, bytes]) => [name, bytes.length])
  const body = [0, 4, 0, 0, 0, 7, 1, 2, 0, 0, 0, columns.length, ...sizes, ...columns.flatMap(([, bytes]) => bytes)]
  const content = Uint8Array.of(1, body.length, ...body)
  const checksum = createHash('sha256').update(content).digest().subarray(0, 4)
  return update([0x85, 0x6f, 0x4a, 0x83, ...checksum, ...content])
}

test('[DO215] a change that asks for more operations than its bytes may hold is refused at once', () => {
  expect(kindOf(() => automerge.create().apply([run(10)]))).toBeUndefined()
  for (const bomb of [run(2 ** 22), run(2 ** 34), run(2 ** 48), run(1, 2 ** 30), run(2 ** 12, 2 ** 12)]) {
    expect(bomb.bytes.length).toBeLessThan(80)
    const document = writable(1)
    typed(document, 'honest')
    expect(kindOf(() => document.apply([bomb]))).toBe('undecodable')
    expect(kindOf(() => automerge.changes([], bomb))).toBe('undecodable')
    expect(kindOf(() => automerge.squash([bomb]))).toBe('undecodable')
    expect(document.text.read()).toBe('honest')
  }
  const half = run(2 ** 19 + 500)
  expect(kindOf(() => automerge.squash([half]))).toBeUndefined()
  expect(kindOf(() => automerge.squash([half, half]))).toBe('undecodable')
})

test('[DO215] a change that deletes nothing is refused, before Automerge fails on it', () => {
  const nothing = { action: 'del', obj: '_root', key: 'x', pred: [] }
  const something = { ...nothing, action: 'set', value: 'x' }
  const rest = { actor: '00000009', seq: 1, startOp: 2, time: 0, message: null, deps: [] }
  for (const ops of [[nothing], [something, nothing], [something, { ...nothing, pred: ['2@00000009'] }, nothing]])
    expect(kindOf(() => automerge.squash([update([...library.encodeChange({ ...rest, ops })])]))).toBe('undecodable')
  const ops = [something, { ...nothing, pred: ['2@00000009'] }, { ...something, key: 'y' }]
  expect(kindOf(() => automerge.squash([update([...library.encodeChange({ ...rest, ops })])]))).toBeUndefined()
  expect(kindOf(() => automerge.squash([run(5, 0, del)]))).toBe('undecodable')
})

test('[DO215] the operations of what is written here are counted exactly', () => {
  fc.assert(
    fc.property(anyActions, (actions) => {
      for (const { update } of playHistory(automerge, actions).writes) {
        let at = 0
        for (const { ops } of decoded(update)) {
          const header = new ChunkReader(update.bytes, at + 9)
          const end = header.number() + header.at
          for (let left = header.number(); left > 0; left--) header.skip(32)
          header.skip(header.number())
          const counted = countOperations(header)
          const preds = ops.reduce((sum, { pred }) => sum + pred.length, 0)
          expect(counted).toBe(Math.max(ops.length, preds))
          expect(header.at).toBe(end)
          at = end
        }
      }
    }),
    { numRuns: 50 },
  )
})

test('[DO215] many characters are deleted at once in a few bytes, and no more than others take in', () => {
  const document = writable(1)
  typed(document, 'x'.repeat(5_000))
  const deleted = document.transact(() => document.text.delete(0, 5_000))
  expect(deleted?.bytes.length).toBeLessThan(150)
  expect(kindOf(() => automerge.squash(deleted === undefined ? [] : [deleted]))).toBeUndefined()
  for (const root of [document.text, document.list])
    expect(kindOf(() => document.transact(() => root.delete(0, operationsMax(0) + 1)))).toBe('too-large')
})
