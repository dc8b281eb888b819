import { invariant } from '@rejoin/base'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Change, EngineDocument, Heir, Json, Update } from '../engine.ts'
import { inherit } from '../history/heirs.ts'
import { stateOf } from '../testing/index.ts'
import { yjs } from './index.ts'

function writable(client: number, ...known: Update[]): EngineDocument {
  const document = yjs.create()
  document.apply(known)
  document.setClient(client)
  return document
}

/** Makes one change; gives its update and what was told of it. */
function write(document: EngineDocument, change: () => void): { update: Update; changes: readonly Change[] } {
  let changes: readonly Change[] = []
  const update = document.transact(change, (told) => (changes = told))
  invariant(update !== undefined, 'nothing was written')
  return { update, changes }
}

function revert(document: EngineDocument, changes: readonly Change[], stamp = 100): readonly Heir[] {
  let heirs: readonly Heir[] = []
  document.transact(() => (heirs = document.revert(changes, () => stamp)))
  return heirs
}

function redo(document: EngineDocument, changes: readonly Change[]): readonly Heir[] | undefined {
  let heirs: readonly Heir[] | undefined
  document.transact(() => (heirs = document.redo(changes)))
  return heirs
}

/** An update by bare Yjs, as other software may send one. */
function foreign(change: (doc: Y.Doc) => void, client = 99): Update {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = client
  change(doc)
  return { encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc) }
}

const typed = (document: EngineDocument, text: string): ReturnType<typeof write> =>
  write(document, () => document.text.insert(document.text.length, text))
const values = (document: EngineDocument, key: string): Json[] =>
  document.registers.survivors(key).map(({ value }) => value)
const id = (client: number, clock: number): { client: number; clock: number } => ({ client, clock })

test('[DO31] a change of each root is told with its ids and its content', () => {
  const document = writable(1)
  const { update } = typed(document, 'hello')
  const { changes } = write(document, () => {
    document.text.delete(1, 3)
    document.text.insert(1, 'ipp')
    document.list.insert(0, [1, [2], 3])
    document.registers.append('title', 5, 'Hippo')
  })
  expect(changes).toEqual([
    { root: 'registers', key: 'title', wrote: { ...id(1, 11), stamp: 5, value: 'Hippo' }, removed: [] },
    { root: 'text', insert: 'ipp', id: id(1, 5), after: id(1, 3) },
    { root: 'text', delete: 'ell', id: id(1, 1) },
    { root: 'list', insert: [1, [2], 3], id: id(1, 8), after: null },
  ])
  expect(JSON.parse(JSON.stringify(changes))).toEqual(changes)
  expect(yjs.changes([], update)).toEqual([{ root: 'text', insert: 'hello', id: id(1, 0), after: null }])
})

test('[DO31] several writes of one key are a change each, the first with all that was removed', () => {
  const document = writable(1)
  for (const stamp of [2, 1]) write(document, () => document.registers.append('k', stamp, `at ${stamp}`))
  const { changes } = write(document, () => {
    document.registers.remove('k')
    document.registers.append('k', 3, 'one')
    document.registers.append('k', 3, 'two')
    document.registers.append('k', 3, 'gone again')
    document.registers.remove('k', [id(1, 4)])
    document.registers.append('other', 3, 'x')
  })
  const removed = [
    { ...id(1, 1), stamp: 1, value: 'at 1' },
    { ...id(1, 0), stamp: 2, value: 'at 2' },
  ]
  expect(changes).toEqual([
    { root: 'registers', key: 'k', wrote: { ...id(1, 2), stamp: 3, value: 'one' }, removed },
    { root: 'registers', key: 'k', wrote: { ...id(1, 3), stamp: 3, value: 'two' }, removed: [] },
    { root: 'registers', key: 'other', wrote: { ...id(1, 5), stamp: 3, value: 'x' }, removed: [] },
  ])
})

