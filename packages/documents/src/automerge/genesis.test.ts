import { toHex } from '@rejoin/base'
import { expect, test } from 'vitest'
import { documentOf } from '../testing/case.ts'
import { genesis, rootNames } from './genesis.ts'
import type { RootName } from './genesis.ts'
import { decoded, library, typed, automerge, writable, write } from './writing.test.helper.ts'

const made: readonly (readonly [RootName, string, string, string, string])[] = [
  ['registers', 'r', 'makeMap', '72', '856f4a83817ebe21011d000172010100000005150334014202560270027f0172017f007f007f00'],
  ['text', 't', 'makeText', '74', '856f4a83f1786f7a011d000174010100000005150334014202560270027f0174017f047f007f00'],
  ['list', 'l', 'makeList', '6c', '856f4a838753f61a011d00016c010100000005150334014202560270027f016c017f027f007f00'],
]

test.each(made)(
  '[DO212] the change that makes a container is the same for ever: %s',
  (root, key, action, actor, hex) => {
    const ops = [{ action, obj: '_root', key, pred: [] }]
    const change = { actor, seq: 1, startOp: 1, time: 0, message: null, deps: [], ops }
    expect(toHex(genesis[root].bytes)).toBe(hex)
    expect(toHex(library.encodeChange(change))).toBe(hex)
    expect(library.decodeChange(genesis[root].bytes)).toEqual({ ...change, hash: genesis[root].hash })
    expect(genesis[root].object).toBe(`1@${actor}`)
  },
)

test('[DO212] it is in no update, and every document adds it where one builds on it', () => {
  const document = writable(1)
  const updates = [
    write(document, () => document.registers.append('k', 1, 'v')).update,
    write(document, () => document.list.insert(0, [1])).update,
    typed(document, 'text').update,
  ]
  const hashes = rootNames.map((root) => genesis[root].hash)
  expect(updates.flatMap(decoded).filter(({ hash }) => hashes.includes(hash))).toEqual([])
  const [registers, list, text] = updates.map((update) => documentOf(automerge, [update]))
  expect([registers?.pending(), list?.pending(), text?.pending()]).toEqual([false, true, true])
  const backwards = documentOf(automerge, updates.toReversed())
  expect([backwards.pending(), backwards.text.read(), backwards.list.read()]).toEqual([false, 'text', [1]])
})

test('[DO212] two devices that begin one document write into one container', () => {
  const [one, other] = [writable(1), writable(2)]
  const updates = [typed(one, 'one'), typed(other, 'other')].map(({ update }) => update)
  const both = documentOf(automerge, updates).text.read()
  expect(['oneother', 'otherone']).toContain(both)
})

test('[DO212] a container that other software made beside it is not ours', () => {
  const ops = [
    { action: 'makeText', obj: '_root', key: 't', pred: [] },
    { action: 'set', obj: '1@00000009', elemId: '_head', insert: true, value: 'x', pred: [] },
  ]
  const bytes = library.encodeChange({ actor: '00000009', seq: 1, startOp: 1, time: 0, message: null, deps: [], ops })
  const document = documentOf(automerge, [typed(writable(1), 'ours').update, { encoding: 'automerge', bytes }])
  expect(document.text.read()).toBe('ours')
})
