import { ByteWriter, firstGeneration } from '@rejoin/base'
import type { Generation, Result } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'
import { readUpdate, writeUpdate } from './row.ts'

/** What a document is on disk, besides its tail rows. */
export interface Base {
  readonly generation: Generation
  /** How often the document was rebuilt on this replica. */
  readonly branch: number
  /** Whole state without the writes that still wait; undefined while the tail rows are all there is. */
  readonly snapshot: Update | undefined
}

export const emptyBase: Base = { generation: firstGeneration, branch: 0, snapshot: undefined }

export function encodeBase(base: Base): Uint8Array {
  const body = new ByteWriter((base.snapshot?.bytes.length ?? 0) + 64)
  body.number(base.generation.number).text(base.generation.id).number(base.branch)
  if (base.snapshot === undefined) body.byte(0)
  else writeUpdate(body.byte(1), base.snapshot)
  return sealRecord(body)
}

export const decodeBase = (bytes: Uint8Array): Result<Base, Damage> =>
  openRecord(bytes, (body) => ({
    generation: { number: body.number(), id: body.text() },
    branch: body.number(),
    snapshot: body.byte() === 0 ? undefined : readUpdate(body),
  }))
