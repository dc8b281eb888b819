import { ByteWriter } from '@rejoin/base'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Update } from '../engine.ts'
import { yjs } from './index.ts'
import { structsMax } from './packed.ts'

/** So many structs without content, told by runs. */
function run(structs: number): Update {
  const column = (...bytes: number[]): number[] => [bytes.length, ...bytes]
  const lengths = new ByteWriter().byte(0x41).number(structs).finish()
  const columns = [[], [13], [], [], [0], [0], [], [], [...lengths]].map((bytes) => column(...bytes)).flat()
  const rest = new ByteWriter().number(1).number(structs).number(0).number(0).finish()
  return { encoding: 'yjs-2', bytes: Uint8Array.from([0, ...columns, ...rest]) }
}

test.each([22, 32, 48])('[DO20] 2^%i structs in a few bytes of V2 are refused, by documents and by squash', (power) => {
  const bomb = run(2 ** power)
  expect(bomb.bytes.length).toBeLessThan(40)
  const undecodable = expect.objectContaining({ kind: 'undecodable' })
  expect(() => yjs.create().apply([bomb])).toThrow(undecodable)
  expect(() => yjs.squash([bomb])).toThrow(undecodable)
  const document = yjs.create()
  document.setClient(1)
  document.transact(() => document.text.insert(0, 'text'))
  expect(() => document.apply([bomb])).toThrow(undecodable)
  expect(document.text.read()).toBe('text')
})

test('[DO20] a document that V2 would pack closer than we read is written in V1', () => {
  const document = yjs.create()
  document.setClient(1)
  const updates: Update[] = []
  // Written from its end to its beginning, then deleted: structs that cannot be joined, and hold nothing.
  for (let i = 0; i < 10_000; i++) {
    const update = document.transact(() => document.text.insert(0, 'x'))
    if (update !== undefined) updates.push(update)
  }
  const deleted = document.transact(() => document.text.delete(0, 10_000))
  if (deleted !== undefined) updates.push(deleted)
  for (const update of [document.snapshot(), yjs.squash(updates)]) {
    const packed = update.encoding === 'yjs-1' ? Y.convertUpdateFormatV1ToV2(update.bytes) : update.bytes
    expect(10_000 > structsMax(packed.length)).toBe(update.encoding === 'yjs-1')
    const copy = yjs.create()
    copy.apply([update])
    expect([copy.text.read(), copy.clientClock(1), copy.pending()]).toEqual(['', 10_000, false])
  }
  expect(document.snapshot().encoding).toBe('yjs-1')
})
