import { parseDocumentKey, rootKey } from '@rejoin/base'
import type { DocumentKey, SpaceId } from '@rejoin/base'
import type { SealedInfo } from '@rejoin/outbox'
import { rowInfo } from '../upstream/writing.ts'
import type { BatchBuilder } from './committer.ts'
import { giveUp, setAside } from './damage.ts'
import { keys, numberOf, partsOf } from './keys.ts'
import type { Loaded } from './load.ts'
import type { WaitingRow, WaitingRows } from './load-rows.ts'
import { encodeQuarantine } from './quarantine-record.ts'
import { encodeRow } from './row.ts'
import { holds, standIn } from './sealed-record.ts'
import type { SealedRecord } from './sealed-record.ts'
import { beginningOf } from './stranding.ts'
import { encodeView } from './view-record.ts'
import { encodeWaiting } from './waiting-record.ts'

/** What can go on of a replica with damaged records, and what cannot. */
export interface Repaired {
  readonly rows: readonly WaitingRow[]
  readonly sealed: readonly SealedRecord[]
  /** Rows made on top of one that is lost: nobody could integrate them. */
  readonly stranded: readonly WaitingRow[]
  /** Keys of damaged records with writes that are nowhere else. */
  readonly lost: ReadonlySet<string>
  /** Writes all of this down. */
  readonly write: (batch: BatchBuilder, atMs: number) => void
  /** Nothing was damaged. */
  readonly isWhole: boolean
}

const lostMessage = 'It was made on top of a write whose bytes are damaged on this device.'

/**
 * Decides what becomes of unsent work beside damaged records. A row that is damaged and in an entry: the entry's bytes
 * stand in for it. An entry that is lost: its rows are sealed anew, and so is all of its entity that was sealed behind
 * it; the same bytes twice are harmless. A row that is lost: what was written to its entity later, not sealed with it,
 * and what may be of one group with any of that, goes to quarantine. Damaged bytes are kept aside.
 */
export function repair(loaded: Loaded): Repaired {
  const healed = heal(loaded)
  const waiting = {
    rows: [...loaded.waiting.rows, ...healed].sort((a, b) => a.info.row - b.info.row),
    damaged: loaded.waiting.damaged.filter(({ row }) => !healed.some(({ info }) => info.row === row)),
  }
  const reopened = entitiesToUnseal(loaded.sealed, waiting)
  const isKept = ({ info }: SealedRecord): boolean => !reopened.has(entityOf(info.space, info.document))
  const sealed = loaded.sealed.filter(isKept)
  const covered = new Set(sealed.flatMap(({ info }) => info.rows))
  const free = Map.groupBy(
    waiting.rows.filter(({ info }) => !covered.has(info.row)),
    ({ info }) => entityOf(info.space, info.document),
  )
  const strandedFrom = new Map<string, number>()
  for (const [entity, lost] of Map.groupBy(waiting.damaged, ({ space, document }) => entityOf(space, document)))
    strandedFrom.set(entity, beginningOf(new Set(lost.map(({ row }) => row)), free.get(entity) ?? []))
  const isStranded = ({ info }: WaitingRow): boolean =>
    !covered.has(info.row) &&
    info.row >= (strandedFrom.get(entityOf(info.space, info.document)) ?? Number.POSITIVE_INFINITY)
  const stranded = waiting.rows.filter(isStranded)
  const lost = new Set(loaded.damaged.map(([key]) => key).filter((key) => partsOf(key)[0] === 'quarantine'))
  for (const { space, document, row } of waiting.damaged) lost.add(keys.row(space, document, row))
  return {
    rows: waiting.rows.filter((row) => !isStranded(row)),
    sealed,
    stranded,
    lost,
    write: (batch, atMs) => {
      for (const [key, bytes] of loaded.damaged) (lost.has(key) ? giveUp : setAside)(batch, key, bytes)
      for (const key of loaded.waiting.pointers)
        batch.put(keys.waiting(numberOf(partsOf(key)[3] ?? '')), encodeWaiting(key))
      for (const row of healed) putBack(batch, row)
      for (const record of loaded.sealed) if (!isKept(record)) removeEntry(batch, record)
      for (const row of stranded) quarantine(batch, row, atMs)
      // An entry that was sealed without its bytes is refused, and the pointer goes with it; the entry may be damaged before.
      for (const { row } of waiting.damaged) if (!covered.has(row)) batch.remove(keys.waiting(row))
      for (const { space, document } of [...waiting.damaged, ...stranded.map(({ info }) => info)]) {
        const { collection, entity } = parseDocumentKey(document)
        batch.put(keys.view(space, collection, entity), encodeView({ stale: true }))
      }
    },
    isWhole:
      loaded.damaged.length === 0 && loaded.waiting.damaged.length === 0 && sealed.length === loaded.sealed.length,
  }
}

