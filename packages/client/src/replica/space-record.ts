import { ByteReader, ByteWriter, BytesError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { interestIn, parseToken } from '@rejoin/protocol'
import type { Interest, Token } from '@rejoin/protocol'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/** How far this replica durably holds everything of an interest. */
export interface StreamCursor {
  readonly interest: Interest
  readonly token: Token
}

export interface SpaceRecord {
  /** Which kind of space it is to the app; decides which collections live in it. */
  readonly kind: string
  /** Greatest token ever seen of this space, in acknowledgements too. */
  readonly seen: Token
  readonly cursors: readonly StreamCursor[]
}

export function encodeSpace(record: SpaceRecord): Uint8Array {
  const body = new ByteWriter().text(record.kind).bytes(record.seen).number(record.cursors.length)
  for (const { interest, token } of record.cursors) {
    writeTexts(body, interest.collections)
    writeTexts(body, interest.entities)
    body.bytes(token)
  }
  return sealRecord(body)
}

export const decodeSpace = (bytes: Uint8Array): Result<SpaceRecord, Damage> =>
  openRecord(bytes, (body) => {
    const kind = body.text()
    const seen = readToken(body)
    const cursors: StreamCursor[] = []
    for (let left = body.number(); left > 0; left--)
      cursors.push({ interest: interestIn(readTexts(body), readTexts(body)), token: readToken(body) })
    return { kind, seen, cursors }
  })

function readToken(body: ByteReader): Token {
  const token = parseToken(body.bytes().slice())
  if (!token.ok) throw new BytesError(token.error)
  return token.value
}

function writeTexts(body: ByteWriter, texts: readonly string[]): void {
  body.number(texts.length)
  for (const text of texts) body.text(text)
}

function readTexts(body: ByteReader): readonly string[] {
  const texts: string[] = []
  for (let left = body.number(); left > 0; left--) texts.push(body.text())
  return texts
}
