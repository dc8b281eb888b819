import { describe, expect, expectTypeOf, test } from 'vitest'
import { collection } from './collection.ts'
import type { Collection } from './collection.ts'
import type { Attachment } from './attachment.ts'
import type { documentsOf } from './documents-of.ts'
import type {
  BlockNode,
  BlocksReader,
  CounterDraft,
  CounterReader,
  GrowSetDraft,
  ListDraft,
  MapDraft,
  MapReader,
  MarkedRun,
  MovableListDraft,
  MovableListReader,
  RegisterDraft,
  RegisterReader,
  RichTextDraft,
  RichTextReader,
  SetDraft,
  SetReader,
  TextDraft,
  TextReader,
  TreeDraft,
  TreeNode,
  TreeReader,
  TreeSeed,
} from './draft.ts'
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
import type { Draft, Initial, View } from './infer.ts'
import type { Json } from './json.ts'
import { number, numeric, oneOf, string } from './schemas.test.helper.ts'

const notes = collection('notes', {
  title: register(string),
  status: register(oneOf('open', 'done')),
  anything: register(),
  pages: register(numeric),
  body: text(),
  tags: set(string),
  minutes: counter(),
  steps: list(numeric),
  grade: register(number).writtenBy('server'),
})
type Notes = typeof notes

