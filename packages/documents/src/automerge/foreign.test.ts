import { expect, test } from 'vitest'
import type { Update } from '../engine.ts'
import { documentOf } from '../testing/case.ts'
import { kindOf } from '../testing/port/example.ts'
import { genesis } from './genesis.ts'
import { actorOf } from './library.ts'
import type { RawHandle } from './library.ts'
import { automerge, library, typed, writable, write } from './writing.test.helper.ts'

const [map, text, list] = [genesis.registers.object, genesis.text.object, genesis.list.object]

/** A snapshot that other software wrote with Automerge itself. */
function foreign(change: (raw: RawHandle) => void): Update {
  const bytes = library.create(actorOf(99)).call((raw) => {
    raw.applyChanges([genesis.registers.bytes, genesis.text.bytes, genesis.list.bytes])
    change(raw)
    raw.commit(null, 0)
    return raw.save()
  })
  return { encoding: 'automerge', bytes }
}

test('[DO217] values of registers that do not fit are neither shown nor deleted', () => {
  const bad = ['no JSON', '[1]', '["1",2]', '[1,2,3]', '[-1,2]', '{"0":1,"1":2}', '[1,{"__proto__":2}]']
  const others = foreign((raw) => {
    for (const [i, each] of bad.entries()) raw.put(map, `bad${i}`, each, 'str')
    raw.put(map, 'number', 7, 'int')
    raw.put(map, 'fits', '[5,"theirs"]', 'str')
    raw.putObject(map, 'map', { x: '[1,2]' })
    raw.put(map, 'mixed', 'not ours', 'str')
  })
  const document = writable(1)
  const { registers } = document
  write(document, () => registers.append('mixed', 1, 'ours'))
  document.apply([others])
  expect([...registers.keys()].sort()).toEqual(['fits', 'mixed'])
  expect(registers.survivors('mixed').map(({ value }) => value)).toEqual(['ours'])
  write(document, () => {
    registers.remove('mixed')
    registers.append('mixed', 2, 'new')
    registers.remove('mixed')
    for (const key of ['bad0', 'number', 'map']) registers.append(key, 1, 'beside')
  })
  expect(registers.survivors('mixed')).toEqual([])
  const bare = library.create('ff')
  bare.call((raw) => raw.loadIncremental(document.snapshot().bytes))
  expect(bare.call((raw) => raw.getAll(map, 'mixed').map(([, value]) => value))).toEqual(['not ours'])
  expect(bare.call((raw) => raw.getAll(map, 'number').map(([, value]) => value))).toEqual([7, '[1,"beside"]'])
})

test('[DO217] values of a list that are no JSON read as null, and are counted', () => {
  const document = documentOf(automerge, [
    foreign((raw) => raw.splice(list, 0, 0, ['1', 'no JSON', '{"__proto__":1}'])),
  ])
  expect([document.list.read(), document.list.length]).toEqual([[1, null, null], 3])
})

test('[DO217] what is no text is one U+FFFC in texts and runs', () => {
  const others = foreign((raw) => {
    raw.splice(text, 0, 0, 'ab')
    raw.splitBlock(text, 1, { type: 'paragraph' })
    raw.mark(text, { start: 0, end: 1, expand: 'after' }, 'bold', 'true', 'str')
  })
  const document = documentOf(automerge, [others])
  expect([document.text.read(), document.text.length]).toEqual(['a\ufffcb', 3])
  expect(document.text.runs()).toEqual([
    { text: 'a', marks: { bold: true } },
    { text: '\ufffcb', marks: {} },
  ])
})

test('[DO217] marks that do not fit are left out', () => {
  const others = foreign((raw) => {
    raw.splice(text, 0, 0, 'abc')
    const whole = { start: 0, end: 3, expand: 'after' as const }
    for (const [name, value] of [
      ['n'.repeat(65), 'true'],
      ['', 'true'],
      ['constructor', 'true'],
      ['bad', 'no JSON'],
      ['null', 'null'],
    ])
      raw.mark(text, whole, name ?? '', value ?? '', 'str')
    raw.mark(text, whole, 'number', 7, 'int')
    raw.mark(text, whole, 'good', '{"a":1}', 'str')
  })
  expect(documentOf(automerge, [others]).text.runs()).toEqual([{ text: 'abc', marks: { good: { a: 1 } } }])
})

test('[DO217] an element of several characters, as only other software writes them, is not split', () => {
  const ops = [{ action: 'set', obj: text, elemId: '_head', insert: true, value: 'word', pred: [] }]
  const change = { actor: actorOf(9), seq: 1, startOp: 2, time: 0, message: null, deps: [genesis.text.hash], ops }
  const document = writable(1, { encoding: 'automerge', bytes: library.encodeChange(change) })
  document.transact(() => {
    for (const index of [1, 2, 3]) expect(kindOf(() => document.text.insert(index, 'x'))).toBe('bad-value')
    document.text.insert(4, '!')
  })
  expect(document.text.read()).toBe('word!')
})

test('[DO218] a character of two units is one element: places behind it are found by units', () => {
  const document = writable(1)
  write(document, () => document.text.insert(0, 'a😀b🚀c'))
  write(document, () => {
    document.text.insert(3, '!')
    document.text.format(7, 1, { bold: true })
    document.text.delete(1, 2)
  })
  expect(document.text.runs()).toEqual([
    { text: 'a!b🚀', marks: {} },
    { text: 'c', marks: { bold: true } },
  ])
})

test('[DO218] marks at a place behind pairs are those of the unit to its left', () => {
  const document = writable(1)
  write(document, () => {
    document.text.insert(0, 'c😀d')
    document.text.insert(3, '🚀', { bold: 7 })
    document.text.insert(3, '🚀', { bold: 7 })
    document.text.insert(5, '!', { color: 1 })
  })
  expect(document.text.runs().map(({ text, marks }) => [text, marks])).toEqual([
    ['c😀', {}],
    ['🚀', { bold: 7 }],
    ['!', { color: 1 }],
    ['🚀', { bold: 7 }],
    ['d', {}],
  ])
})

test('[DO218] lengths and places stay true whatever is done in between: by others, by undo, under another id', () => {
  const document = writable(1)
  const other = writable(2, typed(document, '0123😀').update)
  const { changes } = write(document, () => document.text.delete(0, 4))
  document.apply([typed(other, '4').update])
  write(document, () => document.text.insert(2, 'x'))
  document.transact(() => document.revert(changes, () => 1))
  document.setClient(3)
  write(document, () => document.text.insert(document.text.length, '.'))
  expect([document.text.read(), document.text.length]).toEqual(['0123😀x4.', 9])
})
