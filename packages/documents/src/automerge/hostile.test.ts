import fc from 'fast-check'
import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import type { EngineDocument, Update } from '../engine.ts'
import { documentOf } from '../testing/case.ts'
import { anyActions, playHistory, stateOf } from '../testing/index.ts'
import { kindOf } from '../testing/port/example.ts'
import { genesis } from './genesis.ts'
import { actorOf } from './library.ts'
import type { Heads, PlainOp } from './library.ts'
import { automerge, decoded, library, typed, writable } from './writing.test.helper.ts'

const update = (bytes: Uint8Array): Update => ({ encoding: 'automerge', bytes })
const joined = (...parts: readonly Update[]): Update => update(Buffer.concat(parts.map(({ bytes }) => bytes)))

/** A chunk with the checksum that its content should have. */
function sealed(chunk: Uint8Array): Uint8Array {
  const { createHash } = process.getBuiltinModule('node:crypto')
  const bytes = Uint8Array.from(chunk)
  bytes.set(createHash('sha256').update(bytes.subarray(8)).digest().subarray(0, 4), 4)
  return bytes
}

const damaged = ({ bytes }: Update, at: number, by = 1): Update =>
  update(bytes.map((byte, i) => (i === (at + bytes.length) % bytes.length ? byte ^ by : byte)))

interface Crafted {
  readonly actor?: string
  readonly seq?: number
  readonly startOp?: number
  readonly deps?: Heads
  readonly op?: Partial<PlainOp>
}

/** A change that a client might have made, but for what is told. */
function crafted({ actor = actorOf(9), seq = 1, startOp = 50, deps = [genesis.text.hash], op = {} }: Crafted): Update {
  const good = { action: 'set', obj: genesis.text.object, elemId: '_head', insert: true, value: 'x', pred: [] }
  return update(library.encodeChange({ actor, seq, startOp, time: 0, message: null, deps, ops: [{ ...good, ...op }] }))
}

/** Refused, with nothing taken in, by a document with content, one that waits, and an empty one. */
function expectRefused(bad: Update, ...good: readonly Update[]): void {
  const begun = writable(1)
  typed(begun, 'begun')
  const waiting = writable(2)
  const [, second] = [typed(begun, '!'), typed(begun, '?')]
  waiting.apply([second.update])
  for (const document of [begun, waiting, automerge.create()]) {
    const before = [stateOf(document), document.pending()]
    expect(kindOf(() => document.apply([...good, bad]))).toBe('undecodable')
    expect([stateOf(document), document.pending()]).toEqual(before)
  }
}

