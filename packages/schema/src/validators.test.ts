import { RejoinError } from '@rejoin/base'
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { collection } from './collection.ts'
import type { Field } from './field.ts'
import { list, map, register, set } from './fields.ts'
import type { Draft, Initial, View } from './infer.ts'
import { acceptValue } from './validate.ts'

const zods = collection('zods', {
  title: register(z.string().min(1, 'Give it a title')),
  status: register(z.enum(['open', 'done'])).conflicts({ transitions: { open: ['done'] } }),
  pages: register(z.string().transform(Number).or(z.number())),
  due: register(z.iso.date().optional()),
  shape: register(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('circle'), radius: z.number() }),
      z.object({ kind: z.literal('square'), side: z.number(), label: z.string().optional() }),
    ]),
  ),
  limit: register(z.number().nullable()),
  size: register(z.number().default(1)),
  tags: set(z.string().trim()),
  steps: list(z.union([z.string(), z.number()])),
  settings: map(z.boolean()),
})

const valibots = collection('valibots', {
  title: register(v.pipe(v.string(), v.minLength(1, 'Give it a title'))),
  status: register(v.picklist(['open', 'done'])).conflicts({ transitions: { open: ['done'] } }),
  pages: register(v.union([v.pipe(v.string(), v.transform(Number)), v.number()])),
  due: register(v.optional(v.pipe(v.string(), v.isoDate()))),
  shape: register(
    v.variant('kind', [
      v.object({ kind: v.literal('circle'), radius: v.number() }),
      v.object({ kind: v.literal('square'), side: v.number(), label: v.optional(v.string()) }),
    ]),
  ),
  limit: register(v.nullable(v.number())),
  size: register(v.optional(v.number(), 1)),
  tags: set(v.pipe(v.string(), v.trim())),
  steps: list(v.union([v.string(), v.number()])),
  settings: map(v.boolean()),
})

const arktypes = collection('arktypes', {
  title: register(type('string > 0')),
  status: register(type("'open' | 'done'")).conflicts({ transitions: { open: ['done'] } }),
  pages: register(type('string.numeric.parse | number')),
  due: register(type('string.date.iso | undefined')),
  shape: register(
    type({ kind: "'circle'", radius: 'number' }).or({ 'kind': "'square'", 'side': 'number', 'label?': 'string' }),
  ),
  limit: register(type('number | null')),
  size: register(type('number')),
  tags: set(type('string.trim')),
  steps: list(type('string | number')),
  settings: map(type('boolean')),
})

type Collected = typeof zods | typeof valibots | typeof arktypes
type Shape = { kind: 'circle'; radius: number } | { kind: 'square'; side: number; label?: string | undefined }

const every = [
  ['zod', zods],
  ['valibot', valibots],
  ['arktype', arktypes],
] as const

const messages: Readonly<Record<string, readonly string[]>> = {
  zod: [
    'Field title: Give it a title.',
    'Field status: Invalid option: expected one of "open"|"done".',
    'Field shape: Invalid input: expected number, received string at .radius.',
    "Field shape: Invalid discriminator value. Expected 'circle' | 'square' at .kind.",
    'Field settings: Invalid input: expected boolean, received number.',
  ],
  valibot: [
    'Field title: Give it a title.',
    'Field status: Invalid type: Expected ("open" | "done") but received "lost".',
    'Field shape: Invalid type: Expected number but received "x" at .radius.',
    'Field shape: Invalid type: Expected ("circle" | "square") but received "oval" at .kind.',
    'Field settings: Invalid type: Expected boolean but received 1.',
  ],
  arktype: [
    'Field title: must be non-empty.',
    'Field status: must be "done" or "open" (was "lost").',
    'Field shape: radius must be a number (was a string).',
    'Field shape: kind must be "circle" or "square" (was "oval").',
    'Field settings: must be boolean (was 1).',
  ],
}

const fieldOf = (of: Collected, name: keyof Collected['fields']): Field => of.fields[name]

function refusal(field: Field, value: unknown): string {
  try {
    acceptValue(field, value)
  } catch (cause) {
    if (cause instanceof RejoinError && cause.kind === 'bad-value') return cause.message
    throw cause
  }
  return 'accepted'
}

