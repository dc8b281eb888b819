import type { FieldDeclaration, FieldKind, FieldWriter } from '@rejoin/schema'

type Schema<Input, Output = Input> = NonNullable<FieldDeclaration<FieldKind, FieldWriter, Input, Output>['schema']>
type Verdict<T> = { readonly value: T } | { readonly issues: readonly { readonly message: string }[] }

/** The least that Standard Schema asks for, so that the tests need no validator. */
const schema = <Input, Output>(validate: (value: unknown) => Verdict<Output>): Schema<Input, Output> => ({
  '~standard': { version: 1, vendor: 'test', validate },
})

const only = <T>(what: string, is: (value: unknown) => value is T): Schema<T> =>
  schema((value) => (is(value) ? { value } : { issues: [{ message: `Expected ${what}.` }] }))

export const string: Schema<string> = only('a string', (value) => typeof value === 'string')
export const number: Schema<number> = only('a number', (value) => typeof value === 'number')
export const oneOf = <const T extends string>(...words: T[]): Schema<T> =>
  only(words.join(' or '), (value): value is T => words.includes(value as T))

/** Takes numbers as text too, and gives numbers: input and output differ. */
export const numeric: Schema<number | string, number> = schema((value) =>
  Number.isFinite(Number(value)) ? { value: Number(value) } : { issues: [{ message: 'Expected a number.' }] },
)