describe('[DO215] what is no chunk of ours is refused whole', () => {
  const other = writable(3)
  const [one, two, three] = [typed(other, 'one'), typed(other, 'two'), typed(other, 'three')].map((each) => each.update)
  if (one === undefined || two === undefined || three === undefined) throw new Error('three updates')

  test('a checksum that is wrong, wherever it stands', () => {
    for (const bad of [damaged(one, -3), damaged(one, 5)]) {
      expectRefused(bad)
      expectRefused(bad, two, three)
      expectRefused(joined(two, bad, three))
      expectRefused(joined(two, three, bad))
      expect(kindOf(() => automerge.squash([two, bad, three]))).toBe('undecodable')
    }
  })

  test('also where the last change is known already', () => {
    const document = documentOf(automerge, [one, two])
    const before = stateOf(document)
    expect(kindOf(() => document.apply([damaged(three, -3), two]))).toBe('undecodable')
    expect(stateOf(document)).toBe(before)
    document.apply([three, two])
    expect(document.text.read()).toBe('onetwothree')
  })

  test('also where the last change comes before it, too, or is in a snapshot', () => {
    const [bad, held] = [damaged(three, -3), documentOf(automerge, [one, two]).snapshot()]
    for (const document of [automerge.create(), documentOf(automerge, [typed(writable(5), 'begun').update])]) {
      const before = stateOf(document)
      const good = typed(writable(4), 'good').update
      expect(kindOf(() => document.apply([held, bad, good, two]))).toBe('undecodable')
      expect(kindOf(() => document.apply([one, two, bad, good, two]))).toBe('undecodable')
      expect(stateOf(document)).toBe(before)
    }
  })

  test('bytes between chunks or behind them, and chunks that are cut', () => {
    for (const bad of [joined(one, update(Uint8Array.of(0)), two), joined(one, update(two.bytes.subarray(0, -1)))])
      expectRefused(bad)
  })

  test('compressed changes and bundles, which we never write', () => {
    const long = typed(writable(4), 'x'.repeat(1_000)).update.bytes
    const content = deflateRawSync(long.subarray(11), { strategy: constants.Z_FIXED, level: 0 })
    const length = [(content.length & 0x7f) | 0x80, content.length >> 7]
    const compressed = Uint8Array.from([...long.subarray(0, 8), 2, ...length, ...content])
    const bare = library.create('ff')
    bare.call((raw) => raw.applyChanges([genesis.text.bytes]))
    expect(bare.call((raw) => raw.loadIncremental(compressed))).toBeGreaterThan(0)
    expectRefused(update(compressed))
    expectRefused(update(bare.call((raw) => raw.saveBundle(raw.getHeads()))))
  })

  test('a snapshot that is cut or damaged', () => {
    const { bytes } = documentOf(automerge, [one, two, three]).snapshot()
    for (let length = 1; length < bytes.length; length++) expectRefused(update(bytes.subarray(0, length)))
    for (let at = 0; at < bytes.length; at += 7) expectRefused(damaged(update(bytes), at))
  })

  test('a snapshot whose content does not keep what its checksum says', () => {
    const { bytes } = documentOf(automerge, [one, two, three]).snapshot()
    for (let at = 60; at < bytes.length; at++) {
      const bad = update(sealed(damaged(update(bytes), at).bytes))
      const empty = automerge.create()
      const kind = kindOf(() => empty.apply([bad]))
      expect([undefined, 'undecodable']).toContain(kind)
      if (kind !== undefined) expect(stateOf(empty)).toBe(stateOf(automerge.create()))
    }
  })
})

describe('[DO214] an actor that is no client is refused', () => {
  test.each([['05'], ['000000000a'], ['72'], ['ab'.repeat(16)]])('in a change: %s', (actor) => {
    expectRefused(crafted({ actor }))
  })

  test('in a snapshot', () => {
    const bare = library.create('ab'.repeat(16))
    bare.call((raw) => {
      raw.applyChanges([genesis.text.bytes])
      raw.splice(genesis.text.object, 0, 0, 'x')
      raw.commit(null, 0)
    })
    expectRefused(update(bare.call((raw) => raw.save())))
  })

  test('in a snapshot with a container that is not the one', () => {
    const bare = library.create('72')
    bare.call((raw) => {
      raw.putObject('_root', 'other', {})
      raw.commit(null, 0)
    })
    const bad = update(bare.call((raw) => raw.save()))
    const document = writable(1)
    document.transact(() => document.registers.append('k', 1, 1))
    expect(kindOf(() => document.apply([bad]))).toBe('undecodable')
    expect(kindOf(() => automerge.create().apply([bad]))).toBe('undecodable')
    expect(document.registers.survivors('k')).toHaveLength(1)
  })

  test('but for the changes that make containers', () => {
    const document = automerge.create()
    document.apply([update(genesis.text.bytes), update(genesis.list.bytes)])
    expect([document.pending(), document.text.length]).toEqual([false, 0])
  })
})

