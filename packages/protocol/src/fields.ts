import { BytesError, collectionName, fromHex, invariant, RejoinError, toHex } from '@rejoin/base'
import type { CollectionName, ErrorKind, Generation, Intervals } from '@rejoin/base'
import { closeCodeOf, kindOfClose } from './close.ts'
import { list, name, readCount } from './field.ts'
import type { Field } from './field.ts'
import { parseEntityKey } from './interest.ts'
import type { EntityKey, Interest } from './interest.ts'
import { checkLimits, limitNames } from './limits.ts'
import type { Limits } from './limits.ts'
import { parseToken } from './token.ts'
import type { Token } from './token.ts'
import { protocolVersion } from './version.ts'

/** The version of the sender. Of another version nothing further is read. */
export const version: Field<number> = {
  shape: 'version',
  write: (out, value) => {
    out.number(value)
  },
  read: (from) => {
    const value = from.number()
    if (value !== protocolVersion)
      throw new RejoinError(
        'protocol-version',
        `this side speaks protocol version ${protocolVersion}, the other ${value}`,
      )
    return value
  },
}

export const token: Field<Token> = {
  shape: 'token',
  write: (out, value) => {
    out.bytes(value)
  },
  read: (from) => {
    const parsed = parseToken(from.bytes())
    if (!parsed.ok) throw new BytesError(parsed.error)
    return parsed.value
  },
}

/** 16 bytes of hash, or none. */
export const hashOrNone: Field<Uint8Array> = {
  shape: 'hash16|none',
  write: (out, value) => {
    out.bytes(value)
  },
  read: (from) => {
    const value = from.bytes()
    if (value.length !== 0 && value.length !== 16) throw new BytesError('a hash has 16 bytes')
    return value
  },
}

export const clientId: Field<number> = {
  shape: 'fixed32',
  write: (out, value) => {
    out.fixed32(value)
  },
  read: (from) => from.fixed32(),
}

/** By its number. One that a newer server added falls back to its class: its `error` can be read by every version. */
export const errorKind: Field<ErrorKind> = {
  shape: 'error',
  write: (out, value) => {
    out.number(closeCodeOf(value))
  },
  read: (from) => {
    const code = from.number()
    if (code < 4400 || code > 4599) throw new BytesError(`${code} is the number of no error kind`)
    return kindOfClose(code)
  },
}

/** Number and 16 bytes; the first generation is written by a flag of whatever holds it. */
export const laterGeneration: Field<Generation> = {
  shape: '{number:number id:opaque}',
  write: (out, value) => {
    const id = fromHex(value.id)
    invariant(value.number > 0 && id?.length === 16, 'a later generation has a number and an id of 16 bytes')
    out.number(value.number).raw(id)
  },
  read: (from) => {
    const number = from.number()
    if (number === 0) throw new BytesError('the first generation has no id')
    return { number, id: toHex(from.raw(16)) }
  },
}

/** Runs as (numbers left out since the last run - 1, length - 1): one form only for each set. Never empty. */
export const intervals: Field<Intervals> = {
  shape: '[{gap:number more:number}](intervalsMax)',
  write: (out, value) => {
    invariant(value.length > 0 && value.length % 2 === 0, 'an answer names at least one entry')
    out.number(value.length / 2)
    let end = -1
    for (let i = 0; i < value.length; i += 2) {
      const first = value[i] ?? 0
      const last = value[i + 1] ?? 0
      out.number(first - end - 2).number(last - first)
      end = last
    }
  },
  read: (from, limits) => {
    const count = readCount(from, limits, 'intervalsMax')
    if (count === 0) throw new BytesError('no entry is named')
    const value: number[] = []
    let end = -1
    for (let i = 0; i < count; i++) {
      const first = end + 2 + from.number()
      end = first + from.number()
      if (!Number.isSafeInteger(end)) throw new BytesError('number over 2^53 - 1')
      value.push(first, end)
    }
    return value
  },
}

const collections: Field<readonly CollectionName[]> = list(name(collectionName), 'interestNamesMax')
const entities: Field<readonly EntityKey[]> = list(name(parseEntityKey), 'interestNamesMax')

/** In canonical order only. */
export const interest: Field<Interest> = {
  shape: `{collections:${collections.shape} entities:${entities.shape}}`,
  write: (out, value) => {
    collections.write(out, value.collections)
    entities.write(out, value.entities)
  },
  read: (from, limits) => {
    const value = { collections: collections.read(from, limits), entities: entities.read(from, limits) }
    const whole = new Set<string>(value.collections)
    if (
      !ascends(value.collections) ||
      !ascends(value.entities) ||
      value.entities.some((key) => whole.has(key.split('/', 1)[0] ?? ''))
    )
      throw new BytesError('an interest is not in canonical order')
    return value
  },
}

const ascends = (names: readonly string[]): boolean => names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name)

export const limitTable: Field<Limits> = {
  shape: 'limits',
  write: (out, value) => {
    for (const name of limitNames) out.number(value[name])
  },
  read: (from) => {
    const value = Object.fromEntries(limitNames.map((name) => [name, from.number()])) as unknown as Limits
    const checked = checkLimits(value)
    if (!checked.ok) throw new BytesError(checked.error)
    return value
  },
}
