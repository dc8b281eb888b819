import { rootKey } from '@rejoin/base'
import type { DocumentKey, Generation, Lane, SpaceId, Stamp, UserId, WriterId } from '@rejoin/base'
import type { RowInfo } from '@rejoin/outbox'
import type { Update } from '@rejoin/documents'
import type { LiveDocument, LiveEntity } from '../live/live-entity.ts'
import type { BatchBuilder } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'
import { encodeRow } from '../replica/row.ts'
import type { LocalRow, Origin, Write } from '../replica/row.ts'
import { encodeWaiting } from '../replica/waiting-record.ts'

export interface TransactionWrite {
  readonly live: LiveEntity
  readonly document: LiveDocument
  /** The document's branch when the write was made. */
  readonly branch: number
  readonly update: Update
  readonly stamp: Stamp
}

/** One edit by a user's function, applied in memory and on its way to disk. */
export interface Transaction {
  readonly number: number
  readonly lane: Lane
  readonly writes: readonly TransactionWrite[]
  /** The transaction that it makes again. */
  readonly of?: Origin | undefined
}

export interface RowMakerOptions {
  readonly writer: WriterId
  readonly principal: UserId
  readonly rowBytesMax: number
  readonly nextRow: () => number
  readonly made: (row: number, record: LocalRow) => void
}

/** A row under construction. */
interface Draft {
  readonly row: number
  readonly space: SpaceId
  readonly document: DocumentKey
  readonly branch: number
  readonly generation: Generation
  readonly lane: Lane
  readonly root: DocumentKey
  readonly writes: Write[]
  bytes: number
  stamp: Stamp
  /** Another row of the same group, by index; a row that points at itself names the group. */
  leader: number
  grouped: boolean
}

/**
 * Turns the transactions of one group commit into rows: one row holds the writes to one document in one
 * lane. Rows that any transaction connects form a group.
 */
export class RowMaker {
  readonly #options: RowMakerOptions
  readonly #drafts: Draft[] = []
  /** The row that takes the next write of a document, by index. */
  readonly #open = new Map<LiveDocument, number>()

  constructor(options: RowMakerOptions) {
    this.#options = options
  }

  add(transaction: Transaction): void {
    let first: number | undefined
    for (const write of transaction.writes) {
      const index = this.#draftFor(write, transaction.lane)
      const draft = this.#at(index)
      const { number, of } = transaction
      draft.writes.push({ transaction: number, update: write.update, ...(of && { of }) })
      draft.bytes += write.update.bytes.length
      draft.stamp = Math.max(draft.stamp, write.stamp)
      if (first === undefined) first = index
      else this.#connect(first, index)
    }
  }

  /** Writes the rows into the batch and says what they are. */
  finish(batch: BatchBuilder): readonly RowInfo[] {
    return this.#drafts.map((draft, index) => {
      const { row, space, document } = draft
      const group = draft.grouped ? this.#at(this.#leaderOf(index)).row : 0
      const record = this.#record(draft, group)
      const key = keys.row(space, document, row)
      batch.put(key, encodeRow(record))
      this.#options.made(row, record)
      batch.put(keys.waiting(row), encodeWaiting(key))
      return rowInfo(row, space, document, draft.generation, record, draft.root, draft.bytes)
    })
  }

  #record(draft: Draft, group: number): LocalRow {
    const { branch, lane, stamp, writes } = draft
    const { writer, principal } = this.#options
    return { kind: 'local', branch, writer, lane, principal, group, stamp, writes }
  }

  #draftFor(write: TransactionWrite, lane: Lane): number {
    const { document, live } = write
    const open = this.#open.get(document)
    if (open !== undefined) {
      const draft = this.#at(open)
      const fits = draft.bytes + write.update.bytes.length <= this.#options.rowBytesMax
      if (draft.lane === lane && draft.branch === write.branch && fits) return open
    }
    const index = this.#drafts.length
    this.#drafts.push({
      row: this.#options.nextRow(),
      space: live.space,
      document: document.key,
      branch: write.branch,
      generation: document.generation,
      lane,
      root: rootKey({ collection: live.collection.name, entity: live.id }),
      writes: [],
      bytes: 0,
      stamp: 0,
      leader: index,
      grouped: false,
    })
    this.#open.set(document, index)
    return index
  }

  #connect(a: number, b: number): void {
    const leaderA = this.#leaderOf(a)
    const leaderB = this.#leaderOf(b)
    this.#at(a).grouped = true
    this.#at(b).grouped = true
    this.#at(Math.max(leaderA, leaderB)).leader = Math.min(leaderA, leaderB)
  }

  #leaderOf(index: number): number {
    let leader = index
    while (this.#at(leader).leader !== leader) leader = this.#at(leader).leader
    return leader
  }

  #at(index: number): Draft {
    const draft = this.#drafts[index]
    if (draft === undefined) throw new RangeError(`no row ${index} under construction`)
    return draft
  }
}

/** What the outbox must know of a row; also made when the store is opened. */
export function rowInfo(
  row: number,
  space: SpaceId,
  document: DocumentKey,
  generation: Generation,
  record: LocalRow,
  root: DocumentKey,
  bytes: number,
): RowInfo {
  const { branch, writer, lane, principal, group, stamp } = record
  const needs = root === document ? [] : [root]
  return {
    row,
    space,
    document,
    branch,
    generation,
    writer,
    lane,
    principal,
    group,
    bytes,
    writes: record.writes.length,
    stamp,
    needs,
  }
}
