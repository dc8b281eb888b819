// @vitest-environment happy-dom
import { Schema } from 'prosemirror-model'
import type { Node } from 'prosemirror-model'
import { EditorState } from 'prosemirror-state'
import type { Transaction } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { ySyncPlugin } from 'y-prosemirror'
import * as Y from 'yjs'
import type { Update } from '../engine.ts'
import { connection, device } from './bound.test.helper.ts'
import type { Device } from './bound.test.helper.ts'
import { yjs } from './index.ts'

const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { content: 'inline*', group: 'block', toDOM: () => ['p', 0] },
    heading: { content: 'inline*', group: 'block', attrs: { level: { default: 1 } }, toDOM: () => ['h1', 0] },
    list: { content: 'item+', group: 'block', toDOM: () => ['ul', 0] },
    item: { content: 'paragraph block*', toDOM: () => ['li', 0] },
    image: { inline: true, group: 'inline', attrs: { src: {}, title: { default: null } }, toDOM: () => ['img'] },
    text: { group: 'inline' },
  },
  marks: {
    bold: { toDOM: () => ['b', 0] },
    link: { attrs: { href: {} }, inclusive: false, toDOM: () => ['a', 0] },
    comment: { attrs: { id: {} }, excludes: '', toDOM: () => ['span', 0] },
  },
})

interface Editing extends Device {
  readonly view: EditorView
}

const open: Editing[] = []

afterEach(() => {
  for (const { view, document } of open.splice(0)) {
    view.destroy()
    document.dispose()
  }
})

function editing(number: number, ...known: Update[]): Editing {
  const one = device(number, ...known)
  const place = window.document.createElement('div')
  const state = EditorState.create({ schema, plugins: [ySyncPlugin(one.under.fragment)] })
  const view = new EditorView(place, { state })
  const editor = { ...one, view }
  open.push(editor)
  return editor
}

const edit = ({ view }: Editing, change: (tr: Transaction) => Transaction): void => view.dispatch(change(view.state.tr))

const shown = ({ view }: Editing): string => view.state.doc.toString()

/** As JSON. The order of marks of one type has no meaning and differs between editors, too. */
const sorted = (node: Node): unknown =>
  JSON.parse(
    JSON.stringify(node.toJSON(), (key, value: unknown) =>
      key === 'marks' && Array.isArray(value) ? value.map((mark) => JSON.stringify(mark)).sort() : value,
    ),
  )

/** What we read is what the editor shows, attribute by attribute. */
function expectSame({ document, view }: Editing): void {
  const read = schema.nodeFromJSON({ type: 'doc', content: document.blocks.nodes() })
  expect(sorted(read)).toEqual(sorted(view.state.doc))
  expect(document.blocks.length).toBe(view.state.doc.childCount)
}

test('[DO44] the blocks read as the editor shows them', () => {
  const one = editing(1)
  const marks = [schema.mark('bold'), schema.mark('comment', { id: 'x' }), schema.mark('comment', { id: 'y' })]
  edit(one, (tr) =>
    tr.replaceWith(0, tr.doc.content.size, [
      schema.node('heading', { level: 2 }, schema.text('Leaves')),
      schema.node('paragraph', null, [
        schema.text('plain '),
        schema.text('marked', marks),
        schema.node('image', { src: 'leaf.png' }),
        schema.text('linked', [schema.mark('link', { href: 'https://leaf' })]),
      ]),
      schema.node('list', null, schema.node('item', null, schema.node('paragraph', null, schema.text('item')))),
      schema.node('paragraph'),
    ]),
  )
  expectSame(one)
  expect(one.document.blocks.nodes()).toEqual([
    { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'Leaves' }] },
    {
      type: 'paragraph',
      content: [
        { type: 'text', text: 'plain ' },
        {
          type: 'text',
          text: 'marked',
          marks: [
            { type: 'bold' },
            { type: 'comment', attrs: { id: expect.stringMatching(/x|y/) as string } },
            { type: 'comment', attrs: { id: expect.stringMatching(/x|y/) as string } },
          ],
        },
        { type: 'image', attrs: { src: 'leaf.png' } },
        { type: 'text', text: 'linked', marks: [{ type: 'link', attrs: { href: 'https://leaf' } }] },
      ],
    },
    {
      type: 'list',
      content: [{ type: 'item', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'item' }] }] }],
    },
    { type: 'paragraph' },
  ])
})

