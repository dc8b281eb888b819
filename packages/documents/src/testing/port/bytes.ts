import fc from 'fast-check'
import type { Encoding } from '@rejoin/base'
import type { Engine, EngineDocument, Update } from '../../engine.ts'
import { documentOf, expectEqual } from '../case.ts'
import type { Law } from '../case.ts'
import { stateOf } from '../state.ts'
import { example, expectSame, kindOf, typed, writable, write } from './example.ts'

const all: readonly Encoding[] = ['yjs-1', 'yjs-2', 'automerge', 'other']

/** A document with something of each root, and an update that is good for it. */
function begun(engine: Engine): { readonly document: EngineDocument; readonly good: Update } {
  const document = writable(engine)
  const { text, list, registers } = document
  write(document, () => {
    text.insert(0, 'text')
    list.insert(0, [1])
    registers.append('k', 1, 'v')
  })
  return { document, good: typed(writable(engine, 2, document.snapshot()), 'good') }
}

/** Bytes that are none in any of the engine's encodings, made of good ones. */
function badOnes(engine: Engine, { encoding, bytes }: Update): readonly Update[] {
  const others = all.filter((one) => !engine.encodings.includes(one))
  return [
    ...engine.encodings.map((each) => ({ encoding: each, bytes: new Uint8Array() })),
    ...others.map((each) => ({ encoding: each, bytes })),
    ...Array.from({ length: bytes.length }, (_, length) => ({ encoding, bytes: bytes.subarray(0, length) })),
    { encoding, bytes: Uint8Array.from([...bytes, 0]) },
  ]
}

function isSpent(document: EngineDocument): boolean {
  try {
    document.snapshot()
    return false
  } catch {
    return true
  }
}

const isUndecodable = (action: () => unknown): boolean => kindOf(action) === 'undecodable'

/** Bytes that are no update. */
export const byteLaws: readonly Law[] = [
  example('[DO20] bytes that are no update, or of another engine, are refused, and nothing is taken in', (engine) => {
    const { document, good } = begun(engine)
    const before = stateOf(document)
    for (const bad of badOnes(engine, good)) {
      const what = `${bad.encoding} ${bad.bytes.join()}`
      expectSame([what, isUndecodable(() => document.apply([good, bad]))], [what, true])
      expectSame([what, isUndecodable(() => engine.create().apply([bad]))], [what, true])
      expectSame([what, isUndecodable(() => engine.squash([good, bad]))], [what, true])
      expectSame([stateOf(document), document.pending()], [before, false])
    }
    document.apply([good])
    expectSame(document.text.read().includes('good'), true)
  }),
  example('[DO32] they are refused by `changes` too, wherever they stand', (engine) => {
    const { good } = begun(engine)
    for (const bad of badOnes(engine, good)) {
      expectSame(
        isUndecodable(() => engine.changes([good], bad)),
        true,
      )
      expectSame(
        isUndecodable(() => engine.changes([bad], good)),
        true,
      )
      expectSame(
        isUndecodable(() => engine.changesOfEach([good], [bad])),
        true,
      )
    }
  }),
  {
    title: '[DO20] damaged bytes are taken in or refused, and do nothing else',
    check(engine, { runs: numRuns = 100, seed } = {}) {
      const { document, good } = begun(engine)
      const state = stateOf(document)
      const base = document.snapshot()
      const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 })
      const property = fc.property(damage, (changes) => {
        const bytes = good.bytes.slice()
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        const bad = { ...good, bytes }
        const target = documentOf(engine, [base])
        const kind = kindOf(() => target.apply([bad]))
        if (kind === undefined) return void [stateOf(target), target.snapshot()]
        expectEqual(kind, 'undecodable')
        // What looks good and fails half-way spends the document.
        if (!isSpent(target)) expectEqual(stateOf(target), state)
      })
      fc.assert(property, seed === undefined ? { numRuns } : { numRuns, seed })
    },
  },
]
