import { RejoinError } from '@rejoin/base'
import { describe, expect, test } from 'vitest'
import { collection, fieldsOf } from './collection.ts'
import { documentOf, documentsOf } from './documents-of.ts'
import { blocks, counter, list, register, set, text } from './fields.ts'
import { number, schema, string } from './schemas.test.helper.ts'
import { acceptValue } from './validate.ts'

const notes = collection(
  'notes',
  {
    title: register(string, { key: 't' }),
    body: text(),
    tags: set(string),
    minutes: counter(),
    steps: list(string, { key: 's' }),
    grade: register(number).writtenBy('server'),
    remarks: text().writtenBy('server'),
  },
  { space: 'course' },
)

function thrown(run: () => unknown): RejoinError {
  try {
    run()
  } catch (cause) {
    if (cause instanceof RejoinError) return cause
    throw cause
  }
  throw new Error('nothing was thrown')
}

describe('collections', () => {
  test('[SC5] a collection has a name, a kind of space and its fields with kind, key and part', () => {
    expect([notes.name, notes.space]).toEqual(['notes', 'course'])
    expect(collection('plain', {}).space).toBe('default')
    expect(fieldsOf(notes).map(({ name, kind, key, part }) => [name, kind, key, part])).toEqual([
      ['title', 'register', 't', 'shared'],
      ['body', 'text', 'body', 'shared'],
      ['tags', 'set', 'tags', 'shared'],
      ['minutes', 'counter', 'minutes', 'shared'],
      ['steps', 'list', 's', 'shared'],
      ['grade', 'register', 'grade', 'server'],
      ['remarks', 'text', 'remarks', 'server'],
    ])
  })

  test('[SC5] a key names one field of its part', () => {
    const twice = thrown(() => collection('c', { a: register(), b: text({ key: 'a' }) }))
    expect([twice.kind, twice.message]).toEqual(['bad-config', 'Collection c: fields a and b share the key a.'])
    expect(() =>
      collection('c', { a: register(), b: register(undefined, { key: 'a' }).writtenBy('server') }),
    ).not.toThrow()
  })

  test.each([
    [{ id: text() }, /field id: this name is reserved/],
    [{ 'a b': text() }, /field a b: this name/],
    [JSON.parse('{"__proto__":1}'), /field __proto__: this name is reserved/],
    [{ a: text({ key: 'x/y' }) }, /the key "x\/y"/],
    [{ a: string as never }, /declare it with register, text/],
    [{ a: undefined as never }, /declare it with register, text/],
    [{ a: register().conflicts('newest' as never) }, /conflicts takes 'last-write-wins', 'manual'/],
    [{ a: register().writtenBy('nobody' as never) }, /writtenBy takes 'server' or 'owner'/],
  ])('[SC6] a wrong field is refused with its name: %o', (fields, message) => {
    const error = thrown(() => collection('c', fields))
    expect(error.kind).toBe('bad-config')
    expect(error.message).toMatch(message)
  })

  test('[SC25] a collection names its engine, yjs unless told', () => {
    expect(notes.engine).toBe('yjs')
    expect(collection('c', { a: text() }, { engine: 'automerge' }).engine).toBe('automerge')
    for (const engine of ['', 'a/b', 'constructor', 5 as never]) {
      const error = thrown(() => collection('c', {}, { engine }))
      expect([error.kind, error.message]).toEqual([
        'bad-config',
        `Collection c: ${JSON.stringify(engine)} is no name of an engine.`,
      ])
    }
  })

  test('[SC25] blocks are for yjs alone', () => {
    const fields = { a: text(), page: blocks() }
    expect(collection('c', fields, { engine: 'yjs' }).fields.page.kind).toBe('blocks')
    const error = thrown(() => collection('c', fields, { engine: 'automerge' }))
    expect([error.kind, error.message]).toEqual([
      'bad-config',
      'Collection c: blocks are trees of Yjs types, so the field page is not for the engine automerge; take richText.',
    ])
  })

  test('[SC6] wrong names, spaces and schemas are refused where they are given', () => {
    expect(thrown(() => collection('a/b', {})).kind).toBe('bad-id')
    expect(thrown(() => collection('a', {}, { space: '' })).kind).toBe('bad-config')
    expect(thrown(() => register({} as never)).message).toMatch(
      /^register\(…\) takes a schema that follows Standard Schema/,
    )
    expect(thrown(() => set(null as never)).kind).toBe('bad-config')
    expect(() =>
      register(
        Object.assign(
          () => true,
          schema(() => ({ value: 1 })),
        ),
      ),
    ).not.toThrow()
  })

  test('[SC7] registers of a part share a document, a text or list has its own', () => {
    expect(documentsOf(notes)).toEqual([
      { part: 'shared', field: '' },
      { part: 'shared', field: 'body' },
      { part: 'shared', field: 's' },
      { part: 'server', field: '' },
      { part: 'server', field: 'remarks' },
    ])
    expect(documentsOf(collection('empty', { log: text().writtenBy('server') }))).toEqual([
      { part: 'shared', field: '' },
      { part: 'server', field: 'log' },
    ])
    expect(fieldsOf(notes).map(documentOf)).toEqual(['', 'body', '', '', 's', '', 'remarks'])
  })

  test('[SC5] what a collection gives out cannot be changed', () => {
    expect(() => Object.assign(notes, { name: 'x' })).toThrow(TypeError)
    expect(() => Object.assign(notes.fields, { extra: 1 })).toThrow(TypeError)
    expect(acceptValue(notes.fields.title, 'x')).toBe('x')
  })
})
