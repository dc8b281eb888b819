import { RejoinError } from '@rejoin/base'
import type { Encoding } from '@rejoin/base'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { EngineDocument, Update } from '../engine.ts'
import { anyActions, playHistory, stateOf } from '../testing/index.ts'
import { decodeUpdates } from './decode.ts'
import { encode } from './encode.ts'
import { yjs } from './index.ts'
import type { Decoded } from './structs.ts'

const update = (encoding: Encoding, ...bytes: number[]): Update => ({ encoding, bytes: Uint8Array.from(bytes) })

/** An update by bare Yjs, as other software may send one. */
function foreign(change: (doc: Y.Doc) => void, client = 99): Update {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = client
  change(doc)
  return { encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc) }
}

/** Content of every kind. */
const every = (): Update =>
  foreign((doc) => {
    const list = doc.getArray('l')
    list.insert(0, [
      1,
      -70,
      1.5,
      1e300,
      'é',
      true,
      false,
      null,
      { a: [{}] },
      2 ** 40,
      Uint8Array.of(1),
      new Y.Map(),
      new Y.XmlElement('p'),
      new Y.Doc({ guid: 'x' }),
    ])
    list.insert(0, [Uint8Array.of(1, 2)])
    list.push([new Y.Array(), new Y.Text('nested'), new Y.XmlText(), new Y.XmlHook('hook'), new Y.XmlFragment()])
    list.delete(list.length - 1, 1)
    doc.getText('t').applyDelta([{ insert: 'bold', attributes: { b: true } }, { insert: { image: 'x' } }])
    doc.getMap('m').set('key', undefined)
    doc.getMap('m').set('big', 10n)
  })

function written(): EngineDocument {
  const document = yjs.create()
  document.setClient(1)
  document.transact(() => {
    document.text.insert(0, 'text')
    document.registers.append('k', 1, 'v')
  })
  return document
}

/** What we read in an update of encoding V1, undefined if it is refused. */
function decoded(bytes: Uint8Array): Decoded | undefined {
  try {
    return decodeUpdates([{ encoding: 'yjs-1', bytes }])
  } catch {
    return undefined
  }
}

/** The same as Yjs reads it. */
function decodedByYjs(bytes: Uint8Array): Decoded {
  const { structs, ds } = Y.decodeUpdate(bytes)
  const deletions = [...ds.clients].flatMap(([client, ranges]) =>
    ranges.map(({ clock, len }) => ({ client, clock, len })),
  )
  return { sections: [structs], deletions }
}

/** In terms that can be compared: types and nested documents are told by what is written of them. */
const comparable = ({ sections, deletions }: Decoded): unknown => [
  sections.flat().map((struct) => {
    if (!(struct instanceof Y.Item)) return [struct.constructor, struct.id, struct.length]
    const { id, origin, rightOrigin, parent, parentSub, length, content } = struct
    const { type, doc, ...plain } = { type: undefined, doc: undefined, ...content }
    return [id, origin, rightOrigin, parent, parentSub, length, content.constructor, nameOf(type), guidOf(doc), plain]
  }),
  deletions,
]

const nameOf = (type: unknown): unknown =>
  type instanceof Y.XmlHook ? type.hookName : type instanceof Y.XmlElement ? type.nodeName : type?.constructor

const guidOf = (doc: unknown): unknown => (doc instanceof Y.Doc ? [doc.guid, doc.shouldLoad] : undefined)

test.each<[string, Update]>([
  ['nothing', update('yjs-1')],
  ['nothing, V2', update('yjs-2')],
  ['another engine', update('automerge', 0, 0)],
  ['V2 bytes called V1', { encoding: 'yjs-1', bytes: written().snapshot().bytes }],
  ['trailing bytes', update('yjs-1', 0, 0, 0)],
  ['30,000,000 structs in 7 bytes', update('yjs-1', 1, 0x80, 0x8e, 0xa7, 0x0e, 1, 0)],
  ['2^52 values in one struct', update('yjs-1', 1, 1, 1, 0, 8, 1, 1, 114, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 7)],
  ['an empty struct', update('yjs-1', 1, 1, 1, 0, 0, 0, 0)],
  ['content of no kind', update('yjs-1', 1, 1, 1, 0, 11, 1, 1, 114, 0)],
  ['text that is no UTF-8', update('yjs-1', 1, 1, 1, 0, 4, 1, 1, 116, 1, 0xff, 0)],
  ['an embed that is no JSON', update('yjs-1', 1, 1, 1, 0, 5, 1, 1, 116, 1, 0x7b, 0)],
])('[DO20] bytes that are no update are refused, and nothing is taken in: %s', (_, bad) => {
  const document = written()
  const good = foreign((doc) => doc.getText('t').insert(0, 'not this either'))
  const before = stateOf(document)
  expect(() => document.apply([good, bad])).toThrow(RejoinError)
  expect(() => document.apply([bad])).toThrow(expect.objectContaining({ kind: 'undecodable' }))
  expect(() => yjs.squash([bad])).toThrow(expect.objectContaining({ kind: 'undecodable' }))
  expect(() => yjs.create().apply([bad])).toThrow(expect.objectContaining({ kind: 'undecodable' }))
  expect(stateOf(document)).toBe(before)
  document.apply([good])
  expect(document.text.read()).toContain('not this either')
})

