import { entityId, writerId } from '@rejoin/base'
import { blocks, collection, register, richText } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { ClientIds } from '../client-ids.ts'
import { createEntity } from './entity.ts'
import type { DocumentUpdate, Entity, EntityOptions } from './entity.ts'
import { adopt, underlying, yjs } from '../yjs/index.ts'

const notes = collection('notes', { title: register(), body: richText(), page: blocks() })
type Notes = typeof notes

let stamp = 0

function entity(number: number, options: Partial<EntityOptions<Notes>> = {}): Entity<Notes> {
  const writer = writerId(String(number).repeat(32))
  return createEntity({
    collection: notes,
    id: entityId('n1'),
    engine: yjs,
    writer,
    clientIds: new ClientIds(writer),
    key: ({ part, field }) => `notes/n1/${part}/${field}`,
    nextStamp: () => ++stamp,
    ...options,
  })
}

function paragraph(text: string): Y.XmlElement {
  const element = new Y.XmlElement('paragraph')
  element.insert(0, [new Y.XmlText(text)])
  return element
}

describe('editors past the entity', () => {
  test('[DO45] what an editor writes shows in the view and is given as updates, between those of edits', () => {
    const [phone, laptop] = [entity(1), entity(2)]
    const all: DocumentUpdate[] = [...phone.create({ title: 'Leaves', body: 'Light' }).updates]
    const written = (update: DocumentUpdate): void => void all.push(update)
    const { text } = underlying(phone.bind('body', written))
    const { fragment } = underlying(phone.bind('page', written))
    text.insert(5, ' becomes sugar')
    all.push(...phone.edit('user', (note) => note.body.format(0, 5, { bold: true })).updates)
    text.insert(19, '.')
    fragment.insert(0, [paragraph('one')])
    for (const { part, field, update } of all) laptop.apply({ part, field }, [update])
    expect(laptop.view()).toEqual({
      id: 'n1',
      title: 'Leaves',
      body: [
        { text: 'Light', marks: { bold: true } },
        { text: ' becomes sugar.', marks: {} },
      ],
      page: [{ type: 'paragraph', content: [{ type: 'text', text: 'one' }] }],
    })
    expect(phone.view()).toEqual(laptop.view())
    expect(phone.canonical()).toBe(laptop.canonical())
  })

  test('[DO46] an edit after the editor, and the editor after a twin, write under ids of the writer', () => {
    const ids = new ClientIds(writerId('1'.repeat(32)))
    const phone = entity(1, { clientIds: ids })
    const all: DocumentUpdate[] = [...phone.create({ title: 'x' }).updates]
    const document = phone.bind('body', (update) => void all.push(update))
    const { text } = underlying(document)
    text.insert(0, 'typed')
    all.push(...phone.edit('user', (note) => note.body.insert(5, ' by us')).updates)
    const twin = yjs.create()
    twin.apply([document.snapshot()])
    twin.setClient(document.clientId ?? 0)
    const update = twin.transact(() => twin.text.insert(0, 'twin '))
    if (update !== undefined) phone.apply({ part: 'shared', field: all.at(-1)?.field ?? '' }, [update])
    text.insert(0, 'again ')
    all.push(...phone.edit('user', (note) => note.body.insert(0, 'and ')).updates)
    const clients = all.flatMap((each) => [...Y.parseUpdateMeta(each.update.bytes).to.keys()])
    expect(new Set(clients)).toEqual(new Set(ids.all()))
    expect(new Set(clients).size).toBe(2)
    expect(document.text.read()).toBe('and again twin typed by us')
  })

  test('[DO47] an editor whose view throws spoils no edit', () => {
    const failures: unknown[] = []
    const phone = entity(1, { failed: (error) => void failures.push(error) })
    phone.create({ title: 'x' })
    const error = new Error('of a view')
    underlying(phone.bind('body', () => undefined)).text.observe(() => {
      throw error
    })
    const { updates } = phone.edit('user', (note) => note.body.insert(0, 'written'))
    expect(updates).toHaveLength(1)
    expect(failures).toEqual([error])
    expect(phone.view().body).toEqual([{ text: 'written', marks: {} }])
  })

  test('[DO55] an edit by who observes an edit is refused, and takes nothing of that with it', () => {
    const failures: unknown[] = []
    const phone = entity(1, { failed: (error) => void failures.push(error) })
    phone.create({ title: 'x' })
    underlying(phone.bind('body', () => undefined)).text.observe(() => {
      phone.edit('user', () => {
        throw new Error('of the inner one')
      })
    })
    const { updates } = phone.edit('user', (note) => {
      note.body.insert(0, 'written')
      note.title.set('with it')
    })
    expect(updates.map(({ field }) => field)).toEqual(['', 'body'])
    expect(failures).toMatchObject([{ kind: 'bad-config' }])
    expect(phone.view()).toMatchObject({ title: 'with it', body: [{ text: 'written' }] })
    expect(phone.edit('user', (note) => note.title.set('next')).updates).toHaveLength(1)
  })

  test('[DO44] a purge empties blocks, too', () => {
    const phone = entity(1)
    phone.create({ title: 'x' })
    const document = phone.bind('page', () => undefined)
    underlying(document).fragment.insert(0, [paragraph('secret')])
    expect(phone.purge().updates.map(({ field }) => field)).toContain('page')
    expect(document.blocks.nodes()).toEqual([])
    expect(Buffer.from(document.snapshot().bytes).includes('secret')).toBe(false)
  })
})