describe('[DO216] two histories under one client', () => {
  const twins = (): readonly [EngineDocument, EngineDocument] => [writable(7), writable(7)]

  test('are refused where they meet, and the document goes on', () => {
    const [one, other] = twins()
    const [own, theirs] = [typed(one, 'mine').update, typed(other, 'theirs').update]
    expect(kindOf(() => one.apply([theirs]))).toBe('undecodable')
    expect(kindOf(() => documentOf(automerge, [own, theirs]))).toBe('undecodable')
    expect(typed(one, '!').changes).toHaveLength(1)
    one.apply([typed(writable(8), 'others').update, own])
    expect(one.text.read()).toContain('mine!')
  })

  test('take nothing out of what waits', () => {
    const [one, other] = twins()
    const [first, second, third] = ['a', 'b', 'c'].map((text) => typed(one, text).update)
    if (first === undefined || second === undefined || third === undefined) throw new Error('three updates')
    const document = documentOf(automerge, [first, third])
    expect(kindOf(() => document.apply([typed(other, 'x').update]))).toBe('undecodable')
    expect(document.pending()).toBe(true)
    document.apply([second])
    expect([document.text.read(), document.pending()]).toEqual(['abc', false])
  })
})

describe('[DO215] changes that are well formed and make no sense', () => {
  const nobodys = '40@00000009'
  const senseless: readonly (readonly [string, 'spends' | 'is taken in', Crafted])[] = [
    ['a number that comes too early', 'spends', { seq: 3 }],
    ['an object that nobody made', 'spends', { op: { obj: nobodys } }],
    ['behind an element that nobody made', 'spends', { op: { elemId: nobodys } }],
    ['a map in a text', 'is taken in', { op: { action: 'makeMap' } }],
    ['an operation before those it has seen', 'is taken in', { startOp: 1 }],
    [
      'a mark that never ends',
      'is taken in',
      { op: { action: 'markBegin', name: 'bold', value: 'true', expand: true } },
    ],
  ]

  test.each(senseless)('%s %s, and touches no other document', (_, outcome, craft) => {
    const document = writable(1)
    typed(document, 'begun')
    const another = writable(2, document.snapshot())
    const bad = crafted(craft)
    const calls = [
      (): unknown => document.apply([bad]),
      (): unknown => stateOf(document),
      (): unknown => document.snapshot(),
      (): unknown => typed(document, '!'),
    ]
    for (const call of calls)
      if (outcome === 'is taken in') call()
      else expect(call).toThrow(/not an update of this engine|spent|fails on/)
    document.dispose()
    expect(kindOf(() => writable(3, bad, another.snapshot()))).toBe(outcome === 'spends' ? 'undecodable' : undefined)
    typed(another, '!')
    expect(another.text.read()).toBe('begun!')
  })
})

test('[DO215] random damage under a right checksum is taken in or refused, and leaves other documents alone', () => {
  vi.spyOn(console, 'log').mockReturnValue(undefined)
  const untouched = writable(1)
  typed(untouched, 'untouched')
  const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 })
  const property = fc.property(anyActions, damage, fc.nat(), (actions, changes, which) => {
    const updates = playHistory(automerge, actions).writes.map((write) => write.update)
    const chosen = updates[which % Math.max(1, updates.length)]
    if (chosen === undefined || decoded(chosen).length !== 1) return
    const bytes = chosen.bytes.slice()
    for (const [at, byte] of changes) bytes[9 + (at % (bytes.length - 9))] = byte
    const document = documentOf(automerge, updates.slice(0, updates.indexOf(chosen)))
    const before = stateOf(document)
    const refused = kindOf(() => document.apply([update(sealed(bytes))]))
    expect([undefined, 'undecodable']).toContain(refused)
    // What looked good and failed half-way spends the document, at once or when it is read.
    let found: string | undefined
    try {
      found = stateOf(document)
    } catch (error) {
      expect(String(error)).toMatch(/spent|fails on/)
    }
    if (refused !== undefined && found !== undefined) expect(found).toBe(before)
    document.dispose()
    expect(untouched.text.read()).toBe('untouched')
  })
  fc.assert(property, { numRuns: 60 })
  vi.restoreAllMocks()
})
