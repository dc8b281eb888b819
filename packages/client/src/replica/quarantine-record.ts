import { ByteReader, ByteWriter, BytesError, isErrorKind, parseDocumentKey, documentKey, spaceId } from '@rejoin/base'
import type { DocumentKey, ErrorKind, Result, SpaceId } from '@rejoin/base'
import type { Change, Told } from '@rejoin/documents'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'
import { decodeRow, encodeRow } from './row.ts'
import type { LocalRow } from './row.ts'

/**
 * What a write did to the document as it stood before. `too-large`: it takes more than `changesBytesMax`, and only the
 * bytes are kept; `unreadable`: it builds on what is damaged, or no engine can read it.
 */
export type KeptChanges = Told | 'too-large' | 'unreadable'

/** Writes that were refused: kept as they were made, with the reason, until a person decides. */
export interface QuarantineRecord {
  readonly space: SpaceId
  readonly document: DocumentKey
  readonly kind: ErrorKind
  readonly message: string
  /** Milliseconds since 1970, by this device. */
  readonly at: number
  readonly row: LocalRow
  /** What each of the row's writes did. */
  readonly changes: readonly KeptChanges[]
  /** To how many documents the transaction of each of them wrote: it is to be there whole, or not to be made again. */
  readonly parts: readonly number[]
  /** They were sent, and nobody knows what became of them: the server may have them. */
  readonly unanswered: boolean
}

/** Of the changes of one write, as JSON; in characters, which for most of what people write are bytes. */
const changesBytesMax = 256 * 1024

export function encodeQuarantine(record: QuarantineRecord): Uint8Array {
  const body = new ByteWriter().text(record.space).text(record.document).text(record.kind).text(record.message)
  body
    .number(Math.max(0, Math.floor(record.at)))
    .bytes(encodeRow(record.row))
    .byte(record.unanswered ? 1 : 0)
  for (const index of record.row.writes.keys()) {
    writeChanges(body, record.changes[index] ?? 'unreadable')
    body.number(record.parts[index] ?? 1)
  }
  return sealRecord(body)
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
    // What was refused before changes were kept has none.
    const isOld = body.remaining === 0
    const unanswered = !isOld && body.byte() === 1
    const changes: KeptChanges[] = []
    const parts: number[] = []
    for (const _ of row.value.writes) {
      changes.push(isOld ? 'unreadable' : readChanges(body))
      parts.push(isOld ? 1 : body.number())
    }
    return { space, document, kind, message, at, row: row.value, changes, parts, unanswered }
  })

function writeChanges(body: ByteWriter, changes: KeptChanges): void {
  if (changes === 'unreadable') body.byte(0)
  else if (changes === 'too-large') body.byte(3)
  else {
    const text = JSON.stringify(changes.changes)
    if (text.length > changesBytesMax) body.byte(3)
    else body.byte(changes.whole ? 1 : 2).text(text)
  }
}

function readChanges(body: ByteReader): KeptChanges {
  const kind = body.byte()
  if (kind === 0) return 'unreadable'
  if (kind === 3) return 'too-large'
  return { changes: parse(body.text()), whole: kind === 1 }
}

/** The text is our own, and has its checksum. */
function parse(text: string): readonly Change[] {
  try {
    return JSON.parse(text) as readonly Change[]
  } catch {
    throw new BytesError('no JSON')
  }
}
