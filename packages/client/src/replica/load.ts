import { spaceId, writerId } from '@rejoin/base'
import type { Log, Random, Result, SpaceId, WriterId } from '@rejoin/base'
import { keyAfter } from '@rejoin/storage'
import type { Store } from '@rejoin/storage'
import { keys, numberOf, partsOf, under } from './keys.ts'
import { loadRows } from './load-rows.ts'
import type { WaitingRows } from './load-rows.ts'
import { decodeMeta, newMeta } from './meta.ts'
import type { MetaRecord } from './meta.ts'
import { decodeQuarantine } from './quarantine-record.ts'
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
  readonly waiting: WaitingRows
  readonly sealed: readonly SealedRecord[]
  readonly writers: ReadonlyMap<WriterId, WriterRecord>
  readonly numbers: readonly { readonly writer: WriterId; readonly space: SpaceId; readonly numbers: EntryNumbers }[]
  /** Writes in quarantine. */
  readonly quarantined: number
  /** Records that fail their checksum, as they are. */
  readonly damaged: readonly (readonly [key: string, bytes: Uint8Array])[]
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
  const sealed = await table('entry', decodeSealed)
  const writers = await table('writer', decodeWriter)
  const numbers = await table('numbers', decodeEntryNumbers)
  const quarantined = await table('quarantine', decodeQuarantine)
  const waiting = await loadRows(store, read)
  return {
    meta: await loadMeta(store, random, read, waiting),
    spaces: new Map(spaces.map(([[, space = ''], record]) => [spaceId(space), record])),
    waiting,
    sealed: sealed.map(([, record]) => record),
    writers: new Map(writers.map(([[, writer = ''], record]) => [writerId(writer), record])),
    numbers: numbers.map(([[, writer = '', space = ''], record]) => ({
      writer: writerId(writer),
      space: spaceId(space),
      numbers: record,
    })),
    quarantined: quarantined.reduce((sum, [, { row }]) => sum + row.writes.length, 0),
    damaged,
  }
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

const pageRows = 1_000

/** The greatest row number that any key names. Reads all of them: only for a store that has lost count. */
async function lastRowIn(store: Store): Promise<number> {
  let last = 0
  for (const name of ['row', 'waiting', 'quarantine']) {
    const { from, to } = under(name)
    for (let next: string | undefined = from; next !== undefined;) {
      const page: readonly (readonly [string, Uint8Array])[] = await store.scan({ from: next, to, limit: pageRows })
      for (const [key] of page) last = Math.max(last, numberOf(partsOf(key).at(-1) ?? ''))
      const [lastKey] = page.at(-1) ?? []
      next = lastKey === undefined || page.length < pageRows ? undefined : keyAfter(lastKey)
    }
  }
  return last
}
