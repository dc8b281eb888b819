import { parseDocumentKey, rootKey, spaceId } from '@rejoin/base'
import type { DocumentKey, Generation, SpaceId } from '@rejoin/base'
import type { RowInfo } from '@rejoin/outbox'
import type { Store } from '@rejoin/storage'
import { rowInfo } from '../upstream/writing.ts'
import { decodeBase, emptyBase } from './base-record.ts'
import { keys, numberOf, partsOf, under } from './keys.ts'
import type { Read } from './load.ts'
import { keysIn } from './pages.ts'
import { documentOf } from './reading.ts'
import { decodeRow } from './row.ts'
import type { LocalRow } from './row.ts'
import { decodeWaiting } from './waiting-record.ts'

export interface WaitingRow {
  readonly info: RowInfo
  readonly record: LocalRow
}

/** The rows that the server has not acknowledged. */
export interface WaitingRows {
  readonly rows: readonly WaitingRow[]
  /** Those that cannot be read, or were given up before. */
  readonly damaged: readonly { readonly row: number; readonly space: SpaceId; readonly document: DocumentKey }[]
  /** Keys of rows whose pointer is damaged. */
  readonly pointers: readonly string[]
}

/** How many rows are in memory as bytes at a time. */
const pageRows = 500

export async function loadRows(store: Store, read: Read): Promise<WaitingRows> {
  const { places, found: pointers } = await placesIn(store, read)
  const generations = new Map<string, Generation>()
  const rows: WaitingRow[] = []
  const damaged: { row: number; space: SpaceId; document: DocumentKey }[] = []
  for (let start = 0; start < places.length; start += pageRows) {
    const page = places.slice(start, start + pageRows)
    const found = await store.get(page)
    for (const [index, place] of page.entries()) {
      const bytes = found[index]
      const at = placeOf(place)
      const record = bytes === undefined ? undefined : read(place, bytes, decodeRow)
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
  return { rows, damaged, pointers }
}

/**
 * Where the waiting rows lie. A row whose pointer is damaged is looked for among all rows, and then among those that
 * were given up: the pointer told that one is missing there.
 */
async function placesIn(
  store: Store,
  read: Read,
): Promise<{ readonly places: readonly string[]; readonly found: readonly string[] }> {
  const places: string[] = []
  const missing = new Set<number>()
  for (const [key, bytes] of await store.scan(under('waiting'))) {
    const place = read(key, bytes, decodeWaiting)
    if (place === undefined) missing.add(numberOf(partsOf(key)[1] ?? ''))
    else places.push(place)
  }
  const found: string[] = []
  for (const aside of ['', 'lost|']) {
    if (missing.size === 0) break
    for await (const name of keysIn(store, under(`${aside}row`))) {
      const key = name.slice(aside.length)
      if (missing.delete(placeOf(key).row)) found.push(key)
    }
  }
  const inOrder = [...places, ...found].sort((a, b) => placeOf(a).row - placeOf(b).row)
  return { places: inOrder, found }
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
