import { RejoinError, userId } from '@rejoin/base'
import { describe, expect, test } from 'vitest'
import { attachmentSchema } from './attachment.ts'
import { collection, fieldsOf } from './collection.ts'
import { documentOf, documentsOf, hasDocument, writerOf } from './documents-of.ts'
import type { PartDocument } from './documents-of.ts'
import { fieldKinds } from './field.ts'
import type { FieldDeclaration } from './field.ts'
import {
  attachment,
  blocks,
  counter,
  growSet,
  list,
  map,
  movableList,
  ref,
  register,
  richText,
  set,
  text,
  tree,
} from './fields.ts'
import { number, numeric, oneOf, string } from './schemas.test.helper.ts'
import { acceptValue } from './validate.ts'

const every = {
  title: register(string),
  about: ref('notes', { whenGone: 'hide' }),
  photo: attachment({ key: 'p' }),
  body: text(),
  rich: richText(),
  page: blocks(),
  minutes: counter(),
  tags: set(string),
  seen: growSet(string),
  settings: map(string),
  steps: list(string),
  order: movableList(string),
  outline: tree(string),
}

/** The message with which a declaration is refused. */
function fault(fields: Record<string, unknown>, options?: object): string {
  try {
    collection('c', fields as never, options as never)
  } catch (cause) {
    if (cause instanceof RejoinError && cause.kind === 'bad-config') return cause.message
    throw cause
  }
  return 'accepted'
}
const faultOf = (field: unknown): string => fault({ f: field }).replace(/^Collection c, field f: /, '')

describe('field kinds', () => {
  test('[SC12] every kind is declared by a function of its name; references and attachments are registers', () => {
    const kinds = fieldsOf(collection('c', every)).map(({ kind, part, policy }) => [kind, part, policy])
    expect(kinds.map(([kind]) => kind)).toEqual(['register', 'register', ...fieldKinds])
    expect(new Set(kinds.map(([, part]) => part))).toEqual(new Set(['shared']))
    expect(new Set(kinds.map(([, , policy]) => policy))).toEqual(new Set(['last-write-wins']))
    const { about, photo } = collection('c', every).fields
    expect([about.reference, photo.key]).toEqual([{ collection: 'notes', whenGone: 'hide' }, 'p'])
    expect(collection('c', { to: ref(collection('notes', {})) }).fields.to.reference).toEqual({
      collection: 'notes',
      whenGone: 'keep',
    })
  })

  test('[SC7] texts of all kinds and lists have a document each, all else shares that of its part', () => {
    const own = fieldsOf(collection('c', every)).filter((field) => documentOf(field) !== '')
    expect(own.map(({ kind }) => kind)).toEqual(['text', 'richText', 'blocks', 'list'])
  })

  test('[SC12] a declaration is never changed: what it is made from can be used again', () => {
    const plain = register(string)
    const manual = plain.conflicts('manual')
    const owned = manual.writtenBy('owner')
    const { a, b, c } = collection('c', { a: plain, b: manual, c: owned }).fields
    expect([a.policy, b.policy, c.policy]).toEqual(['last-write-wins', 'manual', 'manual'])
    expect([a.part, b.part, c.part]).toEqual(['shared', 'shared', 'owner'])
    expect(collection('c', { d: register(string).writtenBy('server').conflicts('max') }).fields.d).toMatchObject({
      part: 'server',
      policy: 'max',
    })
  })

  test('[SC12] a file is named by its hash, size, media type and name', () => {
    const { photo } = collection('c', { photo: attachment() }).fields
    const good = { hash: 'a'.repeat(64), size: 0, type: 'image/svg+xml', name: 'été 2026.svg' }
    expect(acceptValue(photo, { ...good, path: '/etc' })).toEqual(good)
    const wrong: [object, RegExp][] = [
      [{ hash: 'A'.repeat(64) }, /hash is SHA-256 as 64 hex digits/],
      [{ size: -1 }, /size is a whole number of bytes/],
      [{ size: 0.5 }, /size is a whole number/],
      [{ type: 'image' }, /type is a media type/],
      [{ type: 'text/html; charset=x' }, /type is a media type/],
      ...['', '..', 'a/b', 'a\\b', 'a\u0000', 'x'.repeat(256)].map((name): [object, RegExp] => [
        { name },
        /without a path/,
      ]),
    ]
    for (const [part, message] of wrong) expect(() => acceptValue(photo, { ...good, ...part })).toThrow(message)
    for (const value of [null, 'x', 5, []]) expect(() => acceptValue(photo, value)).toThrow(/^Field photo: /)
    expect(collection('c', { album: movableList(attachmentSchema) }).fields.album.validate(good)).toMatchObject({
      ok: true,
    })
  })
})

