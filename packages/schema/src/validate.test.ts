import { RejoinError } from '@rejoin/base'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, test } from 'vitest'
import { collection } from './collection.ts'
import { register } from './fields.ts'
import type { Field } from './field.ts'
import { numeric, schema, string } from './schemas.test.helper.ts'
import { acceptValue } from './validate.ts'

const fieldOf = (validator?: StandardSchemaV1): Field =>
  collection('c', { f: validator === undefined ? register() : register(validator) }).fields.f

function refusal(field: Field, value: unknown): string {
  try {
    acceptValue(field, value)
  } catch (cause) {
    if (cause instanceof RejoinError && cause.kind === 'bad-value') return cause.message
    throw cause
  }
  return 'accepted'
}

describe('validation', () => {
  test('[SC8] a refused value names the field and the reasons, with their paths', () => {
    expect(refusal(fieldOf(string), 5)).toBe('Field f: Expected a string.')
    expect(refusal(fieldOf(numeric), 'x')).toBe('Field f: Expected a number at .deep.0.')
    expect(refusal(fieldOf(), { a: 1n })).toBe('Field f: bigint is not JSON at .a.')
    expect(refusal(fieldOf(schema(() => ({ issues: [] }))), 1)).toBe('Field f: its schema refuses the value.')
  })

  test('[SC8] the output of the schema is what is stored', () => {
    expect(acceptValue(fieldOf(numeric), '12')).toBe(12)
    expect(fieldOf(numeric).validate('12')).toEqual({ ok: true, value: 12 })
  })

  test('[SC9] a schema that does not leave its own output as it is is refused at the first write', () => {
    const length = schema<string, number>((value) =>
      typeof value === 'string' ? { value: value.length } : { issues: [{ message: 'no' }] },
    )
    const shout = schema<string>((value) => ({ value: `${String(value)}!` }))
    for (const unstable of [length, shout])
      expect(refusal(fieldOf(unstable), 'abc')).toMatch(/^Field f: its schema does not accept its own output/)
    expect(refusal(fieldOf(schema(() => ({ value: new Date(0) }))), 'abc')).toBe(
      'Field f: an object with a class is not JSON.',
    )
  })

  test('[SC10] asynchronous and throwing schemas are a refusal, never a crash', async () => {
    const later = {
      '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('late')) },
    } as const
    expect(refusal(fieldOf(later), 1)).toMatch(/validates asynchronously/)
    const broken = schema(() => {
      throw new Error('boom')
    })
    expect(refusal(fieldOf(broken), 1)).toBe('Field f: its schema threw: boom.')
  })

  test('[SC1] neither the caller nor the schema keeps a hold on what is stored', () => {
    const seen: unknown[] = []
    const keeper = schema((value) => {
      seen.push(value)
      return { value }
    })
    const given = { a: [1] }
    for (const field of [fieldOf(), fieldOf(keeper)]) {
      const stored = acceptValue(field, given)
      expect(stored).toEqual(given)
      expect(stored).not.toBe(given)
    }
    expect(seen).not.toContain(given)
  })
})
