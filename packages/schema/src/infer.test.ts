import { describe, expectTypeOf, test } from 'vitest'
import { collection } from './collection.ts'
import type { Collection } from './collection.ts'
import type { CounterDraft, ListDraft, RegisterDraft, RegisterReader, SetDraft, TextDraft } from './draft.ts'
import { counter, list, register, set, text } from './fields.ts'
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
})
