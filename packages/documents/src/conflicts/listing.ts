import { wallOf } from '@rejoin/base'
import type { WriterId } from '@rejoin/base'
import { canonicalJson, fieldsOf, writerOf } from '@rejoin/schema'
import type { Collection, Field } from '@rejoin/schema'
import type { Survivor, WriteId } from '../engine.ts'
import type { ClientIdSource } from '../client-ids.ts'
import type { EntityDocument } from '../entity/document.ts'
import type { EntityDocuments } from '../entity/documents.ts'
import type { Competing, Conflict } from './conflict.ts'

/** Tells who made a write; `documents` alone knows its own writer, the client knows users. */
export interface Names {
  by(client: number): string | undefined
  mine(client: number): boolean
}

/** Without anybody who knows better, writers are named by their client ids. */
export const namesOf = (clientIds: ClientIdSource, writer: WriterId): Names => {
  const mine = (client: number): boolean => clientIds.all?.().includes(client) ?? false
  return { mine, by: (client) => (mine(client) ? writer : client.toString(16).padStart(8, '0')) }
}

/** Every open conflict of an entity, in the order of its parts and keys. */
export function conflictsIn(collection: Collection, documents: EntityDocuments, names: Names): readonly Conflict[] {
  const conflicts: Conflict[] = []
  for (const document of documents.all) {
    if (document.field !== '' || !document.opened) continue
    for (const key of [...document.stored.registers.contested()].sort()) {
      const conflict = conflictAt(collection, document, key, names)
      if (conflict !== undefined) conflicts.push(conflict)
    }
  }
  return conflicts
}

function conflictAt(collection: Collection, document: EntityDocument, key: string, names: Names): Conflict | undefined {
  const place = placeOf(collection, document, key)
  if (place === undefined || place.field.policy !== 'manual') return undefined
  const values = competing(place.field, document.stored.registers.survivors(key), names)
  const shown = values.at(-1)
  if (shown === undefined || !areDisputed(values)) return undefined
  const { part } = document
  const { field, member } = place
  return { id: `${part}/${key}`, part, field: field.name, member, values, suggestion: shown.value }
}

export interface Place {
  readonly field: Field
  readonly member: string | undefined
}

/** The field to which a key of the registers belongs, where single values compete in it. */
export function placeOf(collection: Collection, { part }: EntityDocument, key: string): Place | undefined {
  const slash = key.indexOf('/')
  const [family, member] = slash < 0 ? [key, undefined] : [key.slice(0, slash), key.slice(slash + 1)]
  const kind = member === undefined ? 'register' : 'map'
  const writer = writerOf(part)
  const field = fieldsOf(collection).find((each) => each.part === writer && each.key === family && each.kind === kind)
  return field && { field, member }
}

function competing(field: Field, survivors: readonly Survivor[], names: Names): readonly Competing[] {
  return survivors.flatMap(({ client, clock, stamp, value: stored }) => {
    const value = field.fit(stored)
    if (!value.ok) return []
    return [{ client, clock, value: value.value, at: wallOf(stamp), by: names.by(client), mine: names.mine(client) }]
  })
}

/** Equal values are no conflict. */
export function areDisputed(values: readonly Pick<Competing, 'value'>[]): boolean {
  const [first] = values
  if (first === undefined) return false
  const text = canonicalJson(first.value)
  return values.some(({ value }) => canonicalJson(value) !== text)
}

export const nameOfWrite = ({ client, clock }: WriteId): string => `${client}.${clock}`
