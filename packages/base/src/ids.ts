import { RejoinError } from './error.ts'
import { toHex } from './hex.ts'
import type { Random } from './ports.ts'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type TenantId = Branded<'TenantId'>
export type UserId = Branded<'UserId'>
export type SpaceId = Branded<'SpaceId'>
export type CollectionName = Branded<'CollectionName'>
export type EntityId = Branded<'EntityId'>
export type FieldName = Branded<'FieldName'>
/** One open of a store: 16 random bytes as hex, never taken up again to write under. */
export type WriterId = Branded<'WriterId'>
/** One durable local store: 16 random bytes as hex. */
export type DeviceId = Branded<'DeviceId'>

const idPattern = /^[A-Za-z0-9._~-]{1,128}$/
const opaquePattern = /^[0-9a-f]{32}$/
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', '.', '..'])

export const isId = (text: unknown): text is string =>
  typeof text === 'string' && idPattern.test(text) && !reserved.has(text)

function parser<Id extends string>(what: string): (text: string) => Id {
  return (text) => {
    if (!isId(text))
      throw new RejoinError('bad-id', `${JSON.stringify(String(text).slice(0, 40))} is not a valid ${what}.`)
    return text as unknown as Id
  }
}

export const tenantId: (text: string) => TenantId = parser<TenantId>('tenant id')
export const userId: (text: string) => UserId = parser<UserId>('user id')
export const spaceId: (text: string) => SpaceId = parser<SpaceId>('space id')
export const collectionName: (text: string) => CollectionName = parser<CollectionName>('collection name')
export const entityId: (text: string) => EntityId = parser<EntityId>('entity id')
export const fieldName: (text: string) => FieldName = parser<FieldName>('field name')

export const isOpaqueId = (text: string): boolean => opaquePattern.test(text)

function opaqueParser<Id extends string>(what: string): (text: string) => Id {
  return (text) => {
    if (!isOpaqueId(text))
      throw new RejoinError('bad-id', `${JSON.stringify(text.slice(0, 40))} is not a valid ${what}.`)
    return text as unknown as Id
  }
}

export const writerId: (text: string) => WriterId = opaqueParser<WriterId>('writer id')
export const deviceId: (text: string) => DeviceId = opaqueParser<DeviceId>('device id')
export const newWriterId = (random: Random): WriterId => writerId(toHex(random.bytes(16)))
export const newDeviceId = (random: Random): DeviceId => deviceId(toHex(random.bytes(16)))

/** Sorts by time of creation (48 bits of milliseconds), then at random (80 bits). */
export function newEntityId(nowMs: number, random: Random): EntityId {
  const time = Math.max(0, Math.floor(nowMs)).toString(16).padStart(12, '0').slice(-12)
  return entityId(time + toHex(random.bytes(10)))
}