describe('types', () => {
  test('[SC11] a view has the output types of the schema', () => {
    expectTypeOf<View<Notes>>().toEqualTypeOf<{
      readonly id: string
      readonly title: string | undefined
      readonly status: 'open' | 'done' | undefined
      readonly anything: Json | undefined
      readonly pages: number | undefined
      readonly body: string
      readonly tags: readonly string[]
      readonly minutes: number
      readonly steps: readonly number[]
      readonly grade: number | undefined
    }>()
  })

  test('[SC11] initial values are the shared fields, by the input types, all optional', () => {
    expectTypeOf<Initial<Notes>>().toEqualTypeOf<{
      readonly title?: string | undefined
      readonly status?: 'open' | 'done' | undefined
      readonly anything?: Json | undefined
      readonly pages?: number | string | undefined
      readonly body?: string | undefined
      readonly tags?: readonly string[] | undefined
      readonly minutes?: number | undefined
      readonly steps?: readonly (number | string)[] | undefined
    }>()
  })

  test('[SC11] a draft writes the fields of its part and reads the others', () => {
    expectTypeOf<Draft<Notes>>().toEqualTypeOf<{
      readonly title: RegisterDraft<string, string>
      readonly status: RegisterDraft<'open' | 'done', 'open' | 'done'>
      readonly anything: RegisterDraft<Json, Json>
      readonly pages: RegisterDraft<number | string, number>
      readonly body: TextDraft
      readonly tags: SetDraft<string, string>
      readonly minutes: CounterDraft
      readonly steps: ListDraft<number | string, number>
      readonly grade: RegisterReader<number>
    }>()
    expectTypeOf<Draft<Notes, 'server'>['grade']>().toEqualTypeOf<RegisterDraft<number, number>>()
    expectTypeOf<Draft<Notes, 'server'>['title']>().toEqualTypeOf<RegisterReader<string>>()
  })

  test('[SC11] every collection is a Collection, whose view and draft have unknown members', () => {
    expectTypeOf(notes).toExtend<Collection>()
    expectTypeOf<View>().toEqualTypeOf<{ readonly [name: string]: unknown; readonly id: string }>()
    expectTypeOf<Draft>().toBeObject()
    // @ts-expect-error a register of strings is given a number
    const write = (draft: Draft<Notes>): void => draft.title.set(5)
    expectTypeOf(write).toBeFunction()
    // @ts-expect-error a field of the server is no initial value
    const initial: Initial<Notes> = { grade: 5 }
    expectTypeOf(initial).toExtend<object>()
  })

  const assets = collection(
    'assets',
    {
      name: register(string),
      about: ref('notes', { whenGone: 'clear' }),
      photo: attachment(),
      rich: richText(),
      page: blocks(),
      seen: growSet(string),
      settings: map(numeric),
      order: movableList(string),
      outline: tree(numeric),
      rating: register(numeric).writtenBy('owner'),
      review: text().writtenBy('owner'),
      votes: counter().writtenBy('owner'),
      marks: set(string).writtenBy('owner'),
      options: map(number).writtenBy('owner'),
      checks: tree(string).writtenBy('server'),
    },
    {
      derive: {
        average: (asset) => Object.values(asset.rating).reduce((a, b) => a + b, 0),
        label: (asset) => asset.name ?? null,
        first: (asset) => asset.outline[0]?.value,
      },
    },
  )
  type Assets = typeof assets

  test('[SC19] every kind has its view; of owners one by user; derived values are inferred', () => {
    expectTypeOf<View<Assets>>().toEqualTypeOf<{
      readonly id: string
      readonly name: string | undefined
      readonly about: string | undefined
      readonly photo: Attachment | undefined
      readonly rich: readonly MarkedRun[]
      readonly page: readonly BlockNode[]
      readonly seen: readonly string[]
      readonly settings: Readonly<Record<string, number>>
      readonly order: readonly string[]
      readonly outline: readonly TreeNode<number>[]
      readonly rating: Readonly<Record<string, number>>
      readonly review: Readonly<Record<string, string>>
      readonly votes: Readonly<Record<string, number>>
      readonly marks: Readonly<Record<string, readonly string[]>>
      readonly options: Readonly<Record<string, Readonly<Record<string, number>>>>
      readonly checks: readonly TreeNode<string>[]
      readonly average: number
      readonly label: string | null
      readonly first: number | undefined
    }>()
  })

  test("[SC19] an entity is created with shared fields and its creator's own, but not with blocks, which an editor writes", () => {
    expectTypeOf<Initial<Assets>>().toEqualTypeOf<{
      readonly name?: string | undefined
      readonly about?: string | undefined
      readonly photo?: Attachment | undefined
      readonly rich?: string | readonly MarkedRun[] | undefined
      readonly seen?: readonly string[] | undefined
      readonly settings?: Readonly<Record<string, number | string>> | undefined
      readonly order?: readonly string[] | undefined
      readonly outline?: readonly TreeSeed<number | string>[] | undefined
      readonly rating?: number | string | undefined
      readonly review?: string | undefined
      readonly votes?: number | undefined
      readonly marks?: readonly string[] | undefined
      readonly options?: Readonly<Record<string, number>> | undefined
    }>()
  })

  test('[SC19] a user writes the shared part and their own, the server its own; the rest is to read', () => {
    expectTypeOf<Draft<Assets, 'user'>>().toEqualTypeOf<{
      readonly name: RegisterDraft<string, string>
      readonly about: RegisterDraft<string, string>
      readonly photo: RegisterDraft<Attachment, Attachment>
      readonly rich: RichTextDraft
      readonly page: BlocksReader
      readonly seen: GrowSetDraft<string, string>
      readonly settings: MapDraft<number | string, number>
      readonly order: MovableListDraft<string, string>
      readonly outline: TreeDraft<number | string, number>
      readonly rating: RegisterDraft<number | string, number>
      readonly review: TextDraft
      readonly votes: CounterDraft
      readonly marks: SetDraft<string, string>
      readonly options: MapDraft<number, number>
      readonly checks: TreeReader<string>
    }>()
    expectTypeOf<Draft<Assets, 'server'>>().toEqualTypeOf<{
      readonly name: RegisterReader<string>
      readonly about: RegisterReader<string>
      readonly photo: RegisterReader<Attachment>
      readonly rich: RichTextReader
      readonly page: BlocksReader
      readonly seen: SetReader<string, string>
      readonly settings: MapReader<number>
      readonly order: MovableListReader<string>
      readonly outline: TreeReader<number>
      readonly rating: RegisterReader<number>
      readonly review: TextReader
      readonly votes: CounterReader
      readonly marks: SetReader<string, string>
      readonly options: MapReader<number>
      readonly checks: TreeDraft<string, string>
    }>()
  })

  test('[SC19] every collection is a Collection, whatever its policies, parts and derived values', () => {
    expectTypeOf(assets).toExtend<Collection>()
    expectTypeOf<typeof assets>().toExtend<Parameters<typeof documentsOf>[0]>()
    const all: readonly Collection[] = [
      notes,
      assets,
      collection('c', { a: register(oneOf('x', 'y')).conflicts({ resolve: (values) => values[0] ?? 'x' }) }),
      collection('c', {
        a: register(numeric, { upgrade: Number, lens: { from: 'b', up: String, down: (n) => n + 1 } }),
      }),
    ]
    expect(all).toHaveLength(4)
    // @ts-expect-error a derived value has no such field to see
    collection('c', { a: text() }, { derive: { b: (view) => view.c } })
  })

  test('[SC19] a lens and an upgrade have the types of the field', () => {
    register(numeric, { upgrade: (stored) => (typeof stored === 'string' ? stored.length : 0) })
    // @ts-expect-error gives another type
    register(number, { upgrade: () => 'text' })
    // @ts-expect-error gives another type
    register(number, { lens: { from: 'b', up: () => 'text' } })
    // @ts-expect-error is given a number
    register(number, { lens: { from: 'b', up: Number, down: (value: string) => value } })
    // @ts-expect-error sets are found by their elements
    set(string, { upgrade: () => 'x' })
    // @ts-expect-error sets merge in their own way
    expectTypeOf(set(string).conflicts).toBeFunction()
    // @ts-expect-error lists have no other key
    list(number, { lens: { from: 'b', up: Number } })
    // @ts-expect-error no such rule
    ref('notes', { whenGone: 'delete' })
  })
})
