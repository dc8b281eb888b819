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
      readonly view: Readonly<Record<string, unknown>> | null
      /** The entity was deleted. */
      readonly isDeleted: boolean
    }

const staleRecord = sealRecord(new ByteWriter().byte(0))
const deletedRecord = sealRecord(new ByteWriter().byte(2))

export function encodeView(record: ViewRecord): Uint8Array {
  if (record.stale) return staleRecord
  if (record.isDeleted) return deletedRecord
  return sealRecord(new ByteWriter().byte(1).text(JSON.stringify(record.view)))
}

/** A cache is never worth a failure: what cannot be read is stale. */
export const decodeView = (bytes: Uint8Array): Result<ViewRecord, Damage> =>
  openRecord(bytes, (body) => {
    const kind = body.byte()
    if (kind === 0) return { stale: true }
    const isDeleted = kind === 2
    return { stale: false, view: isDeleted ? null : JSON.parse(body.text()), isDeleted }
  })
