import { RejoinError } from '@rejoin/base'
import type { ErrorKind } from '@rejoin/base'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { EngineDocument, Json, Survivor, Update } from '../engine.ts'
import { stateOf } from '../testing/index.ts'
import { yjs } from './index.ts'

function writable(client = 1): EngineDocument {
  const document = yjs.create()
  document.setClient(client)
  return document
}

function typed(document: EngineDocument, text: string): Update {
  const update = document.transact(() => document.text.insert(document.text.length, text))
  if (update === undefined) throw new Error('nothing was typed')
  return update
}

function loaded(...updates: Update[]): EngineDocument {
  const document = yjs.create()
  document.apply(updates)
  return document
}

const kindOf = (action: () => void): ErrorKind | undefined => {
  try {
    action()
  } catch (error) {
    if (error instanceof RejoinError) return error.kind
    throw error
  }
  return undefined
}

test('[DO13] a change returns its own update, in encoding V1, and nothing if it changed nothing', () => {
  const document = writable()
  expect(document.transact(() => undefined)).toBeUndefined()
  expect(document.transact(() => document.registers.remove('nothing'))).toBeUndefined()
  document.apply([typed(writable(2), 'theirs')])
  const update = document.transact(() => document.text.insert(0, 'mine'))
  expect(update?.encoding).toBe('yjs-1')
  expect(loaded(typed(writable(2), 'theirs'), update as Update).text.read()).toBe('minetheirs')
  expect(loaded(update as Update).text.read()).not.toContain('theirs')
})

test('[DO13] changes nest: across documents each returns its own, within one the outermost returns all', () => {
  const one = writable()
  const other = writable()
  let inner: Update | undefined
  let nested: Update | undefined
  const outer = one.transact(() => {
    one.text.insert(0, 'a')
    inner = other.transact(() => other.text.insert(0, 'x'))
    nested = one.transact(() => one.text.insert(1, 'b'))
  })
  expect(nested).toBeUndefined()
  expect(loaded(outer as Update).text.read()).toBe('ab')
  expect(loaded(inner as Update).text.read()).toBe('x')
})

test('[DO14] what a change wrote is read inside it', () => {
  const document = writable()
  document.transact(() => {
    document.registers.append('title', 5, 'first')
    expect(document.registers.survivors('title')).toMatchObject([{ stamp: 5, value: 'first' }])
    document.registers.append('title', 4, 'second')
    expect(document.registers.survivors('title').map(({ value }) => value)).toEqual(['second', 'first'])
    document.registers.remove('title')
    expect([...document.registers.keys()]).toEqual([])
    document.registers.append('title', 6, 'third')
    document.text.insert(0, 'text')
    expect(document.text.read()).toBe('text')
  })
  expect(document.registers.survivors('title')).toMatchObject([{ stamp: 6, value: 'third' }])
})

test('[DO14] survivors that were read stay as they were read', () => {
  const document = writable()
  document.transact(() => document.registers.append('title', 1, 'old'))
  const before = document.registers.survivors('title')
  document.transact(() => {
    document.registers.append('title', 2, 'beside')
    document.registers.remove('title')
  })
  expect(before.map(({ value }) => value)).toEqual(['old'])
})

test('[DO15] a change outside transact is refused', () => {
  const document = writable()
  expect(() => document.text.insert(0, 'x')).toThrow('inside transact')
  expect(() => document.list.insert(0, [1])).toThrow('inside transact')
  expect(() => document.registers.append('k', 1, 1)).toThrow('inside transact')
  expect(() => document.transact(() => document.apply([]))).toThrow('not inside transact')
  expect(() => yjs.create().transact(() => undefined)).toThrow('setClient')
})

test('[DO15] a change that throws half-way spends the document; one that throws at once does not', () => {
  const document = writable()
  const fail = (): never => {
    throw new Error('of the caller')
  }
  expect(() => document.transact(fail)).toThrow('of the caller')
  typed(document, 'still usable')
  expect(() =>
    document.transact(() => {
      document.text.insert(0, 'lost')
      fail()
    }),
  ).toThrow('of the caller')
  expect(() => typed(document, 'more')).toThrow('spent')
  expect(() => document.snapshot()).toThrow('spent')
})

test('[DO16] operations of others under our client id stop us until we take another', () => {
  const document = writable(7)
  typed(document, 'a')
  document.apply([typed(writable(8), 'b')])
  document.apply([loaded(document.snapshot()).snapshot()])
  typed(document, 'our own coming back is no harm')
  const twin = loaded(document.snapshot())
  twin.setClient(7)
  document.apply([typed(twin, 'from the twin')])
  expect(kindOf(() => void typed(document, 'c'))).toBe('client-id-taken')
  document.setClient(9)
  typed(document, 'c')
})

test.each<[string, (document: EngineDocument) => void]>([
  ['before the text', ({ text }) => text.insert(-1, 'x')],
  ['behind the text', ({ text }) => text.insert(4, 'x')],
  ['no whole number', ({ text }) => text.insert(0.5, 'x')],
  ['a deletion that reaches out', ({ text }) => text.delete(2, 2)],
  ['between the halves of a pair', ({ text }) => text.insert(2, 'x')],
  ['a deletion of half a pair', ({ text }) => text.delete(0, 2)],
  ['behind the list', ({ list }) => list.insert(2, [1])],
  ['a list deletion that reaches out', ({ list }) => list.delete(0, 2)],
])('[DO17] an index outside is refused and changes nothing: %s', (_, change) => {
  const document = writable()
  document.transact(() => {
    document.text.insert(0, 'a😀')
    document.list.insert(0, ['only'])
  })
  const before = stateOf(document)
  expect(document.transact(() => expect(kindOf(() => change(document))).toBe('bad-value'))).toBeUndefined()
  expect(stateOf(document)).toBe(before)
})

