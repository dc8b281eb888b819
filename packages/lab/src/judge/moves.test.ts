import { expect, test } from 'vitest'
import { actsOf } from './act.ts'
import { history } from './history.test.helper.ts'
import { fatesOfMoves } from './moves.ts'
import { Neighbours } from './neighbours.ts'
import { Standing } from './standing.ts'

const begin = 'a: place x first; place y after x; place z after y\n'
const fates = (text: string, ...versions: readonly string[]): readonly string[] => {
  const acts = actsOf(history(begin + text))
  return fatesOfMoves(
    acts,
    new Neighbours(
      acts,
      versions.map((version) => new Standing(version)),
    ),
  ).map(([, fate]) => fate)
}

test('[LA11] a move is kept where the item stands behind the one that it was put behind', () => {
  const move = 'b a1: move x after y'
  expect(fates(move, 'yxz')).toEqual(['kept'])
  // Something may come between, and the other neighbour is not told by this.
  expect(fates(move, 'yqzx')).toEqual(['kept'])
  expect(fates(move, 'xyz')).toEqual(['lost'])
  expect(fates(move, 'xzy')).toEqual(['lost'])
})

test('[LA11] a move is lost where the item stands behind the one that it was put in front of', () => {
  // Towards the front: what it was put behind it stood behind before.
  const move = 'b a1: move z after x before y'
  expect(fates(move, 'xzy')).toEqual(['kept'])
  expect(fates(move, 'xyz')).toEqual(['lost'])
  expect(fates(move, 'zxy')).toEqual(['lost'])
  // One neighbour tells where the other was moved or is gone.
  expect(fates(`${move}\nc a1: move x first before y`, 'xyz')).toEqual(['lost', 'kept'])
  expect(fates(`${move}\nc a1: remove x`, 'yz')).toEqual(['lost'])
  expect(fates(`${move}\nc a1: move y first before x`, 'yxz')).toEqual(['kept', 'kept'])
})

test('[LA11] a move is overruled only by one that was made at the same time and may stand', () => {
  const both = 'b a1: move x after z\nc a1: move x after y before z'
  expect(fates(both, 'yxz')).toEqual(['overruled', 'kept'])
  expect(fates(both, 'yzx')).toEqual(['kept', 'overruled'])
  expect(fates(both, 'xyz')).toEqual(['lost', 'lost'])
})

test('[LA11] a move to the front is kept where the item stands before all that its author knew', () => {
  const move = 'c: place q first\nb a1: move z first'
  expect(fates(move, 'zqxy')).toEqual(['kept'])
  // Put first by another, at the same time.
  expect(fates(move, 'qzxy')).toEqual(['kept'])
  expect(fates(move, 'qxzy')).toEqual(['lost'])
  // Nothing that the first of these knew is left where it was.
  expect(fates(`${move}\nc a1 b1: move x first; move y first`, 'yxqz')).toEqual(['untold', 'kept', 'kept'])
})

test('[LA11] a move that somebody has followed by another, or a removal, is kept; of two at the same time one is overruled', () => {
  expect(fates('b a1: move x after y\nc b1: move x after z', 'yzx')).toEqual(['kept', 'kept'])
  expect(fates('b a1: move x after y\nc b1: move x first', 'xyz')).toEqual(['kept', 'kept'])
  expect(fates('b a1: move x after y\nc b1: move x first', 'yxz')).toEqual(['kept', 'lost'])
  expect(fates('b a1: move x after z\nc a1: move x after y', 'yxz')).toEqual(['overruled', 'kept'])
  expect(fates('b a1: move x after y\nc b1: remove x', 'yz')).toEqual(['kept'])
})

test('[LA11] a move is untold where the neighbour was moved or removed since or meanwhile, or the item removed meanwhile', () => {
  expect(fates('b a1: move x after y\nc b1: move y after z', 'xzy')).toEqual(['untold', 'kept'])
  expect(fates('b a1: move x after y\nc a1: move y after z', 'xzy')).toEqual(['untold', 'kept'])
  expect(fates('b a1: move x after y\nc a1: remove y', 'xz')).toEqual(['untold'])
  expect(fates('b a1: move x after y\nc a1: remove y', 'xyz')).toEqual(['untold'])
  expect(fates('b a1: move x after y\nc a1: remove x', 'yz')).toEqual(['untold'])
  expect(fates('b a1: move x after y\nc a1: remove x', 'xyz')).toEqual(['untold'])
  // Moved before, which its author knew: that tells.
  expect(fates('b a1: move y after z\nb: move x after y', 'xzy')).toEqual(['kept', 'lost'])
  // The item is gone though nobody removed it: it is the placing that is lost.
  expect(fates('b a1: move x after y', 'yz')).toEqual(['untold'])
})

test('[LA11] of several versions a move counts as the best of them has it', () => {
  expect(fates('b a1: move x after y', 'xyz', 'yxz')).toEqual(['kept'])
  expect(fates('b a1: move x after y', 'yz', 'xyz')).toEqual(['lost'])
})
