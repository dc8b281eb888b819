import { ByteWriter } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/** The key of a row that the server has not acknowledged. */
export const encodeWaiting = (key: string): Uint8Array => sealRecord(new ByteWriter(key.length + 8).text(key))

export const decodeWaiting = (bytes: Uint8Array): Result<string, Damage> => openRecord(bytes, (body) => body.text())
