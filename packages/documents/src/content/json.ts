import { RejoinError } from '@rejoin/base'
import { isKey } from '@rejoin/schema'
import type { Json } from '../engine.ts'

export const depthMax = 64
/** Stored values have others around them: an item its place, what lost in a conflict the list of all that lost. */
const storedDepthMax = depthMax + 3

/**
 * A frozen copy to hand to an engine, which may keep the very object: one that its owner changes later would differ
 * from what the others got. Throws `bad-value` on what they could not read back equal.
 */
export function storedJson(value: Json): Json {
  const copy = copyJson(value, 0)
  if (copy === undefined || !freezeJson(copy)) throw new RejoinError('bad-value', 'The value cannot be stored as JSON.')
  return copy
}

/**
 * A frozen copy of what an editor keeps in a document, undefined if it is no JSON. Its own objects stay as they
 * are; members without a value and objects without a prototype, which never leave this device, read as they arrive.
 */
export function shownJson(value: unknown, depth = 0): Json | undefined {
  if (typeof value !== 'object' || value === null) return freezeJson(value) ? value : undefined
  if (depth >= depthMax) return undefined
  if (Array.isArray(value)) {
    const items = value.map((item) => shownJson(item, depth + 1))
    return items.includes(undefined) ? undefined : Object.freeze(items.filter((item) => item !== undefined))
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  const members: [string, Json][] = []
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    const inner = shownJson(item, depth + 1)
    if (inner === undefined || !isKey(key)) return undefined
    members.push([key, inner])
  }
  return Object.freeze(Object.fromEntries(members))
}

/** Whether a decoded value is JSON as we write it; if so, it is frozen, and asking again is cheap. */
export function freezeJson(value: unknown, depth = 0): value is Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      // Only this function freezes values of a document, from the inside out.
      return value === null || Object.isFrozen(value) || (depth < storedDepthMax && freezeObject(value, depth))
    default:
      return false
  }
}

function freezeObject(value: object, depth: number): boolean {
  if (Array.isArray(value)) {
    for (const item of value) if (!freezeJson(item, depth + 1)) return false
  } else {
    // A `__proto__` key in the bytes shows as a foreign prototype once Yjs has decoded them.
    if (Object.getPrototypeOf(value) !== Object.prototype) return false
    for (const [key, item] of Object.entries(value)) if (!isKey(key) || !freezeJson(item, depth + 1)) return false
  }
  Object.freeze(value)
  return true
}

function copyJson(value: Json, depth: number): Json | undefined {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= storedDepthMax) return undefined
  if (isArray(value)) return copyArray(value, depth)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  const copy: [string, Json][] = []
  for (const [key, item] of Object.entries(value)) {
    const inner = copyJson(item, depth + 1)
    if (inner === undefined) return undefined
    copy.push([wellFormed(key), inner])
  }
  return Object.fromEntries(copy)
}

function copyArray(value: readonly Json[], depth: number): Json | undefined {
  const copy: Json[] = []
  for (const item of value) {
    const inner = copyJson(item, depth + 1)
    if (inner === undefined) return undefined
    copy.push(inner)
  }
  return copy
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value)

/** Lone surrogates cannot be sent as UTF-8: replaced before an engine keeps them here and sends something else. */
export const wellFormed = (text: string): string => text.toWellFormed()