describe('documents that a provider fills', () => {
  const provider = {}

  /** Two entities over Y.Docs that hear of each other when `deliver` is called. */
  function wired(): { phone: Entity<Notes>; laptop: Entity<Notes>; heard: number[]; deliver: () => void } {
    const docs = [new Map<string, Y.Doc>(), new Map<string, Y.Doc>()]
    const waiting: (() => void)[] = []
    const heard = [0, 0]
    const [phone, laptop] = [0, 1].map((device) =>
      entity(device + 1, {
        documentFor: ({ part, field }) => {
          const doc = new Y.Doc()
          const name = `${part}/${field}`
          docs[device]?.set(name, doc)
          doc.on('update', (bytes: Uint8Array, origin: unknown) => {
            const other = docs[1 - device]?.get(name)
            if (origin !== provider && other !== undefined) waiting.push(() => Y.applyUpdate(other, bytes, provider))
          })
          return adopt(doc)
        },
        changed: () => void (heard[device] = (heard[device] ?? 0) + 1),
      }),
    )
    if (phone === undefined || laptop === undefined) return expect.unreachable()
    return { phone, laptop, heard, deliver: () => waiting.splice(0).forEach((send) => send()) }
  }

  test('[DO48] entities over them converge, and are told what a provider brings', () => {
    const { phone, laptop, heard, deliver } = wired()
    phone.ensure({ title: 'Journal', body: 'Light' })
    laptop.ensure({ title: 'Journal', body: 'Light' })
    phone.edit('user', (note) => note.title.set('from the phone'))
    laptop.edit('user', (note) => note.body.insert(5, ' becomes sugar'))
    laptop.edit('user', (note) => note.title.set('from the laptop'))
    expect(heard).toEqual([0, 0])
    deliver()
    expect(heard.every((count) => count > 0)).toBe(true)
    expect(phone.view()).toEqual({
      id: 'n1',
      title: 'from the laptop',
      body: [{ text: 'Light becomes sugar', marks: {} }],
      page: [],
    })
    expect(laptop.canonical()).toBe(phone.canonical())
  })

  test('[DO48] an editor may be bound to them, and the provider sends what it writes', () => {
    const { phone, laptop, deliver } = wired()
    phone.create({ title: 'x' })
    const { text } = underlying(phone.bind('body', () => expect.unreachable('the provider sends')))
    text.insert(0, 'typed')
    deliver()
    expect(laptop.view().body).toEqual([{ text: 'typed', marks: {} }])
  })
})