test('[DO49] two ProseMirror editors over two documents show the same, typed into at once or while apart', () => {
  const phone = editing(1)
  edit(phone, (tr) => tr.insertText('Light becomes sugar.', 1))
  const laptop = editing(2, ...phone.captured)
  expect(shown(laptop)).toBe(shown(phone))
  const exchange = connection(phone, laptop)
  exchange()
  edit(phone, (tr) => tr.insertText('In leaves: ', 1))
  edit(phone, (tr) => tr.addMark(1, 10, schema.mark('bold')))
  edit(laptop, (tr) => tr.insertText(' And oxygen.', 21))
  edit(laptop, (tr) => tr.split(21))
  edit(laptop, (tr) => tr.setNodeMarkup(0, schema.nodes['heading'], { level: 3 }))
  exchange()
  expect(shown(phone)).toBe(shown(laptop))
  expect(shown(phone)).toContain('And oxygen')
  for (const each of [phone, laptop]) {
    expectSame(each)
    expect(each.failures).toEqual([])
  }
})

test('[DO49] what a squashed run of captured updates says shows in a new editor', () => {
  const phone = editing(1)
  for (const [i, unit] of [...'typed unit by unit'].entries()) edit(phone, (tr) => tr.insertText(unit, 1 + i))
  edit(phone, (tr) => tr.addMark(3, 8, schema.mark('bold')))
  edit(phone, (tr) => tr.split(6))
  edit(phone, (tr) => tr.delete(2, 4))
  expect(phone.captured).toHaveLength(21)
  const later = editing(2, yjs.squash(phone.captured))
  expect(shown(later)).toBe(shown(phone))
  expect(later.captured).toEqual([])
})

type Step = { readonly device: number; readonly what: number; readonly at: number } | 'exchange'

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ device: fc.nat(1), what: fc.nat(4), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.constant('exchange' as const) },
)

function play(editor: Editing, what: number, at: number): void {
  edit(editor, (tr) => {
    const places: number[] = []
    tr.doc.descendants((node, start) => {
      if (node.isTextblock) for (let i = 0; i <= node.content.size; i++) places.push(start + 1 + i)
    })
    const from = places[at % places.length] ?? 1
    const to = Math.min(from + 2, tr.doc.resolve(from).end())
    if (what === 0) return tr.insertText('word', from)
    if (what === 1) return tr.delete(from, to)
    if (what === 2) return tr.addMark(from, to, schema.mark('bold'))
    if (what === 3) return tr.split(from)
    return tr.insertText('x', from).removeMark(from, to)
  })
}

test('[DO49] editors end equal whatever is typed when, under ids of ours, and nothing is captured twice', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const editors = [editing(1), editing(2)] as const
      const exchange = connection(...editors)
      for (const each of steps) {
        if (each === 'exchange') exchange()
        else play(editors[each.device === 0 ? 0 : 1], each.what, each.at)
      }
      exchange()
      expect(shown(editors[0])).toBe(shown(editors[1]))
      const all = editors.flatMap(({ captured }) => captured)
      const copy = yjs.create()
      copy.apply(all)
      expect(copy.pending()).toBe(false)
      expect(copy.blocks.nodes()).toEqual(editors[0].document.blocks.nodes())
      for (const each of editors) {
        if (each.document.blocks.length > 0) expectSame(each)
        expect(each.failures).toEqual([])
        const clients = each.captured.flatMap(({ bytes }) => [...Y.parseUpdateMeta(bytes).to.keys()])
        expect(clients.every((client) => each.ids.has(client))).toBe(true)
        expect(new Set(each.captured.map(({ bytes }) => bytes.join())).size).toBe(each.captured.length)
        each.view.destroy()
      }
    }),
    { numRuns: 40 },
  )
})
