import { ByteWriter, BytesError, isErrorKind, parseDocumentKey, documentKey, spaceId } from '@rejoin/base'
import type { DocumentKey, ErrorKind, Result, SpaceId } from '@rejoin/base'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'
import { decodeRow, encodeRow } from './row.ts'
import type { LocalRow } from './row.ts'

/** Writes that were refused: kept as they were made, with the reason, until a person decides. */
export interface QuarantineRecord {
  readonly space: SpaceId
  readonly document: DocumentKey
  readonly kind: ErrorKind
  readonly message: string
  /** Milliseconds since 1970, by this device. */
  readonly at: number
  readonly row: LocalRow
}

export function encodeQuarantine(record: QuarantineRecord): Uint8Array {
  const body = new ByteWriter().text(record.space).text(record.document).text(record.kind).text(record.message)
  return sealRecord(body.number(Math.max(0, Math.floor(record.at))).bytes(encodeRow(record.row)))
}

export const decodeQuarantine = (bytes: Uint8Array): Result<QuarantineRecord, Damage> =>
  openRecord(bytes, (body) => {
    const space = spaceId(body.text())
    const document = documentKey(parseDocumentKey(body.text()))
    const kind = body.text()
    const message = body.text()
    const at = body.number()
    const row = decodeRow(body.bytes())
    if (!isErrorKind(kind) || !row.ok || row.value.kind !== 'local') throw new BytesError('of an unknown kind')
    return { space, document, kind, message, at, row: row.value }
  })
