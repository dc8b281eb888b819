// @vitest-environment happy-dom
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { entityId, writerId } from '@rejoin/base'
import { collection, richText } from '@rejoin/schema'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { yCollab } from 'y-codemirror.next'
import * as Y from 'yjs'
import { ClientIds } from '../client-ids.ts'
import { createEntity } from '../entity/entity.ts'
import type { DocumentUpdate } from '../entity/entity.ts'
import { underlying, yjs } from './index.ts'

const [note, other] = ['0', '1'].map((digit) =>
  createEntity({
    collection: collection('notes', { body: richText() }),
    id: entityId('n1'),
    engine: yjs,
    writer: writerId(digit.repeat(32)),
    clientIds: new ClientIds(writerId(digit.repeat(32))),
    key: ({ part, field }) => `notes/n1/${part}/${field}`,
    nextStamp: () => 1,
  }),
)

test('[DO49] the example of the README runs as it stands there', () => {
  if (note === undefined || other === undefined) return expect.unreachable()
  const incoming = other.create({ body: 'Shade. ' }).updates
  const outgoing: DocumentUpdate[] = []
  // begin
  const document = note.bind('body', (written) => outgoing.push(written)) // each change of the editor, once
  const { text } = underlying(document)
  const extensions = yCollab(text, null, { undoManager: new Y.UndoManager(text) })
  const view = new EditorView({ state: EditorState.create({ doc: text.toString(), extensions }) })
  view.dispatch({ changes: { from: 0, insert: 'Light…' } })
  for (const { part, field, update } of incoming) note.apply({ part, field }, [update]) // into the editor, too
  const { body } = note.view() // what it shows, with marks
  // end
  expect(outgoing).toHaveLength(1)
  expect(body.map((run) => run.text)).toEqual([view.state.doc.toString()])
  for (const { part, field, update } of outgoing) other.apply({ part, field }, [update])
  expect(view.state.doc.length).toBe(13)
  for (const each of [note, other]) expect(each.view().body).toEqual([{ text: view.state.doc.toString(), marks: {} }])
  view.destroy()
  const own = readFileSync(import.meta.filename, 'utf8')
  const page = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8').split('## Editors')[1] ?? ''
  expect(codeIn(page)).toBe(exampleIn(own))
})

/** Without white space: the two are laid out for pages of different width. */
const plain = (code: string): string => code.replaceAll(/\s+/g, '')
const codeIn = (page: string): string => plain(/```ts\nimport [^\n]*\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
const exampleIn = (source: string): string => plain(/\/\/ begin\n([\s\S]*?)\/\/ end/.exec(source)?.[1] ?? '')