test('[DO31] what was made and taken away in one change is left out, and nothing follows it', () => {
  const document = writable(1)
  typed(document, 'ab')
  const { changes } = write(document, () => {
    document.text.insert(1, '123')
    document.text.insert(3, 'X')
    document.text.delete(1, 2)
    document.text.delete(2, 1)
  })
  expect(changes).toEqual([{ root: 'text', insert: 'X', id: id(1, 5), after: id(1, 0) }])
  const nothing = write(document, () => {
    document.text.insert(0, 'y')
    document.text.delete(0, 1)
  })
  expect(nothing.changes).toEqual([])
})

test('[DO31] what waits is told by the update that sets it free', () => {
  const one = writable(1)
  const [first, second] = [typed(one, 'first'), typed(one, ', second')]
  expect(yjs.changes([], second.update)).toEqual([])
  expect(yjs.changes([second.update], first.update)).toEqual([
    { root: 'text', insert: 'first, second', id: id(1, 0), after: null },
  ])
})

test('[DO32] bytes that are no update are refused, wherever they stand', () => {
  const good = typed(writable(1), 'good').update
  for (const bytes of [[], [0], [1, 1, 1, 0, 11, 1, 1, 114, 0], [0, 0, 0]]) {
    for (const encoding of ['yjs-1', 'yjs-2', 'automerge'] as const) {
      const bad: Update = { encoding, bytes: Uint8Array.from(bytes) }
      expect(() => yjs.changes([good], bad)).toThrow(expect.objectContaining({ kind: 'undecodable' }))
      expect(() => yjs.changes([bad], good)).toThrow(expect.objectContaining({ kind: 'undecodable' }))
    }
  }
})

test('[DO32] what is no JSON, no text or no entry is left out; what lies elsewhere, and marks, are one thing untold', () => {
  const update = foreign((doc) => {
    doc.getArray('l').insert(0, [1, Uint8Array.of(1), new Y.Map(), 2, { a: 3 }, { b: { constructor: 1 } }])
    const text = doc.getText('t')
    text.insert(0, 'plain')
    text.insertEmbed(5, { image: 'x' })
    text.insert(6, 'bold', { bold: true })
    doc.getArray('r').insert(0, [1, ['k'], ['k', -1, 'v'], ['k', 1, 'fits'], ['k', 1, Uint8Array.of(1)]])
    doc.getArray('elsewhere').insert(0, ['x'])
  })
  const inMap = foreign((doc) => doc.getMap('r').set('k', ['k', 1, 'in a map']), 98)
  expect(yjs.changes([update], inMap)).toEqual([{ root: 'untold' }])
  const changes = yjs.changes([inMap], update)
  expect(changes.map((change) => ('insert' in change ? change.insert : change))).toEqual([
    { root: 'registers', key: 'k', wrote: expect.objectContaining({ stamp: 1, value: 'fits' }), removed: [] },
    'plain',
    'bold',
    [1],
    [2, { a: 3 }],
    { root: 'untold' },
  ])
  const again = writable(1)
  expect(redo(again, changes)).toBeUndefined()
  expect(redo(again, changes.slice(0, -1))).toHaveLength(5)
  expect(again.list.read()).toEqual([1, 2, { a: 3 }])
  expect(again.text.read()).toBe('plainbold')
})

test('[DO32] a change of ten thousand pieces is told in a time that does not grow with the square', () => {
  const count = 10_000
  const document = writable(1)
  const backwards = write(document, () => {
    for (let i = 0; i < count; i++) document.text.insert(0, 'x')
  })
  expect(backwards.changes).toHaveLength(count)
  const removal = write(document, () => document.text.delete(0, count))
  expect(removal.changes).toHaveLength(count)
  expect(JSON.stringify(yjs.changes([backwards.update], removal.update))).toBe(JSON.stringify(removal.changes))
  const heirs = revert(document, removal.changes)
  expect(document.text.read()).toBe('x'.repeat(count))
  revert(document, inherit(backwards.changes, heirs))
  expect(document.text.read()).toBe('')
  expect(redo(writable(2), backwards.changes)).toHaveLength(count)
})

