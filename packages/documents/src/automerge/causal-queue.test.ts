import { expect, test } from 'vitest'
import { CausalQueue } from './causal-queue.ts'
import type { DecodedChange } from './library.ts'

const change = (hash: string, ...deps: string[]): DecodedChange => ({
  hash,
  deps,
  actor: '00000001',
  seq: 1,
  startOp: 1,
  time: 0,
  message: null,
  ops: [],
})

const hashes = (changes: readonly DecodedChange[]): string => changes.map(({ hash }) => hash).join('')

test('[DO31] each change passes once, and after all that it builds on', () => {
  const queue = new CausalQueue(['0'])
  const [a, b, c, d] = [change('a', '0'), change('b', 'a'), change('c', 'a', 'x'), change('d', 'b', 'c')]
  expect(hashes(queue.take([d, b, d]))).toBe('')
  expect(queue.waits).toBe(true)
  expect(hashes(queue.take([a, b]))).toBe('ab')
  expect(hashes(queue.take([change('x'), a, c]))).toBe('xcd')
  expect(queue.waits).toBe(false)
  expect(hashes(queue.take([a, b, c, d]))).toBe('')
})

test('[DO32] a long row that comes backwards is set free at once', () => {
  const queue = new CausalQueue([])
  const count = 20_000
  const row = Array.from({ length: count }, (_, i) => change(`${i}`, ...(i === 0 ? [] : [`${i - 1}`])))
  expect(queue.take(row.slice(1).reverse())).toEqual([])
  expect(queue.take(row.slice(0, 1)).map(({ hash }) => Number(hash))).toEqual(row.map((_, i) => i))
})
