import { ByteWriter } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/**
 * A view as lists show it, `null` where the entity does not exist (yet), or not any more; or the mark that it must be
 * derived again.
 */
export type ViewRecord =
  | { readonly stale: true }
  | {
      readonly stale: false
      /** By which schema it was made: 32 bits of its fingerprint. */
      readonly schema: number
      readonly view: Readonly<Record<string, unknown>> | null
      /** The entity was deleted. */
      readonly isDeleted: boolean
    }

const staleRecord = sealRecord(new ByteWriter().byte(0))

export function encodeView(record: ViewRecord): Uint8Array {
  if (record.stale) return staleRecord
  const body = new ByteWriter().byte(record.isDeleted ? 2 : 1).fixed32(record.schema)
  return sealRecord(record.isDeleted ? body : body.text(JSON.stringify(record.view)))
}

/** A cache is never worth a failure: what cannot be read is stale. */
export const decodeView = (bytes: Uint8Array): Result<ViewRecord, Damage> =>
  openRecord(bytes, (body) => {
    const kind = body.byte()
    if (kind === 0) return { stale: true }
    const schema = body.fixed32()
    const isDeleted = kind === 2
    return { stale: false, schema, view: isDeleted ? null : JSON.parse(body.text()), isDeleted }
  })
