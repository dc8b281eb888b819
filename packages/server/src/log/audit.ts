import { invariant } from '@rejoin/base'
import type { DocumentKey, Encoding, Intervals, WriterId } from '@rejoin/base'
import type { RowKind, SpaceRef } from './records.ts'
import type { LogStore } from './store.ts'

/** One entry of a log, with names for numbers. */
export interface AuditEntry {
  readonly seq: number
  readonly kind: RowKind
  readonly document: DocumentKey
  /** Undefined for a snapshot: it has many. */
  readonly writer: WriterId | undefined
  readonly n: number
  readonly encoding: Encoding
  readonly bytes: Uint8Array
}

const pageRows = 1000
const pageBytes = 1024 * 1024

/** Every entry of a space as its log stands now, in order. */
export async function* everyEntry(store: LogStore, ref: SpaceRef): AsyncGenerator<AuditEntry> {
  const { head } = await store.space(ref)
  for (let after = 0; after < head;) {
    const wanted = { collections: [], entities: [] }
    const { rows, to } = await store.page(ref, { after, upTo: head, wanted, bytesMax: pageBytes, rowsMax: pageRows })
    const documents = await store.documentsByNumber(ref, [...new Set(rows.map((row) => row.document))])
    const writers = await store.writersByNumber(ref, [...new Set(rows.map((row) => row.writer))])
    const keys = new Map(documents.map(({ number, key }) => [number, key]))
    const ids = new Map(writers.map(({ number, writer }) => [number, writer]))
    for (const { seq, kind, document, writer, n, encoding, bytes } of rows) {
      const key = keys.get(document)
      invariant(key !== undefined, 'every entry has a document')
      yield { seq, kind, document: key, writer: kind === 'snapshot' ? undefined : ids.get(writer), n, encoding, bytes }
    }
    after = to
  }
}

/** The accepted numbers of every writer of a space. */
export async function acceptedIn(store: LogStore, ref: SpaceRef): Promise<ReadonlyMap<WriterId, Intervals>> {
  const { writers } = await store.space(ref)
  const accepted = new Map<WriterId, Intervals>()
  for (let first = 1; first <= writers; first += pageRows) {
    const numbers = Array.from({ length: Math.min(pageRows, writers - first + 1) }, (_, i) => first + i)
    for (const record of await store.writersByNumber(ref, numbers)) accepted.set(record.writer, record.accepted)
  }
  return accepted
}
