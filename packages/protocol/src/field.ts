import { ByteReader, ByteWriter, BytesError, invariant, RejoinError, toHex, fromHex } from '@rejoin/base'
import type { Limits } from './limits.ts'

/**
 * One declaration, both directions. `read` is total on hostile bytes: it throws `BytesError` on bytes that `write`
 * cannot have made and `RejoinError` (`bad-id`, `too-large`, `protocol-version`) on those that break a rule; its work
 * and memory are bounded by the bytes that are there. `write` trusts its caller.
 */
export interface Field<Value> {
  /** The layout in words, for the hash of all shapes: changes whenever the bytes do. */
  readonly shape: string
  write(out: ByteWriter, value: Value): void
  read(from: ByteReader, limits: Limits): Value
}

type LimitName = keyof Limits

/** Fields one after another, in the order of declaration. */
export function record<Value extends object>(fields: {
  readonly [Name in keyof Value]: Field<Value[Name]>
}): Field<Value> {
  const names = Object.keys(fields) as (keyof Value & string)[]
  return {
    shape: `{${names.map((name) => `${name}:${fields[name].shape}`).join(' ')}}`,
    write: (out, value) => {
      for (const name of names) fields[name].write(out, value[name])
    },
    read: (from, limits) => {
      const value: Partial<Value> = {}
      for (const name of names) value[name] = fields[name].read(from, limits)
      return value as Value
    },
  }
}

/** A field with a rule over its parts: `mistakeIn` says what is wrong with a value that was read, or nothing. */
export function checked<Value>(field: Field<Value>, mistakeIn: (value: Value) => string | undefined): Field<Value> {
  return {
    ...field,
    read: (from, limits) => {
      const value = field.read(from, limits)
      const mistake = mistakeIn(value)
      if (mistake !== undefined) throw new BytesError(mistake)
      return value
    },
  }
}

/** A whole number, 0 to 2^53 - 1. */
export const number: Field<number> = {
  shape: 'number',
  write: (out, value) => {
    out.number(value)
  },
  read: (from) => from.number(),
}

export const boolean: Field<boolean> = {
  shape: 'boolean',
  write: (out, value) => {
    out.byte(value ? 1 : 0)
  },
  read: (from) => {
    const value = from.byte()
    if (value > 1) throw new BytesError('a flag is 0 or 1')
    return value === 1
  },
}

/** One of a few names, as its index. */
export function choice<Name extends string>(names: readonly Name[]): Field<Name> {
  return {
    shape: names.join('|'),
    write: (out, value) => {
      out.byte(names.indexOf(value))
    },
    read: (from) => nameAt(names, from.byte()),
  }
}

export function nameAt<Name extends string>(names: readonly Name[], index: number): Name {
  const name = names[index]
  if (name === undefined) throw new BytesError(`${index} stands for none of ${names.join(', ')}`)
  return name
}

/** The bytes as they are: a view into the frame. The frame's own limit bounds them. */
export const bytes: Field<Uint8Array> = {
  shape: 'bytes',
  write: (out, value) => {
    out.bytes(value)
  },
  read: (from) => from.bytes(),
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function text(limit: LimitName): Field<string> {
  return {
    shape: `text(${limit})`,
    write: (out, value) => {
      out.text(value)
    },
    read: (from, limits) => {
      const raw = from.bytes()
      if (raw.length > limits[limit]) throw tooLarge(limit, raw.length, limits)
      try {
        return strictUtf8.decode(raw)
      } catch {
        throw new BytesError('invalid UTF-8')
      }
    },
  }
}

const utf8 = new TextEncoder()
const sentenceBytesMax = 1024

/** Text for a person; what is longer than the protocol ever allows is cut off when written. */
export const sentence: Field<string> = {
  ...text('messageBytesMax'),
  write: (out, value) => {
    const buffer = new Uint8Array(sentenceBytesMax)
    out.bytes(buffer.subarray(0, utf8.encodeInto(value, buffer).written))
  },
}

/** A name that a parse function of base admits. */
export function name<Id extends string>(parse: (text: string) => Id): Field<Id> {
  return {
    shape: 'name',
    write: (out, value) => {
      out.text(value)
    },
    read: (from) => parse(from.text()),
  }
}

/** 16 bytes that are hex in memory. */
export function opaque<Id extends string>(parse: (text: string) => Id): Field<Id> {
  return {
    shape: 'opaque',
    write: (out, value) => {
      const raw = fromHex(value)
      invariant(raw?.length === 16, 'an opaque id is 16 bytes as hex')
      out.raw(raw)
    },
    read: (from) => parse(toHex(from.raw(16))),
  }
}

/** A count, then so many values of at least one byte each. */
export function list<Value>(item: Field<Value>, limit: LimitName): Field<readonly Value[]> {
  return {
    shape: `[${item.shape}](${limit})`,
    write: (out, values) => {
      out.number(values.length)
      for (const value of values) item.write(out, value)
    },
    read: (from, limits) => {
      const count = readCount(from, limits, limit)
      const values: Value[] = []
      for (let i = 0; i < count; i++) values.push(item.read(from, limits))
      return values
    },
  }
}

/** A flag, then the value if there is one. */
export function optional<Value>(field: Field<Value>): Field<Value | undefined> {
  return {
    shape: `${field.shape}?`,
    write: (out, value) => {
      boolean.write(out, value !== undefined)
      if (value !== undefined) field.write(out, value)
    },
    read: (from, limits) => (boolean.read(from, limits) ? field.read(from, limits) : undefined),
  }
}

/** A count within its limit and within the bytes that are there. */
export function readCount(from: ByteReader, limits: Limits, limit: LimitName): number {
  const count = from.number()
  if (count > limits[limit]) throw tooLarge(limit, count, limits)
  if (count > from.remaining) throw new BytesError('a count is greater than the bytes that follow')
  return count
}

export const tooLarge = (limit: LimitName, found: number, limits: Limits): RejoinError =>
  new RejoinError('too-large', `${found} is over ${limit} (${limits[limit]})`)