test('[DO33] a run goes directly behind what it followed, even if that is gone by now', () => {
  const one = writable(1)
  const { update } = typed(one, 'ab')
  const two = writable(2, update)
  const { changes } = write(two, () => two.text.insert(1, 'X'))
  typed(one, 'c')
  write(one, () => one.text.insert(1, 'Y'))
  one.transact(() => one.text.delete(0, 1))
  expect(redo(one, changes)).toEqual([{ of: id(2, 0), id: id(1, 4), length: 1 }])
  expect(one.text.read()).toBe('XYbc')
})

test('[DO34] an element that was never seen keeps all of the list from being made again', () => {
  const one = writable(1)
  typed(one, 'a')
  const { changes: first } = typed(one, 'b')
  const { changes: second } = typed(one, 'c')
  const { changes: erased } = write(one, () => one.text.delete(1, 1))
  const other = writable(2, typed(writable(1), 'a').update)
  for (const changes of [second, erased, [...second, ...first]]) {
    const state = stateOf(other)
    expect(redo(other, changes)).toBeUndefined()
    expect(stateOf(other)).toBe(state)
  }
  expect(redo(other, [...first, ...second, ...erased])).toHaveLength(2)
  expect(other.text.read()).toBe('ac')
})

test('[DO35] several changes are taken back as one: nothing comes back that they made themselves', () => {
  const document = writable(1)
  write(document, () => document.registers.append('k', 1, 'first'))
  const { changes: before } = typed(document, 'keep ')
  const list = [
    typed(document, 'abc'),
    write(document, () => document.text.delete(6, 1)),
    write(document, () => {
      document.registers.remove('k')
      document.registers.append('k', 2, 'second')
    }),
    write(document, () => {
      document.registers.remove('k')
      document.registers.append('k', 3, 'third')
    }),
  ].flatMap(({ changes }) => changes)
  const stamps: number[] = []
  document.transact(() => {
    document.revert(list, () => {
      stamps.push(7)
      return 7
    })
  })
  expect(document.text.read()).toBe('keep ')
  expect(document.registers.survivors('k')).toMatchObject([{ stamp: 7, value: 'first' }])
  expect(stamps).toEqual([7])
  const clear = write(document, () => {
    document.registers.append('other', 1, 'x')
  })
  const both = write(document, () => ['k', 'other'].forEach((key) => document.registers.remove(key)))
  document.transact(() => document.revert(both.changes, () => stamps.push(8) + 6))
  expect(stamps).toEqual([7, 8])
  expect(document.registers.survivors('other')).toMatchObject([{ stamp: 8, value: 'x' }])
  expect(clear.changes).toHaveLength(1)
  document.transact(() => {
    document.revert(before, () => {
      throw new Error('no value comes back, so no stamp is drawn')
    })
  })
  expect(document.text.read()).toBe('')
})

test('[DO35] of a run that the list made in part, the rest comes back', () => {
  const document = writable(1)
  typed(document, 'ab')
  const { changes: made } = typed(document, 'c')
  typed(document, 'de')
  const { changes: gone } = write(document, () => document.text.delete(1, 3))
  expect(gone).toEqual([{ root: 'text', delete: 'bcd', id: id(1, 1) }])
  revert(document, [...made, ...gone])
  expect(document.text.read()).toBe('abde')
})

test('[DO36] what others have replaced or removed since stays theirs', () => {
  const one = writable(1)
  const { update, changes } = write(one, () => one.registers.append('k', 1, 'mine'))
  const { changes: second } = write(one, () => one.registers.remove('k'))
  const two = writable(2, update)
  const theirs = write(two, () => {
    two.registers.remove('k')
    two.registers.append('k', 2, 'theirs')
  })
  one.apply([theirs.update])
  revert(one, changes)
  revert(one, second)
  expect(values(one, 'k')).toEqual(['theirs'])
  two.apply([one.snapshot()])
  const third = write(one, () => {
    one.registers.remove('k')
    one.registers.append('k', 3, 'mine again')
  })
  two.apply([third.update])
  one.apply([write(two, () => two.registers.remove('k')).update])
  revert(one, third.changes)
  expect(values(one, 'k')).toEqual([])
})

