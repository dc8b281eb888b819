import { ByteWriter } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/** A view as lists show it, `null` where the entity does not exist (yet); or the mark that it must be derived again. */
export type ViewRecord =
  | { readonly stale: true }
  | {
      readonly stale: false
      /** By which schema it was made: 32 bits of its fingerprint. */
      readonly schema: number
      readonly view: Readonly<Record<string, unknown>> | null
    }

const staleRecord = sealRecord(new ByteWriter().byte(0))

export function encodeView(record: ViewRecord): Uint8Array {
  if (record.stale) return staleRecord
  return sealRecord(new ByteWriter().byte(2).fixed32(record.schema).text(JSON.stringify(record.view)))
}

/** A cache is never worth a failure: what cannot be read is stale. */
export const decodeView = (bytes: Uint8Array): Result<ViewRecord, Damage> =>
  openRecord(bytes, (body) => {
    const form = body.byte()
    if (form === 2) return { stale: false, schema: body.fixed32(), view: JSON.parse(body.text()) }
    // Made when a view did not say by which schema.
    if (form === 1) body.text()
    return { stale: true }
  })
