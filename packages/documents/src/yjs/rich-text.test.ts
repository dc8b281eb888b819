import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { MarkedRun } from '../engine.ts'
import { yjs } from './index.ts'

test('[DO42] what is no text is one U+FFFC; marks that do not fit are left out', () => {
  const doc = new Y.Doc({ guid: '' })
  const text = doc.getText('t')
  text.insert(0, 'abc')
  text.insertEmbed(1, { image: 'x' }, { bold: true })
  text.format(0, 4, { ['n'.repeat(65)]: true, bad: JSON.parse('{"__proto__":1}'), ['__proto__']: { polluted: true } })
  const document = yjs.create()
  document.apply([{ encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc) }])
  const runs: MarkedRun[] = [
    { text: 'a', marks: {} },
    { text: '\ufffc', marks: { bold: true } },
    { text: 'bc', marks: {} },
  ]
  expect(document.text.runs()).toEqual(runs)
  expect(document.text.read()).toBe('a\ufffcbc')
  expect(Object.getPrototypeOf(document.text.runs()[0]?.marks)).toBe(Object.prototype)
})
