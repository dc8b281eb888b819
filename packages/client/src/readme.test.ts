import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { collection, counter, register, set, text } from '@rejoin/schema'
import { expect, test } from 'vitest'
import { openRejoin } from './index.ts'

test('the example of the README runs as it stands there', async () => {
  const shown: unknown[] = []
  // begin
  const notes = collection(
    'notes',
    { title: register(), body: text(), tags: set(), minutes: counter() },
    { space: 'course' },
  )
  const rejoin = await openRejoin({ collections: { notes }, spaces: { course: 'course-7' }, user: 'ana' })
  const note = await rejoin.notes.create({ title: 'Photosynthesis' })
  const receipt = note.edit((n) => {
    n.body.insert(0, 'Light')
    n.minutes.add(5)
  })
  await receipt.device // on this device's disk; `receipt.stored` resolves when it is on the server's
  const stop = rejoin.notes.watch({}, (views) => shown.push(views.map(({ title }) => title)))
  const [view] = await rejoin.notes.list()
  const { pending, synced } = rejoin.status.now
  // end
  expect(view).toMatchObject({ title: 'Photosynthesis', body: 'Light', minutes: 5 })
  expect({ pending, synced }).toEqual({ pending: 3, synced: false })
  stop()
  await rejoin.close()
  const own = readFileSync(import.meta.filename, 'utf8')
  expect(codeIn(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))).toBe(exampleIn(own))
})

/** Without white space: the two are laid out for pages of different width. */
const plain = (code: string): string => code.replaceAll(/\s+/g, '').replaceAll(/,(?=[)\]}])/g, '')
const codeIn = (page: string): string => plain(/```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '')
const exampleIn = (source: string): string => plain(/\/\/ begin\n([\s\S]*?)\/\/ end/.exec(source)?.[1] ?? '')