describe('policies', () => {
  const states = oneOf('open', 'done')

  test('[SC13] a policy is declared on registers and maps', () => {
    for (const policy of [
      'last-write-wins',
      'manual',
      'first-write-wins',
      'max',
      'min',
      { order: ['open', 'done'] },
      { transitions: { open: ['done'] } },
    ] as const) {
      const { a, b } = collection('c', {
        a: register(states).conflicts(policy),
        b: map(states).conflicts(policy),
      }).fields
      expect([a.policy, b.policy]).toEqual([policy, policy])
    }
    const resolve = (values: readonly number[]): number => Math.max(...values)
    expect(collection('c', { a: register(number).conflicts({ resolve }) }).fields.a.policy).toEqual({ resolve })
  })

  test.each<[unknown, string]>([
    ['newest', "conflicts takes 'last-write-wins', 'manual'"],
    [null, 'conflicts takes'],
    [{}, 'conflicts takes'],
    [{ order: [] }, 'order is a list of values, first to last.'],
    [{ order: 'open' }, 'order is a list'],
    [{ order: ['open', 'open'] }, 'order has a value twice.'],
    [{ order: ['open', 'lost'] }, 'order has "lost", which its schema does not store: Expected open or done.'],
    [{ order: [undefined] }, 'order: undefined is not JSON.'],
    [{ transitions: ['open'] }, 'transitions gives each state'],
    [{ transitions: null }, 'transitions gives each state'],
    [{ transitions: { open: 'done' } }, 'transitions gives each state'],
    [{ transitions: { open: ['lost'] } }, 'transitions has "lost", which its schema does not store'],
    [{ transitions: { lost: [] } }, 'transitions has "lost", which its schema does not store'],
    [{ resolve: 'max' }, 'resolve is a function.'],
  ])('[SC13] %j is refused where it is declared', (policy, message) => {
    expect(faultOf(register(states).conflicts(policy as 'max'))).toContain(message)
    expect(faultOf(map(states).conflicts(policy as 'max'))).toContain(message)
  })

  test('[SC13] what a policy names is what is stored, not what is given', () => {
    expect(faultOf(register(numeric).conflicts({ order: ['1', 2] as never }))).toBe(
      'order has "1", which its schema does not store.',
    )
    expect(faultOf(register(numeric).conflicts({ order: [1, 2] }))).toBe('accepted')
    expect(
      faultOf(
        register().conflicts({
          order: [
            { a: 1, b: 2 },
            { b: 2, a: 1 },
          ],
        }),
      ),
    ).toBe('order has a value twice.')
  })

  test('[SC13] what the app does to its table afterwards changes nothing', () => {
    const order = ['open', 'done'] as ('open' | 'done')[]
    const table = { open: ['done'] as 'done'[] }
    const { a, b } = collection('c', {
      a: register(states).conflicts({ order }),
      b: register(states).conflicts({ transitions: table }),
    }).fields
    order.reverse()
    table.open.pop()
    expect([a.policy, b.policy]).toEqual([{ order: ['open', 'done'] }, { transitions: { open: ['done'] } }])
    expect(() => Object.assign((b.policy as { transitions: object }).transitions, { done: [] })).toThrow(TypeError)
  })

  test('[SC13] kinds that merge in their own way take none', () => {
    const declared: FieldDeclaration[] = [
      text(),
      richText(),
      blocks(),
      counter(),
      set(),
      growSet(),
      list(),
      movableList(),
      tree(),
    ]
    for (const field of declared) {
      const conflicts: unknown = Reflect.get(field, 'conflicts')
      expect(faultOf((conflicts as (policy: string) => unknown)('max'))).toBe(
        `a ${field.kind} merges in its own way; conflicts is for registers and maps.`,
      )
    }
  })
})

