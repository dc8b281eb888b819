// @vitest-environment happy-dom
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { yCollab } from 'y-codemirror.next'
import * as Y from 'yjs'
import type { Update } from '../engine.ts'
import { connection, device } from './bound.test.helper.ts'
import type { Device } from './bound.test.helper.ts'
import { yjs } from './index.ts'

interface Editing extends Device {
  readonly view: EditorView
  readonly undo: Y.UndoManager
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
  const { text } = one.under
  const undo = new Y.UndoManager(text, { captureTimeout: 0 })
  const state = EditorState.create({ doc: text.toString(), extensions: [yCollab(text, null, { undoManager: undo })] })
  const view = new EditorView({ state, parent: window.document.body })
  const editor = { ...one, view, undo }
  open.push(editor)
  return editor
}

const type = ({ view }: Editing, at: number, insert: string, erased = 0): void =>
  view.dispatch({ changes: { from: at, to: at + erased, insert } })

const shown = ({ view }: Editing): string => view.state.doc.toString()

test('[DO49] two CodeMirror editors over two documents show the same, typed into at once or while apart', () => {
  const [phone, laptop] = [editing(1), editing(2)]
  const exchange = connection(phone, laptop)
  type(phone, 0, 'Light becomes sugar.')
  exchange()
  type(phone, 0, 'In leaves: ')
  type(phone, 3, 'green ')
  type(laptop, 20, ' And oxygen.')
  type(laptop, 6, '', 8)
  expect(shown(phone)).not.toBe(shown(laptop))
  exchange()
  expect(shown(phone)).toBe('In green leaves: Light sugar. And oxygen.')
  for (const each of [phone, laptop]) {
    expect(shown(each)).toBe(shown(phone))
    expect(each.document.text.read()).toBe(shown(each))
    expect(each.failures).toEqual([])
  }
  expect(phone.captured).toHaveLength(3)
  expect(laptop.captured).toHaveLength(2)
})

test('[DO49] one opened later over what was captured shows the same', () => {
  const phone = editing(1)
  for (const [i, unit] of [...'typed unit by unit'].entries()) type(phone, i, unit)
  expect(phone.captured).toHaveLength(18)
  expect(shown(editing(2, ...phone.captured))).toBe('typed unit by unit')
  expect(shown(editing(3, yjs.squash(phone.captured)))).toBe('typed unit by unit')
})

test('[DO49] undo in an editor takes back what was typed there, and reaches the other one', () => {
  const [phone, laptop] = [editing(1), editing(2)]
  const exchange = connection(phone, laptop)
  type(phone, 0, 'mine')
  exchange()
  type(laptop, 4, ' theirs')
  exchange()
  phone.undo.undo()
  exchange()
  expect([shown(phone), shown(laptop)]).toEqual([' theirs', ' theirs'])
  phone.undo.redo()
  exchange()
  expect([shown(phone), shown(laptop)]).toEqual(['mine theirs', 'mine theirs'])
})

test('[DO49] edits of ours show in the editor', () => {
  const phone = editing(1)
  type(phone, 0, 'typed')
  phone.document.transact(() => phone.document.text.insert(0, 'Own: '))
  expect(shown(phone)).toBe('Own: typed')
  expect(phone.captured).toHaveLength(1)
})

test('[DO46] an editor goes on under another id when a twin has written under its own', () => {
  const phone = editing(1)
  type(phone, 0, 'typed')
  const twin = yjs.create()
  twin.apply(phone.captured)
  twin.setClient(phone.document.clientId ?? 0)
  const update = twin.transact(() => twin.text.insert(5, ' by a twin'))
  phone.document.apply(update === undefined ? [] : [update])
  type(phone, 0, 'Still ')
  expect(shown(phone)).toBe('Still typed by a twin')
  const written = phone.captured.flatMap(({ bytes }) => [...Y.parseUpdateMeta(bytes).to.keys()])
  expect(written).toEqual([...phone.ids])
})

const step = fc.oneof(
  fc.record({ device: fc.nat(1), at: fc.nat(), text: fc.constantFrom('a', 'word ', '\n', 'é'), erased: fc.nat(3) }),
  fc.constant('exchange' as const),
)

test('[DO49] editors end equal whatever is typed when, each change captured once and under ids of ours', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const editors = [editing(1), editing(2)] as const
      const exchange = connection(...editors)
      let changes = 0
      for (const each of steps) {
        if (each === 'exchange') {
          exchange()
          continue
        }
        const editor = editors[each.device === 0 ? 0 : 1]
        const { length } = editor.view.state.doc
        const at = each.at % (length + 1)
        type(editor, at, each.text, Math.min(each.erased, length - at))
        changes++
      }
      exchange()
      expect(shown(editors[0])).toBe(shown(editors[1]))
      expect(editors[0].captured.length + editors[1].captured.length).toBe(changes)
      for (const { ids, captured, document, view } of editors) {
        expect(ids.size).toBe(1)
        const clients = captured.flatMap(({ bytes }) => [...Y.parseUpdateMeta(bytes).to.keys()])
        expect(clients.every((client) => ids.has(client))).toBe(true)
        expect(document.text.read()).toBe(view.state.doc.toString())
        view.destroy()
      }
    }),
    { numRuns: 40 },
  )
})
