import { expect, test } from 'vitest'
import { inherit } from '../history/heirs.ts'
import { decoded, foreign, id, redo, replaced, revert, typed, values, writable, write } from './writing.test.helper.ts'
import { genesis } from './genesis.ts'

test('[DO35] several changes are taken back as one: nothing comes back that they made themselves', () => {
  const document = writable(1)
  replaced(document, 'k', 1, 'first')
  typed(document, 'keep ')
  const list = [
    typed(document, 'abc'),
    write(document, () => document.text.delete(6, 1)),
    replaced(document, 'k', 2, 'second'),
    replaced(document, 'k', 3, 'third'),
  ].flatMap(({ changes }) => changes)
  const stamps: number[] = []
  const update = document.transact(() => {
    document.revert(list, () => stamps.push(7) + 6)
  })
  expect(document.text.read()).toBe('keep ')
  expect(document.registers.survivors('k')).toMatchObject([{ stamp: 7, value: 'first' }])
  expect(stamps).toEqual([7])
  expect(update && decoded(update)).toHaveLength(1)
})

test('[DO36] what others have replaced or removed since stays theirs', () => {
  const one = writable(1)
  const { update, changes } = replaced(one, 'k', 1, 'mine')
  const { changes: second } = write(one, () => one.registers.remove('k'))
  const two = writable(2, update)
  one.apply([replaced(two, 'k', 2, 'theirs').update])
  revert(one, changes)
  revert(one, second)
  expect(values(one, 'k')).toEqual(['theirs'])
})

test('[DO36] a write that goes beside others takes only itself away', () => {
  const one = writable(1)
  const two = writable(2, replaced(one, 'k', 1, 'before').update)
  const { changes } = replaced(one, 'k', 3, 'mine')
  one.apply([replaced(two, 'k', 2, 'theirs').update])
  revert(one, changes)
  expect(values(one, 'k')).toEqual(['theirs'])
})

test('[DO37] heirs carry older changes to what was made again', () => {
  const document = writable(1)
  const typing = typed(document, 'h😀llo').changes
  const erasing = write(document, () => document.text.delete(1, 4)).changes
  const first = replaced(document, 'k', 1, 'first').changes
  const second = replaced(document, 'k', 2, 'second').changes
  const heirs = [...revert(document, erasing), ...revert(document, second)]
  expect(document.text.read()).toBe('h😀llo')
  expect(heirs.map(({ of, length }) => [of.clock, length])).toEqual([
    [3, 3],
    [10, 1],
  ])
  const loaded = writable(2, document.snapshot())
  revert(loaded, inherit([...typing, ...first], heirs))
  expect(loaded.text.read()).toBe('')
  expect(values(loaded, 'k')).toEqual([])
})

test('[DO37] what two people bring back at once is there twice, each copy in one piece', () => {
  const one = writable(1)
  typed(one, '(abc)')
  const { changes } = write(one, () => one.text.delete(1, 3))
  const two = writable(2, one.snapshot())
  const back = [one, two].map((document) => write(document, () => document.revert(changes, () => 1)).update)
  one.apply(back)
  expect(one.text.read()).toBe('(abcabc)')
})

test('[DO223] what comes back has the marks that it had', () => {
  const one = writable(1)
  typed(one, 'one two three')
  one.transact(() => one.text.format(4, 3, { bold: true }))
  const before = one.text.runs()
  const { changes } = write(one, () => one.text.delete(2, 9))
  expect(changes).toMatchObject([{ delete: 'e two thr' }])
  revert(one, changes)
  expect(one.text.runs()).toEqual(before)
})

test('[DO224] an element that other software has overwritten is neither deleted nor brought back', () => {
  const one = writable(1)
  const { update, changes } = typed(one, 'ab')
  const overwriting = {
    action: 'set',
    obj: genesis.text.object,
    elemId: '2@00000001',
    value: 'Z',
    pred: ['2@00000001'],
  }
  one.apply([foreign(9, 20, [update], [overwriting])])
  expect(one.text.read()).toBe('Zb')
  const { changes: told } = write(one, () => one.revert(changes, () => 1))
  expect(told).toEqual([{ root: 'text', delete: 'b', id: id(1, 3) }])
  expect(one.text.read()).toBe('Z')
  redo(one, [{ root: 'text', delete: 'ab', id: id(1, 2) }])
  expect(one.text.read()).toBe('Z')
})
