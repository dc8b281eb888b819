import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { underlying, yjs } from './index.ts'

test('[DO32] marks and blocks are told as something untold, which is never made again', () => {
  const document = yjs.create()
  document.setClient(1)
  const typed = document.transact(() => document.text.insert(0, 'one two'))
  const before = [document.snapshot()]
  const told: unknown[] = []
  const marked = document.transact(
    () => document.text.format(0, 3, { bold: true }),
    (changes) => told.push(...changes),
  )
  expect(told).toEqual([{ root: 'untold' }])
  if (typed === undefined || marked === undefined) throw new Error('both changed something')
  expect(yjs.changes(before, marked)).toEqual([{ root: 'untold' }])
  expect(yjs.changes([], typed)).toMatchObject([{ root: 'text', insert: 'one two' }])
  expect(document.standAlone([{ root: 'untold' }])).toBe(false)
  expect(document.transact(() => document.redo([{ root: 'untold' }]))).toBeUndefined()
  expect(document.transact(() => void document.revert([{ root: 'untold' }], () => 1))).toBeUndefined()
  const unmarked = document.transact(() => document.text.delete(0, 3))
  if (unmarked === undefined) throw new Error('it changed something')
  expect(yjs.changes([typed, marked], unmarked)).toMatchObject([{ root: 'text', delete: 'one' }])
})

test('[DO32] so are paragraphs that an editor makes', () => {
  const document = yjs.create()
  document.setClient(1)
  const written: ReturnType<typeof document.snapshot>[] = []
  document.bind({
    changed: (update) => update && written.push(update),
    freshClient: () => 2,
    failed: (error) => {
      throw error
    },
  })
  const paragraph = new Y.XmlElement('paragraph')
  underlying(document).fragment.insert(0, [paragraph])
  paragraph.insert(0, [new Y.XmlText('Hello')])
  const [first, second] = written
  if (first === undefined || second === undefined) throw new Error('it wrote twice')
  expect([yjs.changes([], first), yjs.changes([first], second)]).toEqual([[{ root: 'untold' }], [{ root: 'untold' }]])
})