describe.each(every)('%s', (name, of) => {
  test('[SC18] what it gives out is stored: transforms, unions, variants, null', () => {
    expect(acceptValue(fieldOf(of, 'pages'), '12')).toBe(12)
    expect(acceptValue(fieldOf(of, 'pages'), 12)).toBe(12)
    expect(acceptValue(fieldOf(of, 'tags'), ' a ')).toBe('a')
    expect(acceptValue(fieldOf(of, 'steps'), 'x')).toBe('x')
    expect(acceptValue(fieldOf(of, 'steps'), 5)).toBe(5)
    expect(acceptValue(fieldOf(of, 'limit'), null)).toBe(null)
    expect(acceptValue(fieldOf(of, 'due'), '2026-11-20')).toBe('2026-11-20')
    for (const shape of [
      { kind: 'circle', radius: 1 },
      { kind: 'square', side: 2 },
      { kind: 'square', side: 2, label: 'x' },
    ])
      expect(acceptValue(fieldOf(of, 'shape'), shape)).toEqual(shape)
  })

  test('[SC18] what it refuses is told by field, reason and path', () => {
    expect([
      refusal(fieldOf(of, 'title'), ''),
      refusal(fieldOf(of, 'status'), 'lost'),
      refusal(fieldOf(of, 'shape'), { kind: 'circle', radius: 'x' }),
      refusal(fieldOf(of, 'shape'), { kind: 'oval' }),
      refusal(fieldOf(of, 'settings'), 1),
    ]).toEqual(messages[name])
  })

  test('[SC18] what it would take and cannot be stored is refused', () => {
    expect(refusal(fieldOf(of, 'limit'), Number.NaN)).toBe('Field limit: NaN is not JSON.')
    expect(refusal(fieldOf(of, 'pages'), 1n)).toBe('Field pages: bigint is not JSON.')
  })

  test('[SC18] `undefined` is no value, whatever the schema makes of it', () => {
    for (const one of ['due', 'size', 'title'] as const)
      expect(refusal(fieldOf(of, one), undefined)).toBe(`Field ${one}: undefined is not JSON.`)
  })
})

describe('what no validator may do', () => {
  test('[SC18] asynchronous schemas are refused at the write, wherever they hide', () => {
    const later = [
      z.string().refine(() => Promise.resolve(true)),
      z.object({ a: z.string().transform((text) => Promise.resolve(text)) }),
      v.pipeAsync(
        v.string(),
        v.checkAsync(() => Promise.resolve(true)),
      ),
    ]
    for (const schema of later)
      for (const value of ['x', { a: 'x' }]) {
        const message = refusal(collection('c', { f: register(schema) }).fields.f, value)
        expect(message).toMatch(/^Field f: (its schema validates asynchronously|Invalid|its schema threw)/)
      }
    const [first] = later
    expect(first && refusal(collection('c', { f: register(first) }).fields.f, 'x')).toBe(
      'Field f: its schema validates asynchronously, which an edit cannot wait for.',
    )
  })

  test('[SC18] output that is no JSON, or that the schema itself would refuse or change, is refused', () => {
    const wrong: [Field, unknown, RegExp][] = [
      [collection('c', { f: register(z.coerce.date()) }).fields.f, '2026-11-20', /an object with a class is not JSON/],
      [
        collection('c', {
          f: register(
            v.pipe(
              v.string(),
              v.transform((text) => BigInt(text)),
            ),
          ),
        }).fields.f,
        '5',
        /bigint is not JSON/,
      ],
      [collection('c', { f: register(type('string.date.parse')) }).fields.f, '2026-11-20', /an object with a class/],
      [collection('c', { f: register(z.string().transform(Number)) }).fields.f, '5', /does not accept its own output/],
      [collection('c', { f: register(type('string.numeric.parse')) }).fields.f, '5', /does not accept its own output/],
      [collection('c', { f: register(z.number().transform((n) => n + 1)) }).fields.f, 5, /does not accept its own/],
      [
        collection('c', { f: register(z.any().transform((it: object) => Object.assign(it, { at: new Date(0) }))) })
          .fields.f,
        { a: 1 },
        /an object with a class is not JSON at \.at/,
      ],
    ]
    for (const [field, value, message] of wrong) expect(refusal(field, value)).toMatch(message)
  })

  test('[SC18] -0 that a schema makes is 0', () => {
    const { f } = collection('c', { f: register(z.number().transform((n) => n * -1 || -0)) }).fields
    expect(f.validate(0)).toEqual({ ok: true, value: 0 })
    const zero = f.validate(0)
    expect(zero.ok && Object.is(zero.value, 0)).toBe(true)
  })
})

