import { RejoinError } from '@rejoin/base'
import { canonicalJson } from './json.ts'
import type { Json } from './json.ts'

/**
 * A value that the field equals, or tests of it that must all hold. `undefined` is no condition, so that a filter that
 * is not set lets everything pass; `is` and `not` take it as a value: `{ is: undefined }` asks for what is unwritten.
 */
type Condition<Value> = unknown extends Value
  ? unknown
  : Exclude<Value, object> | Extract<Value, readonly unknown[]> | Tests<Value>

type Tests<Value> = Equality<Value> & Comparison<Value> & Membership<Value>

interface Equality<Value> {
  readonly is?: Value
  readonly not?: Value
  readonly in?: readonly Value[] | undefined
}

/** Between values of one type; numbers by size, texts by code unit. */
interface Bounds<Bound> {
  readonly above?: Bound | undefined
  readonly below?: Bound | undefined
  readonly atLeast?: Bound | undefined
  readonly atMost?: Bound | undefined
}

type Comparison<Value> = [Extract<Value, number | string>] extends [never]
  ? unknown
  : Bounds<Widened<Extract<Value, number | string>>>
type Widened<Value> = Value extends number ? number : Value extends string ? string : never

type Membership<Value> = [Extract<Value, readonly unknown[]>] extends [never]
  ? unknown
  : { readonly has?: Extract<Value, readonly unknown[]>[number] | undefined }

/** Conditions on views of any form. */
export type WhereOf<V> = { readonly [Name in keyof V]?: Condition<V[Name]> | undefined }

type Test = (value: unknown) => boolean

/** The conditions as one test. Throws `bad-config` for one that is none. */
export function compiled(where: object): (view: object) => boolean {
  const tests = Object.entries(where).flatMap(([name, condition]) =>
    testsOf(name, condition).map((test) => [name, test] as const),
  )
  return (view) => tests.every(([name, test]) => test(Reflect.get(view, name)))
}

/** An object is always tests: to compare with one, `is` is needed. */
function testsOf(name: string, condition: unknown): readonly Test[] {
  if (condition === undefined) return []
  if (typeof condition !== 'object' || condition === null || Array.isArray(condition)) return [equal(condition)]
  return Object.entries(condition).flatMap(([operator, operand]) => {
    const make = Object.hasOwn(operators, operator) ? operators[operator] : undefined
    if (make !== undefined && operand === undefined && operator !== 'is' && operator !== 'not') return []
    const test = make?.(operand)
    if (test !== undefined) return [test]
    throw new RejoinError('bad-config', `where: ${name} takes a value or ${Object.keys(operators).join(', ')}.`, {
      hint: 'Compare with an object by `is`, and give bounds as numbers or texts, and `in` as a list.',
    })
  })
}

/** Undefined if the operand is of no use. */
const operators: Readonly<Record<string, (operand: unknown) => Test | undefined>> = {
  is: (operand) => equal(operand),
  not: (operand) => not(equal(operand)),
  in: (operand) => (Array.isArray(operand) ? anyOf(operand) : undefined),
  above: (operand) => bound(operand, (value, limit) => value > limit),
  below: (operand) => bound(operand, (value, limit) => value < limit),
  atLeast: (operand) => bound(operand, (value, limit) => value >= limit),
  atMost: (operand) => bound(operand, (value, limit) => value <= limit),
  has(operand) {
    const same = equal(operand)
    return (value) => Array.isArray(value) && value.some(same)
  },
}

const not =
  (test: Test): Test =>
  (value) =>
    !test(value)

function anyOf(operands: readonly unknown[]): Test {
  const tests = operands.map(equal)
  return (value) => tests.some((test) => test(value))
}

/** Objects and lists by their JSON, whatever the order of the keys. */
function equal(operand: unknown): Test {
  if (typeof operand !== 'object' || operand === null) return (value) => value === operand
  const text = canonicalJson(operand as Json)
  return (value) => typeof value === 'object' && value !== null && canonicalJson(value as Json) === text
}

function bound(limit: unknown, holds: (value: number | string, limit: number | string) => boolean): Test | undefined {
  if (typeof limit === 'number') return (value) => typeof value === 'number' && holds(value, limit)
  if (typeof limit === 'string') return (value) => typeof value === 'string' && holds(value, limit)
  return undefined
}
