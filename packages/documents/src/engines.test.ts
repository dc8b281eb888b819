import { RejoinError } from '@rejoin/base'
import { collection, text } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import type { Engine } from './engine.ts'
import { Engines } from './engines.ts'
import { testLaws } from './laws.test.helper.ts'
import { engineLaws, otherEngine, portLaws } from './testing/index.ts'
import { yjs } from './yjs/index.ts'

const other = otherEngine(yjs)
const engines = new Engines([yjs, other, yjs])

function fault(given: readonly Engine[]): string {
  try {
    void new Engines(given)
  } catch (cause) {
    if (cause instanceof RejoinError) return `${cause.kind}: ${cause.message}`
    throw cause
  }
  return 'none'
}

test('[DO58] a collection names its engine, and bytes tell theirs by their encoding', () => {
  expect(engines.of(collection('notes', { body: text() }))).toBe(yjs)
  expect(engines.of(collection('notes', { body: text() }, { engine: 'other-engine' }))).toBe(other)
  expect((['yjs-1', 'yjs-2', 'other', 'automerge'] as const).map((encoding) => engines.reading(encoding))).toEqual([
    yjs,
    yjs,
    other,
    undefined,
  ])
})

test('[DO58] an engine that is not there is told with the collection that wants it', () => {
  expect(() => engines.of(collection('notes', {}, { engine: 'automerge' }))).toThrow(
    expect.objectContaining({
      kind: 'bad-config',
      message: 'Collection notes is in the engine automerge, which was not given.',
    }),
  )
})

test.each<[message: string, given: readonly Engine[]]>([
  ['Two engines are named yjs.', [yjs, { ...other, name: 'yjs' }]],
  ['The engines yjs and one share the encoding yjs-2.', [yjs, { ...other, name: 'one', encodings: ['yjs-2'] }]],
  ['The engine one reads no encoding.', [{ ...yjs, name: 'one', encodings: [] }]],
  ['The engine one reads yjs-3, which is no encoding.', [{ ...yjs, name: 'one', encodings: ['yjs-3' as never] }]],
  ['"a/b" is no name of an engine.', [{ ...yjs, name: 'a/b' }]],
])('[DO59] engines that cannot be told apart are refused: %s', (message, given) => {
  expect(fault(given)).toBe(`bad-config: ${message}`)
})

test.each<[message: string, given: unknown]>([
  ['A promise was given as an engine: await it.', Promise.resolve(yjs)],
  ['A function was given as an engine: call it, and await what it gives.', () => yjs],
  ['"automerge" is the name of an engine, not the engine.', 'automerge'],
  ['undefined was given as an engine.', undefined],
  ['null was given as an engine.', null],
])('[DO59] what is no engine is refused: %s', (message, given) => {
  expect(fault([yjs, given as Engine])).toBe(`bad-config: ${message}`)
})

describe('an engine in disguise keeps the laws', () => {
  testLaws(portLaws, other)
  testLaws(engineLaws, other, { runs: 3 })
})
