import { parseDocumentKey, spaceId, writerId } from '@rejoin/base'
import type { DocumentKey, Log, Random, SpaceId, WriterId } from '@rejoin/base'
import type { RowInfo } from '@rejoin/outbox'
import type { Store } from '@rejoin/storage'
import { rowInfo } from '../upstream/writing.ts'
import { emptyBase, decodeBase } from './base-record.ts'
import { keys, numberOf, partsOf, under } from './keys.ts'
import { decodeMeta, newMeta } from './meta.ts'
import type { MetaRecord } from './meta.ts'
import { documentOf } from './reading.ts'
import type { Damage } from './records.ts'
import { decodeRow } from './row.ts'
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
  readonly rows: readonly RowInfo[]
  readonly sealed: readonly SealedRecord[]
  readonly writers: ReadonlyMap<WriterId, WriterRecord>
  readonly numbers: readonly { readonly writer: WriterId; readonly space: SpaceId; readonly numbers: EntryNumbers }[]
  readonly quarantined: number
  /** Keys of records that fail their checksum. */
  readonly damaged: readonly string[]
}

export async function loadReplica(store: Store, random: Random, log: Log): Promise<Loaded> {
  const damaged: string[] = []
  const read = <T>(key: string, decoded: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Damage }): T | undefined => {
    if (decoded.ok) return decoded.value
    damaged.push(key)
    log('error', 'store.damaged', { key })
    return undefined
  }
  const [metaBytes] = await store.get([keys.meta])
  const meta = (metaBytes === undefined ? undefined : read(keys.meta, decodeMeta(metaBytes))) ?? newMeta(random)

  const spaces = new Map<SpaceId, SpaceRecord>()
  for (const [key, bytes] of await store.scan(under('space'))) {
    const record = read(key, decodeSpace(bytes))
    if (record !== undefined) spaces.set(spaceId(partsOf(key)[1] ?? ''), record)
  }
  const sealed: SealedRecord[] = []
  for (const [key, bytes] of await store.scan(under('entry'))) {
    const record = read(key, decodeSealed(bytes))
    if (record !== undefined) sealed.push(record)
  }
  const rows = await loadRows(store, read)
  const writers = new Map<WriterId, WriterRecord>()
  for (const [key, bytes] of await store.scan(under('writer'))) {
    const record = read(key, decodeWriter(bytes))
    if (record !== undefined) writers.set(writerId(partsOf(key)[1] ?? ''), record)
  }
  const numbers: { writer: WriterId; space: SpaceId; numbers: EntryNumbers }[] = []
  for (const [key, bytes] of await store.scan(under('numbers'))) {
    const record = read(key, decodeEntryNumbers(bytes))
    const [, writer = '', space = ''] = partsOf(key)
    if (record !== undefined) numbers.push({ writer: writerId(writer), space: spaceId(space), numbers: record })
  }
  const quarantined = (await store.scan(under('quarantine'))).length
  return { meta, spaces, rows, sealed, writers, numbers, quarantined, damaged }
}

type Read = <T>(key: string, decoded: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Damage }) => T | undefined

async function loadRows(store: Store, read: Read): Promise<readonly RowInfo[]> {
  const pointers = await store.scan(under('waiting'))
  const places = pointers.map(([, bytes]) => new TextDecoder().decode(bytes))
  const found = await store.get(places)
  const bases = new Map<string, ReturnType<typeof decodeBase>>()
  const rows: RowInfo[] = []
  for (const [index, place] of places.entries()) {
    const bytes = found[index]
    const record = bytes === undefined ? undefined : read(place, decodeRow(bytes))
    if (record?.kind !== 'local') continue
    const [, space = '', , number = ''] = partsOf(place)
    const document = documentOf(place)
    const baseKey = keys.base(spaceId(space), document)
    if (!bases.has(baseKey)) {
      const [base] = await store.get([baseKey])
      bases.set(baseKey, base === undefined ? { ok: true, value: emptyBase } : decodeBase(base))
    }
    const base = bases.get(baseKey)
    const generation = base?.ok === true ? base.value.generation : emptyBase.generation
    const size = record.writes.reduce((sum, write) => sum + write.update.bytes.length, 0)
    rows.push(rowInfo(numberOf(number), spaceId(space), document, generation, record, rootOf(document), size))
  }
  return rows
}

/** The registers of the entity's shared part. */
function rootOf(document: DocumentKey): DocumentKey {
  const { collection, entity } = parseDocumentKey(document)
  return `${collection}/${entity}/shared/` as DocumentKey
}
