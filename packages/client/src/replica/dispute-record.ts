import { ByteWriter } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Disputes } from '@rejoin/documents'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/** What competes in an entity, as its view was derived: there only if something does. */
export const encodeDisputes = (disputes: Disputes): Uint8Array =>
  sealRecord(new ByteWriter().text(JSON.stringify(disputes)))

/** A cache, as views are: what cannot be read is derived again. */
export const decodeDisputes = (bytes: Uint8Array): Result<Disputes, Damage> =>
  openRecord(bytes, (body) => JSON.parse(body.text()))
