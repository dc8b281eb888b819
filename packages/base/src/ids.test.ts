import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { documentKey, parseDocumentKey } from './document.ts'
import type { Part } from './document.ts'
import { RejoinError } from './error.ts'
import { fromHex, toHex } from './hex.ts'
import {
  collectionName,
  entityId,
  fieldName,
  isId,
  newDeviceId,
  newEntityId,
  newWriterId,
  userId,
  writerId,
} from './ids.ts'

const letters = 'ABCXYZabcxyz019._~-'
const anyId = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 128 }).filter(isId)
const random = { bytes: (count: number) => Uint8Array.from({ length: count }, (_, i) => i * 7), float: () => 0.5 }
const kindOf = (act: () => unknown): string | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof RejoinError ? error.kind : 'not ours'
  }
}

describe('ids', () => {
  test.each([
    '',
    'a/b',
    '../x',
    '.',
    '..',
    '__proto__',
    'constructor',
    'prototype',
    'é',
    'a b',
    'a\u0000',
    'a\r\n',
    '%2e',
    "x'; DROP TABLE--",
    'x'.repeat(129),
  ])('[BA1] %j is no id', (text) => {
    expect(kindOf(() => entityId(text))).toBe('bad-id')
    expect(kindOf(() => userId(text))).toBe('bad-id')
  })

  test('[BA1] an id stays as it is; an opaque id is 32 hexadecimal digits', () => {
    fc.assert(fc.property(anyId, (id) => void expect(entityId(id)).toBe(id)))
    expect(newWriterId(random)).toHaveLength(32)
    expect(newDeviceId(random)).toBe(newWriterId(random))
    expect(kindOf(() => writerId('ABC'))).toBe('bad-id')
  })

  test('[BA11] an entity made later sorts later', () => {
    const moments = [0, 1, 1_000, 1_600_000_000_000, 1_900_000_000_000]
    const ids = moments.map((now) => newEntityId(now, random))
    expect([...ids].sort()).toEqual(ids)
  })
})

describe('document keys', () => {
  const anyPart: fc.Arbitrary<Part> = fc.oneof(
    fc.constant('shared' as const),
    fc.constant('server' as const),
    anyId.map((user) => `owner:${userId(user)}` as const),
  )

  test('[BA2] a key is read back to its address', () => {
    fc.assert(
      fc.property(anyId, anyId, anyPart, fc.option(anyId, { nil: '' }), (collection, entity, part, field) => {
        const address = {
          collection: collectionName(collection),
          entity: entityId(entity),
          part,
          field: field === '' ? ('' as const) : fieldName(field),
        }
        expect(parseDocumentKey(documentKey(address))).toEqual(address)
      }),
    )
  })

  test.each([
    '',
    'notes',
    'notes/1',
    'notes/1/shared',
    'notes/1/shared/a/b',
    'notes/1/mine/',
    'notes/1/owner:/',
    '/1/shared/',
    'notes//shared/',
  ])('[BA2] %j is no key', (text) => {
    expect(kindOf(() => parseDocumentKey(text))).toBe('bad-id')
  })
})

test('[BA12] hexadecimal text is read back, other text is not', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void expect(fromHex(toHex(bytes))).toEqual(bytes)))
  for (const text of ['a', 'zz', 'AB', '0x', ' 00']) expect(fromHex(text)).toBeUndefined()
})
