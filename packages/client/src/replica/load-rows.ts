import { parseDocumentKey, rootKey, spaceId } from '@rejoin/base'
import type { DocumentKey, Generation, SpaceId } from '@rejoin/base'
import type { RowInfo } from '@rejoin/outbox'
import type { Store } from '@rejoin/storage'
import { rowInfo } from '../upstream/writing.ts'
import { decodeBase, emptyBase } from './base-record.ts'
import { keys, numberOf, partsOf, under } from './keys.ts'
import type { Read } from './load.ts'
import { documentOf } from './reading.ts'
import { decodeRow } from './row.ts'
import type { LocalRow } from './row.ts'

export interface WaitingRow {
  readonly info: RowInfo
  readonly record: LocalRow
}

/** The rows that the server has not acknowledged. */
export interface WaitingRows {
  readonly rows: readonly WaitingRow[]
  /** Those that cannot be read. */
  readonly damaged: readonly { readonly row: number; readonly space: SpaceId; readonly document: DocumentKey }[]
}

/** How many rows are in memory as bytes at a time. */
const pageRows = 500

export async function loadRows(store: Store, read: Read): Promise<WaitingRows> {
  const places = (await store.scan(under('waiting'))).map(([, bytes]) => new TextDecoder().decode(bytes))
  const generations = new Map<string, Generation>()
  const rows: WaitingRow[] = []
  const damaged: { row: number; space: SpaceId; document: DocumentKey }[] = []
  for (let start = 0; start < places.length; start += pageRows) {
    const page = places.slice(start, start + pageRows)
    const found = await store.get(page)
    for (const [index, place] of page.entries()) {
      const bytes = found[index]
      if (bytes === undefined) continue
      const at = placeOf(place)
      const record = read(place, bytes, decodeRow)
      if (record === undefined) damaged.push(at)
      if (record?.kind !== 'local') continue
      const { row, space, document } = at
      const generation = await generationOf(store, generations, space, document)
      const size = record.writes.reduce((sum, write) => sum + write.update.bytes.length, 0)
      rows.push({
        info: rowInfo(row, space, document, generation, record, rootKey(parseDocumentKey(document)), size),
        record,
      })
    }
  }
  return { rows, damaged }
}

function placeOf(key: string): { readonly row: number; readonly space: SpaceId; readonly document: DocumentKey } {
  const [, space = '', , number = ''] = partsOf(key)
  return { row: numberOf(number), space: spaceId(space), document: documentOf(key) }
}

/** A base that is damaged is found, and dealt with, when its document is read. */
async function generationOf(
  store: Store,
  known: Map<string, Generation>,
  space: SpaceId,
  document: DocumentKey,
): Promise<Generation> {
  const key = keys.base(space, document)
  const before = known.get(key)
  if (before !== undefined) return before
  const [bytes] = await store.get([key])
  const base = bytes === undefined ? undefined : decodeBase(bytes)
  const generation = base?.ok === true ? base.value.generation : emptyBase.generation
  known.set(key, generation)
  return generation
}
