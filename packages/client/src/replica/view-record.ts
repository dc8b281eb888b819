import { ByteWriter } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/** A view as lists show it, `null` where the entity does not exist (yet); or the mark that it must be derived again. */
export type ViewRecord =
  | { readonly stale: true }
  | { readonly stale: false; readonly view: Readonly<Record<string, unknown>> | null }

const staleRecord = sealRecord(new ByteWriter().byte(0))

export function encodeView(record: ViewRecord): Uint8Array {
  if (record.stale) return staleRecord
  return sealRecord(new ByteWriter().byte(1).text(JSON.stringify(record.view)))
}

/** A cache is never worth a failure: what cannot be read is stale. */
export const decodeView = (bytes: Uint8Array): Result<ViewRecord, Damage> =>
  openRecord(bytes, (body) => (body.byte() === 0 ? { stale: true } : { stale: false, view: JSON.parse(body.text()) }))
