import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EngineDocument, Update } from '../engine.ts'
import { anyActions, playHistory, stateOf } from '../testing/index.ts'
import { lastWriteWins } from './index.ts'
import { goingClock, policiesBy } from './policies.test.helper.ts'

const policies = policiesBy(goingClock())
const engines = policies.map(lastWriteWins)
const undecodable = expect.objectContaining({ kind: 'undecodable' })

function written(engine = engines[0]): EngineDocument {
  if (engine === undefined) throw new Error('no engine')
  const document = engine.create()
  document.setClient(4_000_000_000)
  document.transact(() => {
    document.registers.append('k', 1, { nested: ['v'] })
    document.text.insert(0, 'text', { bold: true })
    document.list.insert(0, [1, 'two', null])
  })
  return document
}

test('[DO238] bytes cut off anywhere, or with more behind them, are refused and nothing is taken in', () => {
  for (const engine of engines) {
    const good = written(engine).snapshot()
    const document = engine.create()
    const bad = Array.from({ length: good.bytes.length }, (_, length) => good.bytes.subarray(0, length))
    for (const bytes of [...bad, Uint8Array.from([...good.bytes, 0])]) {
      const update: Update = { encoding: 'other', bytes }
      expect(() => document.apply([good, update])).toThrow(undecodable)
      expect(() => engine.squash([update])).toThrow(undecodable)
      expect(() => engine.changes([good], update)).toThrow(undecodable)
    }
    expect(document.text.read()).toBe('')
    document.apply([good])
    expect(stateOf(document)).toBe(stateOf(written(engine)))
  }
})

test('[DO238] no policy reads the bytes of another, nor those of another encoding', () => {
  for (const [i, engine] of engines.entries()) {
    for (const [j, other] of engines.entries()) {
      const read = (): void => engine.create().apply([written(other).snapshot()])
      if (i === j) read()
      else expect(read).toThrow(undecodable)
    }
    const { bytes } = written(engine).snapshot()
    expect(() => engine.create().apply([{ encoding: 'automerge', bytes }])).toThrow(undecodable)
  }
})

test('[DO238] damaged bytes are refused, or give a document that can be read, changed and saved', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 })
  let [taken, refused] = [0, 0]
  fc.assert(
    fc.property(anyActions, damage, fc.constantFrom(...engines), (actions, changes, engine) => {
      for (const { update } of playHistory(engine, actions).writes.slice(-5)) {
        const bytes = update.bytes.slice()
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        const document = engine.create()
        try {
          document.apply([{ ...update, bytes }])
        } catch (error) {
          expect(error).toEqual(undecodable)
          refused++
          continue
        }
        taken++
        document.setClient(7)
        document.transact(() => document.text.insert(0, 'a'))
        const copy = engine.create()
        copy.apply([document.snapshot()])
        expect(stateOf(copy)).toBe(stateOf(document))
      }
    }),
  )
  expect(Math.min(taken, refused)).toBeGreaterThan(30)
})

test.each<[string, readonly number[]]>([
  ['2^40 clients', [0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
  ['2^40 runs of clocks', [1, 7, 1, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
  ['2^40 writes', [0, 0, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20]],
  ['clocks that begin behind their end', [1, 7, 1, 0, 1, 0, 0, 0, 0]],
  ['a write that is not told among the ids', [1, 7, 0, 0, 1, 0, 0, 1, 4, 0]],
  ['a client that is not in the list', [0, 0, 0, 1, 0, 0, 1, 4, 0]],
  ['a write of a version, where none counts', [1, 7, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 6, 0, 0, 0]],
  ['a write without content', [1, 7, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0]],
  ['a part of no kind', [1, 7, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 4, 1, 3, 0, 0]],
  ['an empty text', [1, 7, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 4, 1, 1, 0, 0, 0]],
  ['a value that is no JSON', [1, 7, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 4, 1, 0, 0, 0, 1, 107, 1, 1, 123]],
])('[DO238] refused: %s', (_, bytes) => {
  const [engine] = engines
  const update: Update = { encoding: 'other', bytes: Uint8Array.from([1, 0, 0, ...bytes]) }
  expect(() => engine?.create().apply([update])).toThrow(undecodable)
})

test('[DO238] a key that reaches a prototype, and a value nested without end, are refused', () => {
  const [engine] = engines
  const { bytes } = written(engine).snapshot()
  const text = String.fromCharCode(...bytes)
  const replaced = (old: string, by: string): Update => ({
    encoding: 'other',
    bytes: Uint8Array.from(text.replace(old, by), (unit) => unit.charCodeAt(0)),
  })
  expect(() => engine?.create().apply([replaced('{"nested":["v"]}', '{"nested":["w"]}')])).not.toThrow()
  expect(() => engine?.create().apply([replaced('{"nested":["v"]}', '{"__proto__":[]}')])).toThrow(undecodable)
  const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`
  const length = String.fromCharCode((deep.length & 127) | 128, ((deep.length >> 7) & 127) | 128, deep.length >> 14)
  expect(() => engine?.create().apply([replaced('\u0010{"nested":["v"]}', length + deep)])).toThrow(undecodable)
})