/** The damaged rows that an entry holds, made anew from its bytes. */
function heal({ sealed, waiting }: Loaded): readonly WaitingRow[] {
  return waiting.damaged.flatMap(({ row, space, document }) => {
    const entry = sealed.find((record) => holds(record, space, document, row))
    if (entry === undefined) return []
    const { info } = entry
    const mates = sealed.filter((other) => info.group !== 0 && sameGroup(other.info, info))
    const inGroup = new Set(mates.flatMap((mate) => mate.info.rows))
    const group = waiting.rows.find((other) => inGroup.has(other.info.row))?.record.group ?? 0
    const record = standIn(entry, row, group)
    const root = rootKey(parseDocumentKey(document))
    return [{ info: rowInfo(row, space, document, info.generation, record, root, info.bytes), record }]
  })
}

const sameGroup = (a: SealedInfo, b: SealedInfo): boolean =>
  a.group === b.group && a.space === b.space && a.id.writer === b.id.writer

function putBack(batch: BatchBuilder, { info, record }: WaitingRow): void {
  const key = keys.row(info.space, info.document, info.row)
  batch.put(key, encodeRow(record))
  batch.put(keys.waiting(info.row), encodeWaiting(key))
}

/**
 * Entities of which an entry is missing: a waiting row that no entry covers stands before one that is covered, or a
 * group is not whole.
 */
function entitiesToUnseal(
  sealed: readonly SealedRecord[],
  waiting: Pick<WaitingRows, 'rows' | 'damaged'>,
): ReadonlySet<string> {
  const covered = new Set<number>()
  const lastCovered = new Map<string, number>()
  for (const { info } of sealed) {
    const key = `${info.space}|${info.document}`
    for (const row of info.rows) {
      covered.add(row)
      lastCovered.set(key, Math.max(row, lastCovered.get(key) ?? 0))
    }
  }
  const rows = [...waiting.rows.map(({ info }) => info), ...waiting.damaged]
  const behind = rows.filter(
    ({ row, space, document }) => !covered.has(row) && row < (lastCovered.get(`${space}|${document}`) ?? 0),
  )
  const members = Map.groupBy(sealed, ({ info }) => `${info.space}|${info.id.writer}|${info.group}`)
  const torn = sealed.filter(
    ({ info }) =>
      info.group !== 0 && members.get(`${info.space}|${info.id.writer}|${info.group}`)?.length !== info.groupSize,
  )
  return new Set([...behind, ...torn.map(({ info }) => info)].map(({ space, document }) => entityOf(space, document)))
}

function removeEntry(batch: BatchBuilder, { info }: SealedRecord): void {
  batch.remove(keys.entry(info.id.writer, info.space, info.id.n))
}

function quarantine(batch: BatchBuilder, { info, record }: WaitingRow, at: number): void {
  const { row, space, document } = info
  batch.remove(keys.row(space, document, row))
  batch.remove(keys.waiting(row))
  batch.put(
    keys.quarantine(row),
    encodeQuarantine({
      space,
      document,
      kind: 'storage-corrupt',
      message: lostMessage,
      at,
      row: record,
      changes: record.writes.map(() => 'unreadable'),
      parts: record.writes.map(() => 1),
      unanswered: false,
    }),
  )
}

/** Transactions, and with them groups, never reach beyond an entity. */
function entityOf(space: SpaceId, document: DocumentKey): string {
  const { collection, entity } = parseDocumentKey(document)
  return `${space}|${collection}/${entity}`
}