test('[DO20] a cut-off V2 update is not taken in, and spoils nothing', () => {
  const { bytes } = written().snapshot()
  for (let length = 0; length < bytes.length; length++) {
    const bad: Update = { encoding: 'yjs-2', bytes: bytes.subarray(0, length) }
    const before = foreign((doc) => doc.getText('t').insert(0, 'before'))
    const [document, empty] = [yjs.create(), yjs.create()]
    document.apply([before])
    for (const each of [document, empty])
      expect(() => each.apply([before, bad])).toThrow(expect.objectContaining({ kind: 'undecodable' }))
    expect([document.text.read(), empty.text.read()]).toEqual(['before', ''])
    expect([document.pending(), empty.pending()]).toEqual([false, false])
    empty.apply([before])
    expect(empty.text.read()).toBe('before')
  }
})

test('[DO20] what is read of V1, whole or damaged, is what Yjs reads; all that Yjs writes is read', () => {
  let passed = 0
  let refused = 0
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 })
  const checked = (bytes: Uint8Array): boolean => {
    const ours = decoded(bytes)
    if (ours !== undefined) expect(comparable(ours)).toEqual(comparable(decodedByYjs(bytes)))
    return ours !== undefined
  }
  fc.assert(
    fc.property(anyActions, damage, (actions, changes) => {
      for (const { bytes } of [every(), ...playHistory(yjs, actions).writes.map((write) => write.update)]) {
        expect(checked(bytes)).toBe(true)
        const bad = bytes.slice()
        for (const [at, byte] of changes) bad[at % bad.length] = byte
        if (checked(bad)) passed++
        else refused++
        expect(decoded(bytes.subarray(0, -1))).toBeUndefined()
      }
    }),
    { numRuns: 40 },
  )
  expect(Math.min(passed, refused)).toBeGreaterThan(20)
})

test.each([
  ['an origin', (id: Y.ID) => new Y.Item(id, null, Y.createID(1, 5), null, null, null, null, new Y.ContentString('x'))],
  [
    'a right origin',
    (id: Y.ID) => new Y.Item(id, null, null, null, Y.createID(1, 9), null, null, new Y.ContentString('x')),
  ],
  ['a parent', (id: Y.ID) => new Y.Item(id, null, null, null, null, Y.createID(1, 5), null, new Y.ContentString('x'))],
])('[DO20] %s that its own client made no earlier is refused, and spoils nothing', (_, item) => {
  const sections = new Map([[1, [item(Y.createID(1, 5))]]])
  const content = { sections, deletions: Y.createDeleteSet() }
  for (const bad of [
    { encoding: 'yjs-1' as const, bytes: encode(new Y.UpdateEncoderV1(), content) },
    { encoding: 'yjs-2' as const, bytes: encode(new Y.UpdateEncoderV2(), content) },
  ]) {
    const document = written()
    expect(() => document.apply([bad])).toThrow(expect.objectContaining({ kind: 'undecodable' }))
    document.transact(() => document.text.insert(0, 'still '))
    expect(document.text.read()).toBe('still text')
  }
})

test('[DO20] a nested document whose options are null does not pass', () => {
  const outer = new Y.Doc({ guid: 'outer' })
  outer.getArray('l').insert(0, [new Y.Doc({ guid: 'inner' })])
  const good = Y.encodeStateAsUpdate(outer)
  const [object, none, nothingDeleted] = good.slice(-3)
  expect([object, none, nothingDeleted]).toEqual([118, 0, 0])
  expect(decoded(good)).toBeDefined()
  const bad = Uint8Array.from([...good.slice(0, -3), 126, 0])
  expect(() => Y.decodeUpdate(bad)).toThrow(TypeError)
  expect(decoded(bad)).toBeUndefined()
})

test('[DO20] every kind of content of Yjs passes', () => {
  const document = yjs.create()
  document.apply([every()])
  expect(document.text.read()).toBe('bold\ufffc')
  expect(document.text.length).toBe(5)
  expect(document.list.read().length).toBe(document.list.length)
  expect(document.list.read().slice(0, 6)).toEqual([null, 1, -70, 1.5, 1e300, 'é'])
})

