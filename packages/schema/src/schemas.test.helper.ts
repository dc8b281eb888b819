import type { StandardSchemaV1 } from '@standard-schema/spec'

/** The least that Standard Schema asks for, so that the tests need no validator. */
export function schema<Input, Output = Input>(
  validate: (value: unknown) => StandardSchemaV1.Result<Output>,
): StandardSchemaV1<Input, Output> {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

const only = <T>(what: string, is: (value: unknown) => value is T): StandardSchemaV1<T> =>
  schema<T>((value) => (is(value) ? { value } : { issues: [{ message: `Expected ${what}.` }] }))

export const string: StandardSchemaV1<string> = only('a string', (value) => typeof value === 'string')
export const number: StandardSchemaV1<number> = only('a number', (value) => typeof value === 'number')
export const oneOf = <const T extends string>(...words: T[]): StandardSchemaV1<T> =>
  only(words.join(' or '), (value): value is T => words.includes(value as T))

/** Takes numbers as text too, and gives numbers: input and output differ. */
export const numeric: StandardSchemaV1<number | string, number> = schema((value) =>
  Number.isFinite(Number(value))
    ? { value: Number(value) }
    : { issues: [{ message: 'Expected a number.', path: ['deep', { key: 0 }] }] },
)