describe('options', () => {
  const up = (): number => 1

  test('[SC14] registers and maps take a lens, and they and lists an upgrade', () => {
    for (const field of [
      register(number, { lens: { from: 'old', up, down: () => 1 }, upgrade: up, key: 'new' }),
      map(number, { lens: { from: 'old', up }, upgrade: up }),
      list(number, { upgrade: up }),
      movableList(number, { upgrade: up }),
      tree(number, { upgrade: up }),
    ])
      expect(faultOf(field)).toBe('accepted')
  })

  test.each<[unknown, string]>([
    [set(string, { upgrade: up } as object), 'upgrade is not for sets, whose elements are stored by their own text.'],
    [growSet(string, { upgrade: up } as object), 'upgrade is not for sets'],
    [counter({ upgrade: up } as object), 'upgrade is not for a counter, which has no schema.'],
    [text({ upgrade: up } as object), 'upgrade is not for a text'],
    [register(number, { upgrade: 5 as never }), 'upgrade is a function.'],
    [set(string, { lens: { from: 'x', up } } as object), 'lens is for registers and maps.'],
    [list(number, { lens: { from: 'x', up } } as object), 'lens is for registers and maps.'],
    [
      register(number, { lens: { from: 'f', up } }),
      'lens.from is the key that the field had, another than it has now.',
    ],
    [register(number, { lens: { from: 'a/b', up } }), 'lens.from is the key'],
    [register(number, { lens: { from: 'old' } as never }), 'lens.up is a function.'],
    [register(number, { lens: { from: 'old', up, down: 5 as never } }), 'lens.down is a function.'],
    [ref('notes', { whenGone: 'delete' as never }), "whenGone takes 'keep', 'clear' or 'hide'."],
    [ref('notes', { whenGone: 'hide' }).writtenBy('owner'), "whenGone: 'hide' would let one user hide the entity"],
  ])('[SC14] an option that a kind does not take is refused, %#', (field, message) =>
    expect(faultOf(field)).toContain(message),
  )

  test('[SC14] the key that a field had is taken as its own is', () => {
    expect(fault({ a: register(number, { lens: { from: 'b', up } }), b: text() })).toBe(
      'Collection c: fields a and b share the key b.',
    )
    expect(fault({ a: text(), b: map(number, { lens: { from: 'a', up } }) })).toContain('share the key a')
    expect(fault({ a: register(number, { lens: { from: 'b', up } }), b: text().writtenBy('server') })).toBe('accepted')
  })

  test('[SC14] an upgrade is asked for what the schema refuses, and its answer goes through the schema', () => {
    const asked: unknown[] = []
    const field = collection('c', {
      f: register(number, {
        upgrade(stored) {
          asked.push(stored)
          if (stored === 'throws') throw Object.create(null)
          return stored === 'odd' ? ('text' as never) : 7
        },
      }),
    }).fields.f
    expect([field.fit(5), field.fit('seven')]).toEqual([
      { ok: true, value: 5 },
      { ok: true, value: 7 },
    ])
    expect(field.fit('odd')).toEqual({ ok: false, error: 'Expected a number' })
    expect(field.fit('throws')).toEqual({ ok: false, error: 'its upgrade threw: something without a text' })
    expect(asked).toEqual(['seven', 'odd', 'throws'])
    expect(field.validate('seven').ok).toBe(false)
  })
})

describe('collections', () => {
  const owned = collection('c', {
    title: register(string),
    grade: register(number).writtenBy('server'),
    rating: register(number).writtenBy('owner'),
    review: text().writtenBy('owner'),
  })
  const ana = userId('ana')

  test('[SC15] parts of owners are one for each user: their documents are listed where the user is told', () => {
    expect(documentsOf(owned)).toEqual([
      { part: 'shared', field: '' },
      { part: 'server', field: '' },
    ])
    expect(documentsOf(owned, ana).slice(2)).toEqual([
      { part: 'owner:ana', field: '' },
      { part: 'owner:ana', field: 'review' },
    ])
    expect(documentsOf(collection('c', { a: text().writtenBy('owner') }), ana)).toEqual([
      { part: 'shared', field: '' },
      { part: 'owner:ana', field: 'a' },
    ])
    expect(['shared', 'server', 'owner:ana'].map((part) => writerOf(part as PartDocument['part']))).toEqual([
      'shared',
      'server',
      'owner',
    ])
  })

  test('[SC15] a collection has the documents of its parts and of each user that there can be', () => {
    const has = (part: string, field: string): boolean => hasDocument(owned, { part, field } as PartDocument)
    expect([has('shared', ''), has('server', ''), has('owner:bob', ''), has('owner:bob', 'review')]).toEqual([
      true,
      true,
      true,
      true,
    ])
    for (const [part, field] of [
      ['shared', 'review'],
      ['server', 'review'],
      ['owner:bob', 'rating'],
      ['owner:bob', 'none'],
      ['owner:', ''],
      ['owner:__proto__', ''],
      ['owner:a/b', ''],
      ['owner', ''],
      ['others', ''],
      ['', ''],
    ] as const)
      expect([part, field, has(part, field)]).toEqual([part, field, false])
  })

  test('[SC16] what a deletion does to concurrent edits is declared', () => {
    expect(owned.deletion).toBe('delete-wins')
    expect(collection('c', {}, { deletion: 'edit-wins' }).deletion).toBe('edit-wins')
    expect(fault({}, { deletion: 'never' })).toBe("Collection c: deletion takes 'delete-wins' or 'edit-wins'.")
  })

  test('[SC17] derived values are functions by names that no field has', () => {
    const twice = collection('c', { a: counter() }, { derive: { double: ({ a }) => a * 2 } })
    expect(twice.derive.double({ id: 'x', a: 2 })).toBe(4)
    expect(() => Object.assign(twice.derive, { other: () => 1 })).toThrow(TypeError)
    expect(fault({ a: text() }, { derive: { a: () => 1 } })).toBe('Collection c: derive: a is taken.')
    expect(fault({}, { derive: { id: () => 1 } })).toBe('Collection c: derive: id is taken.')
    expect(fault({}, { derive: { 'a b': () => 1 } })).toMatch(/^Collection c: derive: a b is reserved or not made of/)
    expect(fault({}, { derive: JSON.parse('{"__proto__":1}') as object })).toMatch(/derive: __proto__ is reserved/)
    expect(fault({}, { derive: { a: 5 } })).toBe('Collection c: derive: a is a function of the view.')
  })
})
