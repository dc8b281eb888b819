import { parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, SpaceId } from '@rejoin/base'
import type { BatchBuilder } from './committer.ts'
import { setAside } from './damage.ts'
import { keys } from './keys.ts'
import type { Loaded } from './load.ts'
import type { WaitingRow } from './load-rows.ts'
import { encodeQuarantine } from './quarantine-record.ts'
import type { SealedRecord } from './sealed-record.ts'

/** What can go on of a replica with damaged records, and what cannot. */
export interface Repaired {
  readonly rows: readonly WaitingRow[]
  readonly sealed: readonly SealedRecord[]
  /** Rows made on top of one that is lost: nobody could integrate them. */
  readonly lost: readonly WaitingRow[]
  /** Writes all of this down. */
  readonly write: (batch: BatchBuilder, atMs: number) => void
  /** Nothing was damaged. */
  readonly isWhole: boolean
}

const lostMessage = 'It was made on top of a write whose bytes are damaged on this device.'

/**
 * Decides what becomes of unsent work beside damaged records. An entry that is lost: its rows are sealed anew, and so
 * is all of its entity that was sealed behind it; the same bytes twice are harmless. A row that is lost: what was
 * written to its entity later, and not sealed with it, goes to quarantine. Damaged bytes are kept aside.
 */
export function repair(loaded: Loaded): Repaired {
  const reopened = entitiesToUnseal(loaded)
  const isKept = ({ info }: SealedRecord): boolean => !reopened.has(entityOf(info.space, info.document))
  const sealed = loaded.sealed.filter(isKept)
  const covered = new Set(sealed.flatMap(({ info }) => info.rows))
  const firstLost = new Map<string, number>()
  for (const { row, space, document } of loaded.waiting.damaged) {
    if (covered.has(row)) continue
    const entity = entityOf(space, document)
    firstLost.set(entity, Math.min(row, firstLost.get(entity) ?? row))
  }
  const isLost = ({ info }: WaitingRow): boolean =>
    !covered.has(info.row) &&
    info.row > (firstLost.get(entityOf(info.space, info.document)) ?? Number.POSITIVE_INFINITY)
  const lost = loaded.waiting.rows.filter(isLost)
  return {
    rows: loaded.waiting.rows.filter((row) => !isLost(row)),
    sealed,
    lost,
    write: (batch, atMs) => {
      for (const [key, bytes] of loaded.damaged) setAside(batch, key, bytes)
      for (const record of loaded.sealed) if (!isKept(record)) removeEntry(batch, record)
      for (const row of lost) quarantine(batch, row, atMs)
    },
    isWhole: loaded.damaged.length === 0 && sealed.length === loaded.sealed.length,
  }
}

/**
 * Entities of which an entry is missing: a waiting row that no entry covers stands before one that is covered, or a
 * group is not whole.
 */
function entitiesToUnseal({ sealed, waiting }: Loaded): ReadonlySet<string> {
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
    encodeQuarantine({ space, document, kind: 'storage-corrupt', message: lostMessage, at, row: record }),
  )
}

/** Transactions, and with them groups, never reach beyond an entity. */
function entityOf(space: SpaceId, document: DocumentKey): string {
  const { collection, entity } = parseDocumentKey(document)
  return `${space}|${collection}/${entity}`
}
