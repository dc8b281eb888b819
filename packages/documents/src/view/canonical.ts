import { toHex } from '@rejoin/base'
import type { EntityId } from '@rejoin/base'
import type { Collection } from '@rejoin/schema'
import { digest } from 'lib0/hash/sha256'
import type { EntityDocument } from '../entity/document.ts'
import type { EntityDocuments } from '../entity/documents.ts'
import { readStored } from './view.ts'
import type { Misfit } from './view.ts'

/**
 * The entity as one text, for comparing replicas: its fields, and all surviving values of its registers with
 * their stamps, so that also a concurrent value that lost is compared. Without what an app derives of them. Equal wherever the same updates
 * arrived, in whatever order and encoding; never made of the bytes, which differ.
 */
export function canonicalOf(collection: Collection, id: EntityId, documents: EntityDocuments): string {
  const registers = [...documents.all].filter((document) => document.field === '' && isUsed(document))
  const misfits: Misfit[] = []
  const fields = readStored(collection, id, documents, misfits)
  return canonicalText({
    collection: collection.name,
    view: fields,
    survivors: Object.fromEntries(registers.map((document) => [document.part, survivorsOf(document)])),
    // Some come in the order in which the engine lists them, which is no part of the state.
    misfits: misfits.map((misfit) => canonicalText(misfit)).sort(),
  })
}

/** An owner's part in which nothing stands is none, whether it was looked at here or not. */
const isUsed = (document: EntityDocument): boolean =>
  !document.part.startsWith('owner:') || (document.opened && !isEmpty(document.stored.registers.keys()))

const isEmpty = (keys: Iterable<string>): boolean => keys[Symbol.iterator]().next().done === true

/** SHA-256 of the text, as hex. */
export const canonicalHash = (text: string): string => toHex(digest(new TextEncoder().encode(text)))

function survivorsOf(document: EntityDocument): ReadonlyMap<string, unknown> {
  if (!document.opened) return new Map()
  const registers = document.stored.registers
  return new Map(
    [...registers.keys()].map((key) => [key, registers.survivors(key).map(({ stamp, value }) => [stamp, value])]),
  )
}

/** Stored values of a hostile client may be no JSON: every value has a text, and none can overflow the stack. */
const depthMax = 80

function canonicalText(value: unknown, depth = 0): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : `<${value}>`
  if (typeof value !== 'object') return `<${typeof value}${typeof value === 'bigint' ? ` ${value}` : ''}>`
  if (depth > depthMax) return '<deep>'
  if (value instanceof Uint8Array) return `<bytes ${toHex(value)}>`
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, depth + 1)).join()}]`
  const members = value instanceof Map ? [...value] : Object.entries(value)
  const texts = members
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member, depth + 1)}`)
  return `{${texts.sort().join()}}`
}
