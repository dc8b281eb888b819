import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { EngineDocument } from '../engine.ts'
import { yjs } from './index.ts'

/** An editor, or hostile software, writes straight to the fragment. */
function written(write: (fragment: Y.XmlFragment, doc: Y.Doc) => void): EngineDocument {
  const doc = new Y.Doc({ guid: '' })
  write(doc.getXmlFragment('x'), doc)
  const document = yjs.create()
  document.apply([{ encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc) }])
  return document
}

function paragraph(text: string, marks: Record<string, unknown> = {}): Y.XmlElement {
  const element = new Y.XmlElement('paragraph')
  const content = new Y.XmlText()
  content.insert(0, text, marks)
  element.insert(0, [content])
  return element
}

test('[DO44] an empty document has no nodes', () => {
  const { blocks } = yjs.create()
  expect(blocks.length).toBe(0)
  expect(blocks.nodes()).toEqual([])
})

test('[DO44] a long document is read in part: about so many nodes and units of text', () => {
  const { blocks } = written((fragment) =>
    fragment.insert(
      0,
      ['one', 'two', 'three'].map((text) => paragraph(text)),
    ),
  )
  const text = (max: number): string[] => JSON.stringify(blocks.nodes(max)).match(/(?<="text":")\w+/g) ?? []
  expect(blocks.nodes(1)).toEqual([{ type: 'paragraph' }])
  expect([0, 1, 3, 4, 5, 7, 99].map(text)).toEqual([
    [],
    [],
    ['on'],
    ['one'],
    ['one'],
    ['one', 'tw'],
    ['one', 'two', 'three'],
  ])
})

test('[DO44] nodes below a depth of 64 are left out', () => {
  const { blocks } = written((fragment) => {
    let parent = fragment
    for (let i = 0; i < 500; i++) {
      const child = new Y.XmlElement('quote')
      parent.insert(0, [child])
      parent = child
    }
  })
  expect(JSON.stringify(blocks.nodes()).split('quote')).toHaveLength(64 + 1)
})

test('[DO44] what no editor writes is left out, and nothing throws', () => {
  const { blocks } = written((fragment, doc) => {
    fragment.insert(0, [
      new Y.XmlHook('hook') as unknown as Y.XmlElement,
      paragraph('kept', { 'bold': {}, 'odd': 7, 'link--abcdefg=': { href: 'x' } }),
    ])
    const element = new Y.XmlElement('image')
    fragment.insert(1, [element])
    for (const [key, value] of Object.entries({
      src: 'leaf.png',
      bytes: Uint8Array.of(1),
      constructor: 'x',
      none: undefined,
      gone: 1,
      polluted: JSON.parse('{"__proto__":{"a":1}}') as unknown,
    }))
      element.setAttribute(key, value as string)
    element.setAttribute('gone', null as unknown as string)
    element.removeAttribute('gone')
    element.insert(0, [new Y.Map() as unknown as Y.XmlElement, new Y.Text('no XML') as unknown as Y.XmlText])
    const text = new Y.XmlText()
    fragment.insert(0, [text])
    text.insertEmbed(0, { image: 'x' })
    doc.getXmlFragment('x').push([new Y.XmlElement('last')])
  })
  expect(blocks.nodes()).toEqual([
    { type: 'text', text: '\ufffc' },
    { type: 'image', attrs: { src: 'leaf.png' } },
    {
      type: 'paragraph',
      content: [
        {
          type: 'text',
          text: 'kept',
          marks: [{ type: 'bold' }, { type: 'link', attrs: { href: 'x' } }, { type: 'odd' }],
        },
      ],
    },
    { type: 'last' },
  ])
})

test('[DO44] a root that foreign software filled with values reads as nothing', () => {
  const doc = new Y.Doc({ guid: '' })
  doc.getArray('x').insert(0, [1, 'two', { three: 3 }, Uint8Array.of(4)])
  doc.getMap('x2').set('a', 1)
  const document = yjs.create()
  document.apply([{ encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc) }])
  expect(document.blocks.nodes()).toEqual([])
})

test('[DO25] a squashed run has the blocks of the updates', () => {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = 1
  const run: Uint8Array[] = []
  doc.on('update', (bytes: Uint8Array) => run.push(bytes))
  const fragment = doc.getXmlFragment('x')
  fragment.insert(0, [paragraph('one'), paragraph('two')])
  const first = fragment.get(0) as Y.XmlElement
  for (const unit of 'typed') (first.get(0) as Y.XmlText).insert(0, unit)
  ;(first.get(0) as Y.XmlText).format(1, 4, { bold: {} })
  first.setAttribute('align', 'left')
  first.setAttribute('align', 'right')
  fragment.delete(1)
  fragment.insert(0, [paragraph('new')])
  const updates = run.map((bytes) => ({ encoding: 'yjs-1' as const, bytes }))
  const [plain, squashed] = [yjs.create(), yjs.create()]
  plain.apply(updates)
  squashed.apply([yjs.squash(updates)])
  expect(plain.blocks.nodes()).toHaveLength(2)
  expect(squashed.blocks.nodes()).toEqual(plain.blocks.nodes())
})
