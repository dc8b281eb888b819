import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'

/** What a register, a set element or a list item can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** The greatest size of one value: bytes of its JSON text in UTF-8. */
export const valueBytesMax: number = 64 * 1024
/** How deep arrays and objects may nest: a list of lists has depth 2. */
export const valueDepthMax: number = 64

const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Whether a name may be a key of an object: no other reaches a prototype. */
export const isKey = (name: string): boolean => !forbiddenKeys.has(name)

/**
 * A copy of the value as plain JSON, or why it is none. The same check guards writing and reading, because
 * stored values may come from a hostile client. A property that is `undefined` is left out, -0 becomes 0.
 */
export function toJson(value: unknown): Result<Json, string> {
  if (isShort(value)) return ok(value)
  try {
    return ok(new Copy().value(value, 0))
  } catch (cause) {
    if (cause instanceof NotJson) return err(cause.message)
    throw cause
  }
}

/** What needs no walk: most values are a short text, a number or a flag. */
function isShort(value: unknown): value is Json {
  if (typeof value === 'string') return value.length <= shortTextMax && isWellFormed(value)
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  return typeof value === 'boolean' || value === null
}

/** In UTF-16 code units, of which none takes more than six bytes. */
const shortTextMax = Math.floor((valueBytesMax - 2) / 6)

/** The one text of a value: keys sorted by code unit, no spaces. Equal values have equal texts. */
export function canonicalJson(value: Json): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`)
  return `{${members.join(',')}}`
}

/** Half of a surrogate pair on its own has no form in UTF-8: other replicas would read something else. */
export const isWellFormed = (text: string): boolean => text.isWellFormed()

const isList = (value: object): value is readonly Json[] => Array.isArray(value)

class NotJson extends Error {
  constructor(path: readonly (string | number)[], what: string) {
    super(path.length === 0 ? what : `${what} at ${pathText(path)}`)
  }
}

/** Long paths and keys are cut: the text ends in error messages and logs. */
function pathText(path: readonly (string | number)[]): string {
  const steps = path.slice(0, 8).map((step) => (typeof step === 'number' ? `[${step}]` : `.${step.slice(0, 40)}`))
  return steps.join('') + (path.length > 8 ? '…' : '')
}

/** Walks a value once, copying and counting; stops at the first thing that does not fit. */
class Copy {
  readonly #path: (string | number)[] = []
  #bytes = 0

  value(value: unknown, depth: number): Json {
    switch (typeof value) {
      case 'string':
        this.#text(value)
        return value
      case 'number':
        return this.#number(value)
      case 'boolean':
        this.#count(value ? 4 : 5)
        return value
      case 'object':
        return this.#object(value, depth)
      default:
        return this.#refuse(`${typeof value} is not JSON`)
    }
  }

  #number(value: number): number {
    if (!Number.isFinite(value)) return this.#refuse(`${value} is not JSON`)
    // Small whole numbers are most of them, and need no text to be counted.
    this.#count(Number.isInteger(value) && value >= 0 && value < 10 ? 1 : String(value).length)
    return value + 0
  }

  #object(value: object | null, depth: number): Json {
    if (value === null) {
      this.#count(4)
      return null
    }
    if (depth >= valueDepthMax) return this.#refuse(`it nests deeper than ${valueDepthMax} (valueDepthMax)`)
    this.#count(2)
    return Array.isArray(value) ? this.#list(value, depth) : this.#record(value, depth)
  }

  #list(list: readonly unknown[], depth: number): Json {
    const copy: Json[] = []
    for (let index = 0; index < list.length; index++) {
      this.#path.push(index)
      this.#count(index === 0 ? 0 : 1)
      copy.push(this.value(list[index], depth + 1))
      this.#path.pop()
    }
    return copy
  }

  #record(record: object, depth: number): Json {
    const prototype: unknown = Object.getPrototypeOf(record)
    if (prototype !== null && prototype !== Object.prototype) return this.#refuse('an object with a class is not JSON')
    const copy: Record<string, Json> = {}
    // A colon, and from the second member on a comma.
    let separator = 1
    for (const [key, member] of Object.entries(record)) {
      if (!isKey(key)) return this.#refuse(`the key ${key} is not allowed`)
      if (member === undefined) continue
      this.#path.push(key)
      this.#count(separator)
      separator = 2
      this.#text(key)
      copy[key] = this.value(member, depth + 1)
      this.#path.pop()
    }
    return copy
  }

  /** Counts a string as JSON text, and refuses one that has no UTF-8 form. */
  #text(text: string): void {
    let bytes = 2
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      if (unit < 0x80) bytes += asciiBytes(unit)
      else if (unit < 0x800) bytes += 2
      else if (unit < 0xd800 || unit > 0xdfff) bytes += 3
      else if (unit < 0xdc00 && isLowSurrogate(text.charCodeAt(index + 1))) {
        bytes += 4
        index++
      } else this.#refuse('a string holds half of a surrogate pair')
      if (bytes > valueBytesMax) break
    }
    this.#count(bytes)
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > valueBytesMax) this.#refuse(`it is larger than ${valueBytesMax} bytes (valueBytesMax)`)
  }

  #refuse(what: string): never {
    throw new NotJson(this.#path, what)
  }
}

/** Quote, backslash and the controls with a short escape take two bytes, other controls six. */
const asciiBytes = (unit: number): number =>
  unit === 0x22 || unit === 0x5c ? 2 : unit >= 0x20 ? 1 : shortEscapes.has(unit) ? 2 : 6
const shortEscapes: ReadonlySet<number> = new Set([8, 9, 10, 12, 13])

/** Whether a code unit is the second half of a pair. */
export const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff
