import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, isWellFormed, toJson, valueBytesMax, valueDepthMax } from './json.ts'
import type { Json } from './json.ts'

const json = fc.jsonValue({ maxDepth: 6 }) as fc.Arbitrary<Json>
const errorOf = (value: unknown): string => {
  const result = toJson(value)
  return result.ok ? 'accepted' : result.error
}
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])

describe('values', () => {
  test('[SC1] every JSON value is accepted, as an equal copy that shares nothing with the original', () => {
    fc.assert(
      fc.property(json, (value) => {
        const copy = toJson(value)
        // Generated objects may hold a forbidden key or half a pair: refused by their own rules.
        fc.pre(copy.ok)
        expect(JSON.stringify(copy.value)).toBe(JSON.stringify(value))
        if (typeof value === 'object' && value !== null) expect(copy.value).not.toBe(value)
      }),
    )
  })

  test('[SC1] what is not JSON is refused with its place', () => {
    expect(errorOf(undefined)).toBe('undefined is not JSON')
    expect(errorOf({ a: [1n] })).toBe('bigint is not JSON at .a[0]')
    expect(errorOf([() => 1])).toBe('function is not JSON at [0]')
    expect(errorOf(Number.NaN)).toBe('NaN is not JSON')
    expect(errorOf([1, Number.POSITIVE_INFINITY])).toBe('Infinity is not JSON at [1]')
    expect(errorOf([1, undefined])).toBe('undefined is not JSON at [1]')
    expect(errorOf(new Array(3))).toBe('undefined is not JSON at [0]')
    expect(errorOf({ when: new Date(0) })).toBe('an object with a class is not JSON at .when')
    expect(errorOf(new Uint8Array(3))).toBe('an object with a class is not JSON')
    expect(errorOf(Symbol('x'))).toBe('symbol is not JSON')
  })

  test('[SC1] properties that are undefined are left out and -0 becomes 0', () => {
    expect(toJson({ a: undefined, b: -0 })).toEqual({ ok: true, value: { b: 0 } })
    expect(Object.is((toJson(-0) as { value: unknown }).value, 0)).toBe(true)
    expect(toJson(Object.assign(Object.create(null), { a: 1 }))).toEqual({ ok: true, value: { a: 1 } })
  })

  test('[SC2] nesting is limited, and a cycle is found by it', () => {
    expect(toJson(nested(valueDepthMax)).ok).toBe(true)
    expect(errorOf(nested(valueDepthMax + 1))).toMatch(/nests deeper than 64 \(valueDepthMax\) at \[0\]\[0\].*…$/)
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    expect(errorOf(cycle)).toMatch(/nests deeper than 64/)
  })

  test('[SC2] the size is that of the JSON text in UTF-8, to the byte', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), json), fc.integer({ min: -1, max: 1 }), (value, over) => {
        fc.pre(toJson(value).ok)
        const own = new TextEncoder().encode(JSON.stringify([toJsonValue(value), ''])).length
        const padded = [value, 'x'.repeat(valueBytesMax - own + over)]
        expect(toJson(padded).ok).toBe(over <= 0)
      }),
    )
    expect(errorOf('é'.repeat(valueBytesMax / 2))).toBe('it is larger than 65536 bytes (valueBytesMax)')
  })

  test('[SC2] refusing a huge value takes no longer than its limit', () => {
    let read = 0
    const huge = new Proxy([] as number[], {
      get: (list, key) => (key === 'length' ? 2 ** 31 : key in list ? Reflect.get(list, key) : read++),
    })
    expect(errorOf(huge)).toMatch(/valueBytesMax/)
    expect(read).toBeGreaterThan(1000)
    expect(read).toBeLessThan(valueBytesMax)
  })

  test('[SC3] keys that reach a prototype are refused at any depth', () => {
    for (const key of ['__proto__', 'constructor', 'prototype'])
      expect(errorOf({ a: [JSON.parse(`{"${key}":{"isAdmin":true}}`)] })).toBe(`the key ${key} is not allowed at .a[0]`)
    // What a decoder makes of a hostile __proto__: an object whose prototype was replaced.
    expect(errorOf(Object.create({ isAdmin: true }))).toBe('an object with a class is not JSON')
  })

  test('[SC3] half of a surrogate pair is refused, in keys too', () => {
    expect(errorOf('a\ud800b')).toBe('a string holds half of a surrogate pair')
    expect(errorOf('\udc00')).toBe('a string holds half of a surrogate pair')
    expect(errorOf({ '\ud83d': 1 })).toMatch(/^a string holds half of a surrogate pair at /)
    expect(toJson('😀').ok).toBe(true)
    expect([isWellFormed('😀a'), isWellFormed('😀'.slice(1)), isWellFormed('')]).toEqual([true, false, true])
  })

  test('[SC4] equal values have one canonical text, whatever the order of their keys', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}')
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(value))
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

function toJsonValue(value: unknown): Json {
  const result = toJson(value)
  return result.ok ? result.value : null
}
