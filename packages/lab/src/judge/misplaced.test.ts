import { expect, test } from 'vitest'
import type { FieldShape } from '../fields/shape.ts'
import { judged } from './history.test.helper.ts'

/** How much is lost and misplaced where that is shown, in one version or more. */
const told = (kind: FieldShape['kind'], text: string, ...versions: readonly string[]): readonly number[] => {
  const { tally } = judged(kind, text, ...versions.map((version) => (kind === 'text' ? version : [...version])))
  return [tally.lost, tally.misplaced]
}

test('[LA19] what was typed at once stands in its order, behind and in front of what its author saw', () => {
  const typed = 'a: type abc first\nb a1: type xy after a before b'
  const at = (...versions: readonly string[]): readonly number[] => told('text', typed, ...versions)
  expect(at('axybc')).toEqual([0, 0])
  // Something may come between.
  expect(at('axqybc')).toEqual([0, 0])
  expect(at('ayxbc')).toEqual([0, 1])
  expect(at('xyabc')).toEqual([0, 1])
  expect(at('abxyc')).toEqual([0, 1])
  expect(at('acxyb')).toEqual([0, 1])
  expect(at('xyacb')).toEqual([0, 2])
  // Half a word is lost, wherever the rest stands.
  expect(at('abxc')).toEqual([1, 0])
  // The best of several versions counts.
  expect(at('abxyc', 'axybc')).toEqual([0, 0])
  expect(at('abxyc', 'abc')).toEqual([0, 1])
})

test('[LA19] what was erased tells no place any more', () => {
  const typed = 'a: type abc first\nb a1: type xyz after a before b\nc b1: erase ay'
  expect(told('text', typed, 'xzbc')).toEqual([0, 0])
  expect(told('text', typed, 'zxbc')).toEqual([0, 1])
  expect(told('text', `${typed}; erase b`, 'cxz')).toEqual([0, 0])
})

test('[LA19] a line of a log stands behind all that its author saw', () => {
  const lines = 'a: append x\nb a1: append y\nc a1: append z\na b1: append w'
  expect(told('log', lines, 'xyzw')).toEqual([0, 0])
  expect(told('log', lines, 'xywz')).toEqual([0, 0])
  expect(told('log', lines, 'xzyw')).toEqual([0, 0])
  expect(told('log', lines, 'xwyz')).toEqual([0, 1])
  expect(told('log', lines, 'wxyz')).toEqual([0, 1])
  expect(told('log', lines, 'yzwx')).toEqual([0, 3])
  expect(told('log', lines, 'wzyx')).toEqual([0, 3])
  expect(told('log', lines, 'wyzx', 'xyzw')).toEqual([0, 0])
})

test('[LA19] a new item stands beside its neighbours while nobody has moved one of them', () => {
  const items = 'a: place x first; place y after x; place z after y\nb a1: place q after x before y'
  expect(told('order', items, 'xqyz')).toEqual([0, 0])
  expect(told('order', items, 'qxyz')).toEqual([0, 1])
  expect(told('order', items, 'xyqz')).toEqual([0, 1])
  // Placed first: in front of all.
  expect(told('order', 'a: place x first; place y after x\nb a1: place q first before x', 'xyq')).toEqual([0, 1])
  expect(told('order', `${items}\nc a1: move x after z`, 'yzqx')).toEqual([0, 1])
  expect(told('order', `${items}\nc a1: move x after z`, 'qyzx')).toEqual([0, 0])
  expect(told('order', `${items}\nc b1: move y first before x`, 'yxqz')).toEqual([0, 0])
  // It was moved itself, or removed.
  expect(told('order', `${items}\nc b1: move q after z`, 'xyzq')).toEqual([0, 0])
  expect(told('order', `${items}\nc a1 b1: remove x`, 'yqz')).toEqual([0, 1])
})
