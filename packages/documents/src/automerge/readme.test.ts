import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openAutomerge } from './index.ts'

test('[DO210] the example of the README runs as it stands there', async () => {
  // begin
  const automerge = await openAutomerge() // in a browser: { wasm: fetch(urlOfTheWasm) }
  const note = automerge.create()
  note.setClient(1)
  const typed = note.transact(() => note.text.insert(0, 'Hello'))

  const copy = automerge.create()
  copy.apply(typed === undefined ? [] : [typed])
  const read = copy.text.read() // 'Hello'
  note.dispose() // frees memory that the collector does not see
  // end
  expect(read).toBe('Hello')
  const own = readFileSync(import.meta.filename, 'utf8')
  const page = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8').split('documents/automerge')[2] ?? ''
  expect(codeIn(page)).toBe(exampleIn(own))
})

/** Without white space: the two are laid out for pages of different width. */
const plain = (code: string): string => code.replaceAll(/\s+/g, '')
const codeIn = (page: string): string => plain(/'\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
const exampleIn = (source: string): string => plain(/\/\/ begin\n([\s\S]*?)\/\/ end/.exec(source)?.[1] ?? '')
