import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entityId, writerId } from '@rejoin/base'
import { collection, counter, register, text } from '@rejoin/schema'
import { expect, test } from 'vitest'
import { ClientIds } from './client-ids.ts'
import { createEntity } from './entity/entity.ts'
import type { EditResult, Entity } from './entity/entity.ts'
import { UndoStack } from './history/undo-stack.ts'
import { yjs } from './yjs/index.ts'

test('the first example of the README runs as it stands there', () => {
  // begin
  const notes = collection('notes', { title: register(), body: text(), minutes: counter() })
  let stamp = 0
  const open = (writer: string) =>
    createEntity({
      collection: notes,
      id: entityId('n1'),
      engine: yjs,
      writer: writerId(writer), // one for each open of a store, never used again
      clientIds: new ClientIds(writerId(writer)),
      key: ({ part, field }) => `notes/n1/${part}/${field}`,
      nextStamp: () => ++stamp, // a hybrid clock, see nextStamp of @rejoin/base
    })

  const [phone, laptop] = [open('0'.repeat(32)), open('1'.repeat(32))]
  const created = phone.create({ title: 'Photosynthesis' })
  const edited = phone.edit('user', (note) => {
    note.body.insert(0, 'Light…')
    note.minutes.add(5)
  })
  if ('error' in edited) throw edited.error // then nothing was written
  for (const { part, field, update } of [...edited.updates, ...created.updates]) laptop.apply({ part, field }, [update])
  laptop.view() // { id: 'n1', title: 'Photosynthesis', body: 'Light…', minutes: 5 }
  const equal = laptop.canonical() === phone.canonical() // true
  // end
  expect(laptop.view()).toEqual({ id: 'n1', title: 'Photosynthesis', body: 'Light…', minutes: 5 })
  expect(equal).toBe(true)
  expect(codeIn(/## Entities/)).toContain(between('begin', 'end'))
})

test('the second example of the README runs as it stands there', () => {
  const [phone, laptop] = [devices(1), devices(2)]
  const send = (result: EditResult): void => deliver(laptop, result)
  send(phone.edit('user', (task) => task.title.set('before')))
  const mine = phone.edit('user', (task) => task.status.set('mine'))
  const theirs = laptop.edit('user', (task) => task.status.set('theirs'))
  deliver(phone, theirs)
  send(mine)
  // then
  const [conflict] = phone.conflicts() // { field: 'status', values: [{ value, by, at, mine }, …], suggestion }
  if (conflict) send(phone.resolve(conflict, 'mine')) // or 'theirs', { value }, (values) => …
  phone.resolutions() // who settled what, when, and what lost

  const undo = new UndoStack(() => performance.now()) // outlives the documents; an entity made with `capture: true`
  undo.record(phone.edit('user', (task) => task.title.set('Water')).changes ?? [])
  undo.undo((edits) => {
    const reverted = phone.revert(edits) // what others wrote meanwhile stays
    send(reverted)
    return reverted
  })
  // there
  expect(phone.view()).toMatchObject({ status: 'mine', title: 'before' })
  expect(phone.resolutions()).toHaveLength(1)
  expect(codeIn(/## Conflicts and undo/)).toContain(between('then', 'there'))
})

const tasks = collection('tasks', { status: register().conflicts('manual'), title: register() })
let last = 0

function devices(n: number): Entity<typeof tasks> {
  const writer = writerId(`${n}`.padStart(32, '0'))
  const clientIds = new ClientIds(writer)
  const key = ({ part, field }: { part: string; field: string }): string => `${part}/${field}`
  const nextStamp = (): number => ++last
  return createEntity({
    collection: tasks,
    id: entityId('t1'),
    engine: yjs,
    writer,
    clientIds,
    key,
    nextStamp,
    capture: true,
  })
}

function deliver(to: Entity<typeof tasks>, { updates }: EditResult): void {
  for (const { part, field, update } of updates) to.apply({ part, field }, [update])
}

/** Without white space: the two are laid out for pages of different width. */
const plain = (code: string): string => code.replaceAll(/\s+/g, '').replaceAll(/,(?=[)\]}])/g, '')
const page = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const own = readFileSync(import.meta.filename, 'utf8')

function codeIn(heading: RegExp): string {
  const section = page.slice(page.search(heading))
  return plain(/```ts\n([\s\S]*?)```/.exec(section)?.[1] ?? '')
}

const between = (from: string, to: string): string =>
  plain(new RegExp(`// ${from}\\n([\\s\\S]*?)// ${to}\\n`).exec(own)?.[1] ?? 'none')