describe('types of validators', () => {
  interface Views {
    readonly id: string
    readonly title: string | undefined
    readonly status: 'open' | 'done' | undefined
    readonly pages: number | undefined
    readonly due: string | undefined
    readonly shape: Shape | undefined
    readonly limit: number | null | undefined
    readonly size: number | undefined
    readonly tags: readonly string[]
    readonly steps: readonly (string | number)[]
    readonly settings: Readonly<Record<string, boolean>>
  }

  test('[SC19] a view has the output types of each', () => {
    expectTypeOf<View<typeof zods>>().toExtend<Views>()
    expectTypeOf<Views>().toExtend<View<typeof zods>>()
    expectTypeOf<View<typeof valibots>>().toExtend<Views>()
    expectTypeOf<Views>().toExtend<View<typeof valibots>>()
    expectTypeOf<View<typeof arktypes>>().toExtend<Views>()
    expectTypeOf<View<typeof arktypes>['status']>().toEqualTypeOf<'open' | 'done' | undefined>()
    expectTypeOf<View<typeof arktypes>['pages']>().toEqualTypeOf<number | undefined>()
  })

  test('[SC19] drafts and initial values have their input types, without `undefined` where it cannot be stored', () => {
    expectTypeOf<Parameters<Draft<typeof zods>['pages']['set']>>().toEqualTypeOf<[value: string | number]>()
    expectTypeOf<Parameters<Draft<typeof valibots>['pages']['set']>>().toEqualTypeOf<[value: string | number]>()
    expectTypeOf<Parameters<Draft<typeof arktypes>['pages']['set']>>().toEqualTypeOf<[value: string | number]>()
    expectTypeOf<Parameters<Draft<typeof zods>['due']['set']>>().toEqualTypeOf<[value: string]>()
    expectTypeOf<Parameters<Draft<typeof zods>['size']['set']>>().toEqualTypeOf<[value: number]>()
    expectTypeOf<Parameters<Draft<typeof valibots>['size']['set']>>().toEqualTypeOf<[value: number]>()
    expectTypeOf<Parameters<Draft<typeof arktypes>['due']['set']>>().toEqualTypeOf<[value: string]>()
    expectTypeOf<Parameters<Draft<typeof zods>['limit']['set']>>().toEqualTypeOf<[value: number | null]>()
    expectTypeOf<Initial<typeof zods>['due']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<Initial<typeof zods>['pages']>().toEqualTypeOf<string | number | undefined>()
    expectTypeOf<Initial<typeof arktypes>['status']>().toEqualTypeOf<'open' | 'done' | undefined>()
    expectTypeOf<Draft<typeof zods>['status']['values']>().toEqualTypeOf<readonly ('open' | 'done')[]>()
  })

  test('[SC19] policies have the types of the values', () => {
    const status = register(z.enum(['open', 'done']))
    // @ts-expect-error no such state
    expect(() => collection('c', { f: status.conflicts({ order: ['open', 'lost'] }) })).toThrow('"lost"')
    // @ts-expect-error no such state
    expect(() => collection('c', { f: status.conflicts({ transitions: { open: ['lost'] } }) })).toThrow('"lost"')
    // @ts-expect-error no such state
    expect(() => collection('c', { f: status.conflicts({ transitions: { lost: [] } }) })).toThrow('"lost"')
    // @ts-expect-error gives another type
    status.conflicts({ resolve: () => 5 })
    // @ts-expect-error no such policy
    status.conflicts('newest')
    status.conflicts({ resolve: (values) => (values.includes('done') ? 'done' : 'open') })
    register(z.number()).conflicts({ resolve: (values) => values.reduce((a, b) => a + b, 0) })
    map(z.number()).conflicts({ order: [1, 2, 3] })
  })
})
