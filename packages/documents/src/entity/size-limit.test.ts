import { collection, list, map, register, set, text, valueBytesMax, valueDepthMax } from '@rejoin/schema'
import type { Json } from '@rejoin/schema'
import { describe, expect, test } from 'vitest'
import type { Entity, EntityLimits } from './entity.ts'
import { deliver, errorOf, foreign, replica, updatesOf } from '../replicas.test.helper.ts'
import { string } from '../schemas.test.helper.ts'

const notes = collection('notes', {
  title: register(string),
  anything: register(),
  body: text(),
  tags: set(string),
  steps: list(),
  settings: map(),
  grade: register(string).writtenBy('server'),
})
type Note = Entity<typeof notes>

const open = (limits: Partial<EntityLimits>, n = 1): Note => replica(n, { collection: notes, limits }).entity
const sizeOf = (note: Note): number =>
  note.documents().reduce((sum, document) => sum + note.snapshot(document).bytes.length, 0)

describe('limits', () => {
  test('[DO128] an edit that writes too much into one document is refused at the call, and nothing is written', () => {
    const note = open({ writeBytesMax: 1000 })
    updatesOf(note.create({ body: 'x'.repeat(900) }))
    const before = note.canonical()
    for (const [what, change] of [
      ['body', (draft) => draft.body.insert(0, 'x'.repeat(1000))],
      ['body', (draft) => draft.body.insert(0, 'é'.repeat(500))],
      ['the registers', (draft) => draft.title.set('x'.repeat(1000))],
      ['the registers', (draft) => Array.from({ length: 60 }, (_, n) => draft.tags.add(`tag ${n}`))],
      ['steps', (draft) => draft.steps.push(...Array.from({ length: 400 }, (_, n) => n))],
    ] as const satisfies readonly (readonly [string, (draft: Parameters<Parameters<Note['edit']>[1]>[0]) => unknown])[])
      expect(errorOf(() => note.edit('user', (draft) => void change(draft as never)))).toEqual({
        kind: 'too-large',
        message: `notes/n1: one edit may write 1000 bytes into ${what}.`,
      })
    expect(note.canonical()).toBe(before)
    // Into several documents that many each.
    updatesOf(note.edit('user', (draft) => (draft.body.insert(0, 'x'.repeat(900)), draft.title.set('x'.repeat(900)))))
    expect(errorOf(() => open({ writeBytesMax: 100 }).create({ title: 'x'.repeat(100) }))).toMatchObject({
      kind: 'too-large',
    })
  })

  test('[DO128] what an edit removes weighs next to nothing', () => {
    const note = open({ writeBytesMax: 2000 })
    for (let n = 0; n < 400; n++) updatesOf(note.edit('user', (draft) => draft.tags.add(`a rather long tag ${n}`)))
    const removed = updatesOf(
      note.edit('user', (draft) => draft.tags.values().forEach((tag) => draft.tags.delete(tag))),
    )
    expect(removed[0]?.update.bytes.length).toBeLessThan(2000)
  })

  test('[DO129] the app is told once that an entity is large', () => {
    const told: number[] = []
    const limits: Partial<EntityLimits> = { entityBytesWarn: 2000, onLarge: (bytes) => told.push(bytes) }
    const note = open(limits)
    updatesOf(note.create({}))
    for (let n = 0; n < 60; n++) updatesOf(note.edit('user', (draft) => draft.body.insert(0, 'x'.repeat(100))))
    expect(told).toHaveLength(1)
    expect(told[0]).toBeGreaterThan(2000)
    expect(told[0]).toBeLessThan(2400)
    const again = open(limits, 2)
    for (const document of note.documents()) again.load(document, [note.snapshot(document)])
    expect(told).toHaveLength(1)
    for (let n = 0; n < 2; n++) updatesOf(again.edit('user', (draft) => draft.title.set('y')))
    expect(told).toHaveLength(2)
  })

  test('[DO130] beyond the greatest size nothing can be added, and everything can be taken away', () => {
    const note = open({ entityBytesMax: 5000 })
    updatesOf(note.create({}))
    let result = note.edit('user', () => undefined)
    let edits = 0
    while (!('error' in result) && edits++ < 1000)
      result = note.edit('user', (draft) => (draft.body.insert(0, 'x'.repeat(50)), draft.tags.add(`tag ${edits}`)))
    expect(errorOf(() => result)).toMatchObject({
      kind: 'too-large',
      message: expect.stringMatching(/^notes\/n1 has \d+ bytes; entityBytesMax is 5000\.$/),
    })
    expect(sizeOf(note)).toBeGreaterThan(5000)
    expect(sizeOf(note)).toBeLessThan(6000)
    for (const grow of [
      () => note.edit('user', (draft) => draft.title.set('x')),
      () => note.edit('server', (draft) => draft.grade.set('x')),
      () => note.edit('user', (draft) => draft.steps.push(1)),
    ])
      expect(errorOf(grow)).toMatchObject({ kind: 'too-large' })
    // Also together with something that is added there is no way round it.
    expect(errorOf(() => note.edit('user', (draft) => (draft.body.delete(0, 1), draft.title.set('x'))))).toMatchObject({
      kind: 'too-large',
    })
    updatesOf(note.edit('user', (draft) => draft.tags.delete('tag 1')))
    updatesOf(note.edit('user', (draft) => draft.body.delete(0, draft.body.length)))
    updatesOf(note.edit('user', (draft) => draft.tags.values().forEach((tag) => draft.tags.delete(tag))))
    expect(sizeOf(note)).toBeLessThan(5000)
    updatesOf(note.edit('user', (draft) => draft.title.set('there is room again')))
  })

  test('[DO130] what is too large can be deleted, brought back and purged, under both rules', () => {
    for (const deletion of ['delete-wins', 'edit-wins'] as const) {
      const large = collection('notes', { body: text() }, { deletion })
      const author = replica(1, { collection: large }).entity
      updatesOf(author.create({ body: 'x'.repeat(9000) }))
      const note = replica(2, { collection: large, limits: { entityBytesMax: 1000, writeBytesMax: 2000 } }).entity
      for (const document of author.documents()) note.load(document, [author.snapshot(document)])
      expect(errorOf(() => note.edit('user', (draft) => draft.body.insert(0, 'x')))).toMatchObject({
        kind: 'too-large',
      })
      updatesOf(note.edit('user', (draft) => draft.body.delete(0, 10)))
      for (const act of ['delete', 'undelete', 'purge'] as const) updatesOf(note[act]())
      expect(note.life()).toBe('purged')
    }
  })

  test('[DO129] what was written over does not count', () => {
    const note = open({ entityBytesMax: 10_000 })
    let sum = 0
    for (const { update } of updatesOf(note.create({}))) sum += update.bytes.length
    for (let n = 0; n < 1000; n++)
      for (const { update } of updatesOf(note.edit('user', (draft) => draft.title.set(`a title of some length ${n}`))))
        sum += update.bytes.length
    expect([sum > 50_000, sizeOf(note) < 500]).toEqual([true, true])
  })

  test('[DO131] values too large, too deep, with a forbidden key or that are no JSON are refused at the call', () => {
    const note = open({})
    updatesOf(note.create({}))
    const nested = (depth: number): Json => (depth === 0 ? 1 : [nested(depth - 1)])
    const wrong: [unknown, RegExp][] = [
      ['x'.repeat(valueBytesMax), /larger than 65536 bytes \(valueBytesMax\)/],
      [nested(valueDepthMax + 1), /nests deeper than 64 \(valueDepthMax\)/],
      [JSON.parse('{"a":{"__proto__":1}}'), /the key __proto__ is not allowed at \.a/],
      [{ constructor: 1 }, /the key constructor is not allowed/],
      [new Date(0), /an object with a class is not JSON/],
      [Number.NaN, /NaN is not JSON/],
      ['\ud800', /half of a surrogate pair/],
      [() => 1, /function is not JSON/],
      [undefined, /undefined is not JSON/],
    ]
    for (const [value, message] of wrong)
      for (const change of [
        (draft: { anything: { set(value: unknown): void } }) => draft.anything.set(value),
        (draft: { steps: { push(value: unknown): void } }) => draft.steps.push(value),
        (draft: { settings: { set(name: string, value: unknown): void } }) => draft.settings.set('a', value),
      ])
        expect(errorOf(() => note.edit('user', (draft) => change(draft as never)))).toMatchObject({
          kind: 'bad-value',
          message: expect.stringMatching(message),
        })
    updatesOf(note.edit('user', (draft) => draft.anything.set(nested(valueDepthMax))))
    updatesOf(note.edit('user', (draft) => draft.anything.set(-0)))
    expect(Object.is(note.view().anything, 0)).toBe(true)
  })

  test('[DO130] what comes from elsewhere is taken in, however large', () => {
    const note = open({ entityBytesMax: 1000 })
    deliver(note, [foreign({ part: 'shared', field: 'body' as never }, (it) => it.text.insert(0, 'x'.repeat(5000)))])
    deliver(note, updatesOf(replica(2, { collection: notes }).entity.create({ title: 'x' })))
    expect(note.view().body).toHaveLength(5000)
    updatesOf(note.edit('user', (draft) => draft.body.delete(0, 5000)))
    updatesOf(note.edit('user', (draft) => draft.title.set('y')))
  })
})
