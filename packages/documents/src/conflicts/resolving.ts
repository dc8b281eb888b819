import { RejoinError, wallOf } from '@rejoin/base'
import { acceptValue, badValue } from '@rejoin/schema'
import type { Collection, Json } from '@rejoin/schema'
import { FieldAccess } from '../draft/scope.ts'
import type { EditScope } from '../draft/scope.ts'
import type { EntityDocument } from '../entity/document.ts'
import type { EntityDocuments } from '../entity/documents.ts'
import { settleValue } from '../fields/values.ts'
import type { Competing, Conflict, Resolution, Resolved } from './conflict.ts'
import { nameOfWrite, placeOf } from './listing.ts'
import type { Names } from './listing.ts'

/** Resolutions are kept under this, each with an id of its own, in the part that they settle something in. */
const auditPrefix = '@resolved/'

/**
 * Writes the chosen value over those that were shown, and no others: what has come since competes on. Leaves an entry
 * for the audit. Inside an edit; throws `not-found` if none of what was shown is there any more.
 */
export function resolveConflict(
  collection: Collection,
  documents: EntityDocuments,
  scope: EditScope,
  conflict: Conflict,
  resolution: Resolution,
): void {
  const document = documents.find({ part: conflict.part, field: '' })
  const key = conflict.id.slice(conflict.part.length + 1)
  const place = document === undefined ? undefined : placeOf(collection, document, key)
  const standing = document?.opened === true ? document.stored.registers.survivors(key) : []
  const shown = new Set(conflict.values.map(nameOfWrite))
  const seen = standing.filter((one) => shown.has(nameOfWrite(one)))
  if (document === undefined || place === undefined || seen.length === 0)
    throw new RejoinError('not-found', `The conflict ${conflict.id} is resolved already.`)
  const { field } = place
  writable(document, new FieldAccess(field, scope))
  const kept = acceptValue(
    field,
    chosen(conflict, resolution, (what) => badValue(field, what)),
  )
  settleValue(field, document.registers, key, kept, seen)
  const lost = conflict.values.map(({ value, at, by }) => (by === undefined ? { value, at } : { value, at, by }))
  const member = place.member === undefined ? {} : { member: place.member }
  const client = scope.clientOf(document)
  document.registers.put(`${auditPrefix}${document.nextId(client)}`, { field: field.key, ...member, kept, lost })
}

/** Of the parts of owners only one's own. */
function writable({ part }: EntityDocument, access: FieldAccess): void {
  access.writing()
  if (access.document.part !== part)
    throw new RejoinError('read-only-part', `Field ${access.field.name} of ${part} is resolved by its owner.`)
}

function chosen({ values }: Conflict, resolution: Resolution, bad: (what: string) => RejoinError): unknown {
  if (typeof resolution === 'function') return resolution(values)
  if (typeof resolution === 'object') return resolution.value
  if (resolution !== 'mine' && resolution !== 'theirs')
    throw bad("it is resolved by { value }, 'mine', 'theirs' or a function")
  // What nobody here can tell apart is not guessed: one's own other device may be among them.
  if (values.some(({ by }) => by === undefined))
    throw bad('who wrote one of the competing values is not known here; resolve it by { value }')
  const found = values.filter(({ mine }) => mine === (resolution === 'mine')).at(-1)
  if (found === undefined) throw bad(`none of the competing values is ${resolution}`)
  return found.value
}

/** Every resolution that the entity holds, oldest first. */
export function resolutionsIn(collection: Collection, documents: EntityDocuments, names: Names): readonly Resolved[] {
  const found: Resolved[] = []
  for (const document of documents.all) {
    if (document.field !== '' || !document.opened) continue
    const { registers } = document.stored
    for (const key of registers.keys()) {
      if (!key.startsWith(auditPrefix)) continue
      for (const { client, stamp, value } of registers.survivors(key)) {
        const entry = toResolved(value)
        const place =
          entry && placeOf(collection, document, entry.member === undefined ? entry.field : `${entry.field}/`)
        if (entry === undefined || place === undefined) continue
        const { part } = document
        found.push({ ...entry, field: place.field.name, part, at: wallOf(stamp), by: names.by(client) })
      }
    }
  }
  return found.sort((a, b) => a.at - b.at)
}

/** Undefined for what an entry of ours cannot be: anybody may write the registers. */
function toResolved(value: Json): Pick<Resolved, 'field' | 'member' | 'kept' | 'lost'> | undefined {
  if (typeof value !== 'object' || value === null || !('field' in value) || !('lost' in value)) return undefined
  const { field, member, kept = null, lost } = value
  if (typeof field !== 'string' || (member !== undefined && typeof member !== 'string')) return undefined
  if (!Array.isArray(lost) || !lost.every(isLost)) return undefined
  return { field, member, kept, lost: lost.map(({ value, at, by }) => ({ value, at, by })) }
}

const isLost = (entry: unknown): entry is Pick<Competing, 'value' | 'at' | 'by'> =>
  typeof entry === 'object' &&
  entry !== null &&
  'value' in entry &&
  'at' in entry &&
  typeof entry.at === 'number' &&
  (!('by' in entry) || typeof entry.by === 'string')
