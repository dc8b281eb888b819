import fc from 'fast-check'
import { expect, test } from 'vitest'
import { actsOf } from './act.ts'
import { centralOf } from './central.ts'
import { distance } from './distance.ts'
import { history, judged } from './history.test.helper.ts'
import { together } from './judge.ts'
import { placesIn } from './places.ts'

const central = (text: string): string => centralOf(actsOf(history(text))).join('')
const letter = fc.constantFrom(...'abcdefghij')
const apart = (a: string, b: string): number => distance([...a], [...b])

test('[LA15] on one device everything is done in the order of true time, each thing where it was put', () => {
  expect(central('a: type abc first\nb a1: type xy after a\nc a1: type z after a')).toBe('azxybc')
  // What is gone keeps its place for who still saw it.
  expect(central('a: type abc first\nb a1: erase b\nc a1: type xy after b')).toBe('axyc')
  expect(central('a: type ab first\nb a1: erase ab\nc a1: type x after b; erase x')).toBe('')
  const list = 'a: place x first; place y after x; place z after y\n'
  expect(central(`${list}b a1: move x after z\nc a1: place q after x`)).toBe('yzxq')
  expect(central(`${list}b a1: move z first`)).toBe('zxy')
  expect(central(`${list}b a1: move x after z; move y after x; move z after y`)).toBe('xyz')
  expect(central(`${list}b a1: move x after x; move y after x`)).toBe('xyz')
  expect(central(`${list}b a1: remove y\nc a1: move y first\nc: place q after y`)).toBe('xqz')
})

test('[LA16] distance is insertions and deletions, by identity', () => {
  expect(apart('abc', 'abc')).toBe(0)
  expect(apart('', 'abc')).toBe(3)
  expect(apart('abc', '')).toBe(3)
  expect(apart('acb', 'abc')).toBe(2)
  expect(apart('cba', 'abc')).toBe(4)
  expect(apart('abxc', 'abc')).toBe(1)
  expect(apart('bcdea', 'abcde')).toBe(2)
  // What is there twice is one insertion more.
  expect(apart('abcb', 'abc')).toBe(1)
  expect(apart('bab', 'ab')).toBe(1)
})

test('[LA16] distance by identity is that of the longest common subsequence', () => {
  const naive = (a: readonly string[], b: readonly string[]): number => {
    let row = Array.from({ length: b.length + 1 }, (_, j) => j)
    for (const [i, name] of a.entries()) {
      const next = [i + 1]
      for (const [j, other] of b.entries())
        next.push(name === other ? (row[j] ?? 0) : 1 + Math.min(row[j + 1] ?? 0, next[j] ?? 0))
      row = next
    }
    return row[b.length] ?? 0
  }
  fc.assert(
    fc.property(fc.array(letter, { maxLength: 12 }), fc.uniqueArray(letter, { maxLength: 8 }), (shown, central) => {
      expect(distance(shown, central)).toBe(naive(shown, central))
    }),
  )
})

test('[LA16] the distance of a run is over all its texts and orders, divided by what would stand', () => {
  const text = judged('text', 'a: type abcdef first', 'abfcde')
  const order = judged('order', 'a: place x first; place y after x', ['y', 'x'])
  expect([text.sequences[0]?.distance, order.sequences[0]?.distance]).toEqual([2, 2])
  expect(together([text, order]).distance).toBe(4 / 8)
  expect(together([judged('counter', 'a: add 1', 1)]).distance).toBeNull()
  // Of several versions the nearest; what is deleted has none.
  expect(judged('text', 'a: type abc first', 'a', 'ab').sequences[0]?.distance).toBe(1)
  expect(together([judged('text', 'a: type abc first\nb a1: delete', 'a')]).distance).toBeNull()
})

const places = (text: string, shown: string): readonly string[] =>
  placesIn(actsOf(history(text)), [...shown]).map((authors) => authors.join(''))

test('[LA17] a place is what several typed behind one symbol, none having seen what another typed there', () => {
  const both = 'a: type pq first\nb a1: type xy after p\nc a1: type uv after p'
  expect(places(both, 'pxyuvq')).toEqual(['1122'])
  expect(places(both, 'pxuvyq')).toEqual(['1221'])
  // At the beginning, by three.
  expect(places('a: type ab first\nb: type xy first\nc: type uv first', 'xaubvy')).toEqual(['102021'])
  // Behind other symbols, or one having seen the other's: no place of several.
  expect(places('a: type pq first\nb a1: type xy after p\nc a1: type uv after q', 'pxyquv')).toEqual([])
  expect(places('a: type pq first\nb a1: type xy after p\nc b1: type uv after p', 'puvxyq')).toEqual([])
  // Where only one author's is left there is nothing to be mixed up.
  expect(places(both, 'pxyq')).toEqual([])
})

test('[LA17] what an author goes on to type behind what is theirs belongs to the place, until they saw another’s', () => {
  const keys = 'a: type p first\nb a1: type x after p\nc a1: type u after p\nb: type y after x\nc: type v after u'
  expect(places(keys, 'pxuyv')).toEqual(['1212'])
  // Backward, each in front of the last.
  expect(places('a: type p first\nb a1: type y after p\nb: type x after p\nc a1: type u after p', 'pxuy')).toEqual([
    '121',
  ])
  // Having seen u, b goes on: that is no doing of a policy.
  expect(places('a: type p first\nb a1: type x after p\nc a1: type u after p\nb c1: type y after x', 'pxyu')).toEqual([
    '12',
  ])
  // And so does who begins anew there.
  const anew = 'a: type p first\nb a1: type x after p\nc a1: type u after p\nb c1: type y after p\nc: type v after p'
  expect(places(anew, 'pvyux')).toEqual(['21', '21'])
  // Another one who goes on behind it does not belong to it.
  expect(places('a: type p first\nb a1: type x after p\nc a1: type u after p\na b1: type q after x', 'pxqu')).toEqual([
    '12',
  ])
})

test('[LA18] the interleaving of a run is that of all its places', () => {
  const text = 'a: type ab first\nb: type xy first\nc: append z'
  expect(together([judged('text', text, 'axby')]).interleaving).toBe(1)
  expect(together([judged('text', text, 'axby'), judged('text', text, 'abxy')]).interleaving).toBe(0.5)
  expect(together([judged('text', 'a: type ab first', 'ab')]).interleaving).toBeNull()
})