test('[DO17] pairs are found in a text of many pieces, after edits near and far', () => {
  const document = writable()
  for (let i = 0; i < 300; i++)
    document.transact(() => document.text.insert(((i * 7) % (document.text.length + 1)) & ~1, '😀'))
  document.apply([typed(writable(2), 'ab')])
  const text = document.text.read()
  document.transact(() => {
    for (let i = 0; i <= text.length; i += 13) {
      const inside = /[\udc00-\udfff]/.test(text[i] ?? '')
      expect(kindOf(() => document.text.delete(i, 0))).toBe(inside ? 'bad-value' : undefined)
    }
  })
})

test('[DO18] lone surrogates become U+FFFD here as everywhere', () => {
  const document = writable()
  const update = document.transact(() => {
    document.text.insert(0, 'a\ud83d')
    document.text.insert(2, '\ude00b')
    document.list.insert(0, [{ '\ud83d': '\ude00' }])
    document.registers.append('\ud83d', 1, '\ud83d')
  })
  expect(document.text.read()).toBe('a\ufffd\ufffdb')
  expect(stateOf(loaded(update as Update))).toBe(stateOf(document))
})

test('[DO18] values are copied in, and what is read cannot be changed', () => {
  const document = writable()
  const mine = { deep: [1] }
  document.transact(() => {
    document.list.insert(0, [mine])
    document.registers.append('k', 1, mine)
  })
  mine.deep.push(2)
  expect(document.list.read()).toEqual([{ deep: [1] }])
  expect(document.registers.survivors('k')[0]?.value).toEqual({ deep: [1] })
  for (const each of [document, loaded(document.snapshot())]) {
    const values = [each.list.read()[0], each.registers.survivors('k')[0]?.value] as { deep: number[] }[]
    for (const value of values) expect(() => value.deep.push(3)).toThrow(TypeError)
  }
})

test.each<[string, unknown]>([
  ['no number', Number.NaN],
  ['undefined inside', { a: [undefined] }],
  ['a function', () => 1],
  ['a date', new Date(0)],
  ['a key that is no key', JSON.parse('{"a":{"__proto__":1}}')],
  ['too deep', JSON.parse('['.repeat(70) + ']'.repeat(70))],
])('[DO18] a value that others could not read back is refused: %s', (_, value) => {
  const document = writable()
  document.transact(() => {
    expect(kindOf(() => document.list.insert(0, [value as Json]))).toBe('bad-value')
    expect(kindOf(() => document.registers.append('k', 1, value as Json))).toBe('bad-value')
  })
  expect(stateOf(document)).toBe(stateOf(yjs.create()))
})

test('[DO19] a long text is read in part, and never half a pair', () => {
  const document = writable()
  typed(document, 'ab😀c')
  expect([0, 1, 2, 3, 4, 5, 9].map((max) => document.text.read(max))).toEqual([
    '',
    'a',
    'ab',
    'ab',
    'ab😀',
    'ab😀c',
    'ab😀c',
  ])
  document.transact(() => document.list.insert(0, [1, 2, 3]))
  expect(document.list.read(2)).toEqual([1, 2])
})

test('[DO28] bare Yjs reads what is in the bytes', () => {
  const document = writable()
  const update = document.transact(() => {
    document.registers.append('title', 2 ** 52 + 1, { some: 'value' })
    document.text.insert(0, 'text')
    document.list.insert(0, [1, 'two'])
  })
  const plain = new Y.Doc({ guid: '' })
  Y.applyUpdate(plain, (update as Update).bytes)
  const snapshot = new Y.Doc({ guid: '' })
  Y.applyUpdateV2(snapshot, document.snapshot().bytes)
  for (const doc of [plain, snapshot]) {
    expect(doc.getArray('r').toJSON()).toEqual([['title', 2 ** 52 + 1, { some: 'value' }]])
    expect(doc.getText('t').toJSON()).toBe('text')
    expect(doc.getArray('l').toJSON()).toEqual([1, 'two'])
  }
})

test('[DO30] of concurrent writes only those named are removed, and a contested key is told as such', () => {
  const document = writable()
  document.transact(() => {
    const first = document.registers.append('k', 1, 'mine')
    expect(first).toEqual({ client: 1, clock: 0 })
    document.registers.append('alone', 1, 'mine')
  })
  const other = writable(2)
  for (const value of ['theirs', 'also theirs'])
    document.apply([other.transact(() => other.registers.append('k', 2, value)) as Update])
  const { registers } = document
  expect([...registers.contested()]).toEqual(['k'])
  const [mine, theirs, also] = registers.survivors('k')
  expect(mine).toMatchObject({ client: 1, clock: 0, stamp: 1, value: 'mine' })
  document.transact(() => registers.remove('k', [theirs as Survivor, { client: 1, clock: 1 }, { client: 9, clock: 0 }]))
  expect(registers.survivors('k')).toEqual([mine, also])
  expect([...registers.contested()]).toEqual(['k'])
  document.transact(() => registers.remove('k', [also as Survivor]))
  expect(registers.survivors('k')).toEqual([mine])
  expect([...registers.contested()]).toEqual([])
  expect(stateOf(loaded(document.snapshot()))).toBe(stateOf(document))
  expect(document.transact(() => registers.remove('k', []))).toBeUndefined()
})