test('[DO21] entries of registers that do not fit are neither shown nor touched', () => {
  const deep: unknown = JSON.parse('['.repeat(70) + ']'.repeat(70))
  const document = written()
  expect(document.registers.survivors('k')).toHaveLength(1)
  document.apply([
    foreign((doc) => doc.getMap('r').set('k', ['k', 9, 'in a map where a list should be']), 98),
    foreign((doc) => {
      const entries = doc.getArray('r')
      entries.insert(0, [
        1,
        'text',
        [],
        ['k'],
        ['k', 1],
        ['k', 1, 'v', 'more'],
        [1, 1, 'v'],
        ['k', -1, 'v'],
        ['k', 0.5, 'v'],
        ['k', 'x', 'v'],
      ])
      entries.insert(0, [
        ['k', 1, deep],
        ['k', 1, undefined],
        ['k', 1, { constructor: 1 }],
        new Y.Map(),
        Uint8Array.of(1),
        { 0: 'k' },
      ])
      entries.insert(0, [
        ['k', 3, 'fits'],
        ['__proto__', 1, 'fits too'],
      ])
    }),
  ])
  const { registers } = document
  expect(registers.survivors('k').map(({ value }) => value)).toEqual(['v', 'fits'])
  expect(registers.survivors('__proto__').map(({ value }) => value)).toEqual(['fits too'])
  expect([...registers.keys()].sort()).toEqual(['__proto__', 'k'])
  const built = yjs.create()
  built.apply([document.snapshot()])
  expect(stateOf(built)).toBe(stateOf(document))
  document.transact(() => registers.remove('k'))
  const copy = yjs.create()
  copy.apply([document.snapshot()])
  expect([...copy.registers.keys()]).toEqual(['__proto__'])
})

test('[DO21] a `__proto__` key inside a value makes it a misfit, and reaches no prototype', () => {
  // The list of values [["k", 1, {"__proto__": {"admin": true}}]] as the encoding has it: no writer of ours makes one.
  const text = (value: string): number[] => [119, value.length, ...new TextEncoder().encode(value)]
  const key = (value: string): number[] => text(value).slice(1)
  const object = [118, 1, ...key('__proto__'), 118, 1, ...key('admin'), 120]
  const bad = update('yjs-1', 1, 1, 99, 0, 8, 1, 1, 114, 1, 117, 3, ...text('k'), 125, 1, ...object, 0)
  const document = yjs.create()
  document.apply([bad, foreign((doc) => doc.getArray('l').insert(0, ['fine']), 98)])
  expect([...document.registers.keys()]).toEqual([])
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
  expect(document.list.read()).toEqual(['fine'])
})

test('[DO21] a key with survivors without end is written over as one', () => {
  const count = 20_000
  const document = written()
  document.apply([
    foreign((doc) =>
      doc.getArray('r').insert(
        0,
        Array.from({ length: count }, (_, i) => ['k', i, i]),
      ),
    ),
  ])
  const splits = vi.spyOn(Y.ContentAny.prototype, 'splice')
  document.transact(() => {
    document.registers.remove('k')
    document.registers.append('k', 1, 'ours')
  })
  expect(splits.mock.calls.length).toBeLessThan(5)
  splits.mockRestore()
  expect(document.registers.survivors('k')).toMatchObject([{ value: 'ours' }])
})

test('[DO21] a deletion of 2^40 clocks costs no time', () => {
  const document = written()
  expect(document.registers.survivors('k')).toHaveLength(1)
  // A deletion of the clocks 0 to 2^40 of client 1: no structs, one client, one range.
  document.apply([update('yjs-1', 0, 1, 1, 1, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20)])
  expect([...document.registers.keys()]).toEqual([])
  expect(yjs.squash([update('yjs-1', 0, 1, 1, 1, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20)]).bytes.length).toBeLessThan(20)
})

test('[DO32] damaged updates are told as far as they can be read, and can be made again and taken back', () => {
  let told = 0
  let refused = 0
  const damage = fc.tuple(fc.nat(), fc.nat(255))
  fc.assert(
    fc.property(anyActions, damage, (actions, [at, byte]) => {
      for (const { update: whole, before } of playHistory(yjs, actions).writes.slice(-10)) {
        const bytes = whole.bytes.slice()
        bytes[at % bytes.length] = byte
        const known = before.map((write) => write.update)
        try {
          const bad: Update = { encoding: 'yjs-1', bytes }
          const changes = yjs.changes(known, bad)
          if (changes.length > 0) told++
          for (const updates of [known, [...known, bad]]) {
            const document = yjs.create()
            document.apply(updates)
            document.setClient(0)
            document.transact(() => document.redo(changes))
            document.transact(() => document.revert(changes, () => 1))
          }
        } catch (error) {
          expect(error).toMatchObject({ kind: 'undecodable' })
          refused++
        }
      }
    }),
    { numRuns: 40 },
  )
  expect(Math.min(told, refused)).toBeGreaterThan(20)
})
