import { parseDocumentKey, spaceId, writerId } from '@rejoin/base'
import type { Log, Random, Result, SpaceId, UserId, WriterId } from '@rejoin/base'
import type { Disputes } from '@rejoin/documents'
import type { Store } from '@rejoin/storage'
import { decodeAuthor } from './author-record.ts'
import { decodeDisputes } from './dispute-record.ts'
import { keys, numberOf, partsOf, under } from './keys.ts'
import { loadRows } from './load-rows.ts'
import type { WaitingRows } from './load-rows.ts'
import { decodeMeta, newMeta } from './meta.ts'
import type { MetaRecord } from './meta.ts'
import { keysIn } from './pages.ts'
import { decodeQuarantine } from './quarantine-record.ts'
import { documentOf } from './reading.ts'
import type { Damage } from './records.ts'
import { decodeSealed } from './sealed-record.ts'
import type { SealedRecord } from './sealed-record.ts'
import { decodeSpace } from './space-record.ts'
import type { SpaceRecord } from './space-record.ts'
import { decodeEntryNumbers, decodeWriter } from './writer-records.ts'
import type { EntryNumbers, WriterRecord } from './writer-records.ts'

/** What a replica must know before its first edit: no document, no view, only what is unfinished. */
export interface Loaded {
  readonly meta: MetaRecord
  readonly spaces: ReadonlyMap<SpaceId, SpaceRecord>
  /** Spaces whose record is damaged, with a collection of which there is something in it. */
  readonly lostSpaces: readonly { readonly space: SpaceId; readonly collection: string }[]
  readonly waiting: WaitingRows
  readonly sealed: readonly SealedRecord[]
  readonly writers: ReadonlyMap<WriterId, WriterRecord>
  readonly numbers: readonly { readonly writer: WriterId; readonly space: SpaceId; readonly numbers: EntryNumbers }[]
  /** What competed in entities, by key; undefined where that cannot be read. */
  readonly disputes: readonly (readonly [key: string, Disputes | undefined])[]
  /** Users of other writers. */
  readonly authors: readonly { readonly space: SpaceId; readonly writer: WriterId; readonly user: UserId }[]
  /** Writes in quarantine. */
  readonly quarantined: number
  /** Records that fail their checksum, as they are. */
  readonly damaged: readonly (readonly [key: string, bytes: Uint8Array])[]
  /** Keys of records that were found damaged before, and of those among them whose writes are lost. */
  readonly aside: readonly string[]
  readonly lost: readonly string[]
}

/** Reads one record, or notes that it is damaged. */
export type Read = <T>(
  key: string,
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => Result<T, Damage>,
) => T | undefined

export async function loadReplica(store: Store, random: Random, log: Log): Promise<Loaded> {
  const damaged: (readonly [string, Uint8Array])[] = []
  const read: Read = (key, bytes, decode) => {
    const decoded = decode(bytes)
    if (decoded.ok) return decoded.value
    damaged.push([key, bytes])
    log('error', 'store.damaged', { key })
    return undefined
  }
  const table = async <T>(
    name: string,
    decode: (bytes: Uint8Array) => Result<T, Damage>,
  ): Promise<readonly (readonly [readonly string[], T])[]> => {
    const found: (readonly [readonly string[], T])[] = []
    for (const [key, bytes] of await store.scan(under(name))) {
      const record = read(key, bytes, decode)
      if (record !== undefined) found.push([partsOf(key), record])
    }
    return found
  }
  const spaces = await table('space', decodeSpace)
  const lostSpaces = await collectionsIn(
    store,
    damaged.map(([key]) => spaceId(partsOf(key)[1] ?? '')),
  )
  const sealed = await table('entry', decodeSealed)
  const writers = await table('writer', decodeWriter)
  const numbers = await table('numbers', decodeEntryNumbers)
  const quarantined = await table('quarantine', decodeQuarantine)
  const waiting = await loadRows(store, read)
  return {
    meta: await loadMeta(store, random, read, waiting),
    spaces: new Map(spaces.map(([[, space = ''], record]) => [spaceId(space), record])),
    lostSpaces,
    waiting,
    sealed: sealed.map(([, record]) => record),
    writers: new Map(writers.map(([[, writer = ''], record]) => [writerId(writer), record])),
    numbers: numbers.map(([[, writer = '', space = ''], record]) => ({
      writer: writerId(writer),
      space: spaceId(space),
      numbers: record,
    })),
    disputes: await cached(store, log, 'dispute', decodeDisputes),
    authors: (await cached(store, log, 'author', decodeAuthor)).flatMap(([key, user]) => {
      const [, space = '', writer = ''] = partsOf(key)
      return user === undefined ? [] : [{ space: spaceId(space), writer: writerId(writer), user }]
    }),
    quarantined: quarantined.reduce((sum, [, { row }]) => sum + row.writes.length, 0),
    damaged,
    aside: await asideIn(store, 'damaged'),
    lost: await asideIn(store, 'lost'),
  }
}

/** A table of what can be had again: a record that cannot be read is not kept, and none is missed. */
async function cached<T>(
  store: Store,
  log: Log,
  name: string,
  decode: (bytes: Uint8Array) => Result<T, Damage>,
): Promise<readonly (readonly [key: string, record: T | undefined])[]> {
  return (await store.scan(under(name))).map(([key, bytes]) => {
    const record = decode(bytes)
    if (!record.ok) log('error', 'store.damaged', { key })
    return [key, record.ok ? record.value : undefined]
  })
}

async function loadMeta(store: Store, random: Random, read: Read, waiting: WaitingRows): Promise<MetaRecord> {
  const [bytes] = await store.get([keys.meta])
  if (bytes === undefined) return newMeta(random)
  const meta = read(keys.meta, bytes, decodeMeta)
  if (meta !== undefined) return meta
  // A row number handed out twice would write over somebody's work.
  return {
    ...newMeta(random),
    lastRow: await lastRowIn(store),
    lastStamp: Math.max(0, ...waiting.rows.map(({ info }) => info.stamp)),
  }
}

/** The greatest row number that any key names. Reads all of them: only for a store that has lost count. */
async function lastRowIn(store: Store): Promise<number> {
  let last = 0
  for (const name of ['row', 'waiting', 'quarantine', 'lost'])
    for await (const key of keysIn(store, under(name))) last = Math.max(last, numberOf(partsOf(key).at(-1) ?? ''))
  return last
}

async function collectionsIn(store: Store, spaces: readonly SpaceId[]): Promise<Loaded['lostSpaces']> {
  const found: { space: SpaceId; collection: string }[] = []
  for (const space of spaces) {
    const ofRow = await store.scan({ ...under('row', space), limit: 1 })
    const [key] = ofRow[0] ?? (await store.scan({ ...under('base', space), limit: 1 }))[0] ?? []
    if (key !== undefined) found.push({ space, collection: parseDocumentKey(documentOf(key)).collection })
  }
  return found
}

/** What was set aside under the name of a table, by the keys that it had. */
async function asideIn(store: Store, table: 'damaged' | 'lost'): Promise<readonly string[]> {
  const found: string[] = []
  for await (const key of keysIn(store, under(table))) found.push(key.slice(table.length + 1))
  return found
}
