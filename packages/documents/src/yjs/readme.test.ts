// @vitest-environment happy-dom
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { writerId } from '@rejoin/base'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { yCollab } from 'y-codemirror.next'
import * as Y from 'yjs'
import { ClientIds } from '../client-ids.ts'
import type { Update } from '../engine.ts'
import { underlying, yjs } from './index.ts'

test('[DO49] the example of the README runs as it stands there', () => {
  const outgoing: Update[] = []
  const stored: Update[] = []
  const clientIds = new ClientIds(writerId('0'.repeat(32)))
  const other = yjs.create()
  other.setClient(1)
  const incoming = [other.transact(() => other.text.insert(0, 'Shade. '))].filter((update) => update !== undefined)
  // begin
  const document = yjs.create()
  document.apply(stored)
  document.setClient(clientIds.pick('n1', (id) => document.clientClock(id)))
  document.bind({
    changed: (update) => update && outgoing.push(update), // each change of the editor, once
    freshClient: () => clientIds.pick('n1', (id) => document.clientClock(id)),
    failed: (error) => console.error(error), // what a view threw
  })
  const { text } = underlying(document)
  const extensions = yCollab(text, null, { undoManager: new Y.UndoManager(text) })
  const view = new EditorView({ state: EditorState.create({ doc: text.toString(), extensions }) })
  view.dispatch({ changes: { from: 0, insert: 'Light…' } })
  document.apply(incoming) // what others wrote, into the editor, too
  // end
  expect(outgoing).toHaveLength(1)
  other.apply(outgoing)
  expect(other.text.read()).toBe(view.state.doc.toString())
  expect(other.text.length).toBe(13)
  view.destroy()
  const own = readFileSync(import.meta.filename, 'utf8')
  const page = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8').split('## Editors')[1] ?? ''
  expect(codeIn(page)).toBe(exampleIn(own))
})

/** Without white space: the two are laid out for pages of different width. */
const plain = (code: string): string => code.replaceAll(/\s+/g, '')
const codeIn = (page: string): string => plain(/```ts\nimport [^\n]*\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
const exampleIn = (source: string): string => plain(/\/\/ begin\n([\s\S]*?)\/\/ end/.exec(source)?.[1] ?? '')
