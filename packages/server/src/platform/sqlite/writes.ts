import { invariant } from '@rejoin/base'
import { foldedHashesMax } from '../../log/store.ts'
import type { Fold, SpaceCommit } from '../../log/store.ts'
import { rowKinds } from '../../log/records.ts'
import type { LogRow } from '../../log/records.ts'
import {
  documentColumns,
  fromIntervals,
  fromRow,
  refusalColumns,
  rowColumns,
  toSpaceNumber,
  writerColumns,
} from './columns.ts'
import type { Statements } from './statements.ts'

const foldable = ['update', 'recovery', 'snapshot', 'fold']
  .map((kind) => rowKinds.findIndex((one) => one === kind))
  .join(', ')

const sql = {
  newSpace:
    'INSERT INTO spaces (tenant, space, epoch, head, hash, documents, writers) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING number',
  space: 'UPDATE spaces SET epoch = ?, head = ?, hash = ?, documents = ?, writers = ? WHERE number = ?',
  row: `INSERT INTO entries (space, ${rowColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  document: `REPLACE INTO documents (space, ${documentColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  writer: `REPLACE INTO writers (space, ${writerColumns}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  clientId: 'REPLACE INTO client_ids (space, id, writer) VALUES (?, ?, ?)',
  refusal: `REPLACE INTO refusals (space, ${refusalColumns}) VALUES (?, ?, ?, ?, ?)`,
  keepHashes: `
    INSERT INTO hashes (space, seq, chain)
    SELECT space, seq, chain FROM entries WHERE space = ? AND document = ? AND seq < ? AND kind IN (${foldable})`,
  removeRows: `DELETE FROM entries WHERE space = ? AND document = ? AND seq <= ? AND kind IN (${foldable})`,
  dropHashes: 'DELETE FROM hashes WHERE space = ? AND seq < ?',
}

/** Writes one space's share of a commit, inside a transaction. `number` is undefined for a space without a row. */
export function writeSpace(statements: Statements, number: number | undefined, commit: SpaceCommit): number {
  const space = writeRecord(statements, number, commit)
  for (const row of commit.rows ?? []) writeRow(statements, space, row)
  for (const { generation, ...one } of commit.documents ?? [])
    statements.run(
      sql.document,
      space,
      one.number,
      one.key,
      generation.number,
      generation.id,
      one.foldedTo,
      one.foldedBytes,
      one.tailEntries,
      one.tailBytes,
      one.isolated ? 1 : 0,
    )
  for (const one of commit.writers ?? [])
    statements.run(
      sql.writer,
      space,
      one.number,
      one.writer,
      one.user,
      one.logged ? 1 : 0,
      fromIntervals(one.accepted),
      fromIntervals(one.refused),
    )
  for (const { id, writer } of commit.clientIds ?? []) statements.run(sql.clientId, space, id, writer)
  for (const { writer, n, kind, message } of commit.refusals ?? [])
    statements.run(sql.refusal, space, writer, n, kind, message)
  for (const fold of commit.folds ?? []) writeFold(statements, space, fold)
  if (commit.folds?.length) statements.run(sql.dropHashes, space, commit.record.head - foldedHashesMax)
  return space
}

function writeRecord(statements: Statements, number: number | undefined, { ref, record }: SpaceCommit): number {
  const { epoch, head, hash, documents, writers } = record
  if (number !== undefined) {
    statements.run(sql.space, epoch, head, hash, documents, writers, number)
    return number
  }
  const made = statements.one(sql.newSpace, ref.tenant, ref.space, epoch, head, hash, documents, writers)
  invariant(made !== undefined, 'a new space has a number')
  return toSpaceNumber(made)
}

const writeRow = (statements: Statements, space: number, row: LogRow): void =>
  statements.run(sql.row, space, ...fromRow(row))

/** The rows go in the very transaction in which the snapshot comes. */
function writeFold(statements: Statements, space: number, { document, snapshot }: Fold): void {
  statements.run(sql.keepHashes, space, document, snapshot.seq)
  statements.run(sql.removeRows, space, document, snapshot.seq)
  writeRow(statements, space, snapshot)
}