test('[DO36] values that several changes removed come back in the order of their stamps', () => {
  const [one, two] = [writable(1), writable(2)]
  write(one, () => one.registers.append('k', 5, 'later'))
  const first = write(one, () => one.registers.remove('k'))
  one.apply([write(two, () => two.registers.append('k', 3, 'earlier')).update])
  const second = write(one, () => one.registers.remove('k'))
  revert(one, [...first.changes, ...second.changes])
  expect(values(one, 'k')).toEqual(['earlier', 'later'])
})

test('[DO37] heirs carry older changes to what was made again', () => {
  const document = writable(1)
  const typing = typed(document, 'hello').changes
  const erasing = write(document, () => document.text.delete(1, 3)).changes
  const first = write(document, () => document.registers.append('k', 1, 'first')).changes
  const second = write(document, () => {
    document.registers.remove('k')
    document.registers.append('k', 2, 'second')
  }).changes
  const heirs = [...revert(document, erasing), ...revert(document, second)]
  expect(document.text.read()).toBe('hello')
  expect(values(document, 'k')).toEqual(['first'])
  expect(inherit(typing, heirs)).toEqual([
    { root: 'text', insert: 'h', id: id(1, 0), after: null },
    { root: 'text', insert: 'ell', id: id(1, 7), after: id(1, 0) },
    { root: 'text', insert: 'o', id: id(1, 4), after: id(1, 9) },
  ])
  const inside = { root: 'text', insert: 'X', id: id(9, 0), after: id(1, 2) } as const
  expect(inherit([inside], heirs)).toEqual([{ ...inside, after: id(1, 8) }])
  expect(inherit(erasing, heirs)).toEqual([{ root: 'text', delete: 'ell', id: id(1, 7) }])
  const loaded = writable(2, document.snapshot())
  revert(loaded, inherit([...typing, ...first], heirs))
  expect(loaded.text.read()).toBe('')
  expect(values(loaded, 'k')).toEqual([])
  expect(inherit(typing, [])).toBe(typing)
})

test('[DO37] without the heirs, what was made again is another thing', () => {
  const document = writable(1)
  const typing = typed(document, 'a').changes
  const erasing = write(document, () => document.text.delete(0, 1)).changes
  const heirs = revert(document, erasing)
  revert(document, typing)
  expect(document.text.read()).toBe('a')
  revert(document, erasing)
  expect(document.text.read()).toBe('aa')
  revert(document, inherit(erasing, heirs))
  expect(document.text.read()).toBe('aa')
  revert(document, inherit(typing, heirs))
  expect(document.text.read()).toBe('a')
})

test('[DO38] after saving and loading, all is still found in its place', () => {
  const one = writable(1)
  typed(one, 'one two three')
  const inserted = write(one, () => one.text.insert(4, 'and ')).changes
  const erased = write(one, () => one.text.delete(0, one.text.length)).changes
  const saved = writable(2, one.snapshot())
  revert(saved, erased)
  expect(saved.text.read()).toBe('one and two three')
  const other = writable(3, one.snapshot())
  expect(redo(other, inserted)).toHaveLength(1)
  revert(other, erased)
  expect(other.text.read()).toBe('one and and two three')
})

test('[DO38] surrogate pairs are never split, whatever a change names', () => {
  const document = writable(1)
  typed(document, 'a😀b')
  const half: Change = { root: 'text', delete: '\ud83d', id: id(1, 1) }
  expect(redo(document, [half])).toEqual([])
  expect(redo(document, [{ ...half, id: id(1, 2) }])).toEqual([])
  expect(redo(document, [{ root: 'text', insert: 'X', id: id(9, 0), after: id(1, 1) }])).toHaveLength(1)
  expect(document.text.read()).toBe('a😀Xb')
  const { changes } = write(document, () => document.text.delete(1, 2))
  revert(document, changes)
  expect(document.text.read()).toBe('a😀Xb')
})
