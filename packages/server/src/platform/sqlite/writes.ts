import { invariant } from '@rejoin/base'
import type { SQLInputValue } from 'node:sqlite'
import { foldedHashesMax } from '../../log/store.ts'
import type { Fold, SpaceCommit } from '../../log/store.ts'
import { rowKinds } from '../../log/records.ts'
import type { DeviceRecord } from '../../log/records.ts'
import {
  clientIdColumns,
  deviceColumns,
  documentColumns,
  fromClientId,
  fromDevice,
  fromDocument,
  fromHash,
  fromRefusal,
  fromRow,
  fromSpace,
  fromWriter,
  hashColumns,
  placeColumns,
  refusalColumns,
  rowColumns,
  spaceColumns,
  toNumber,
  toPlace,
  writerColumns,
} from './columns.ts'
import type { SpaceRow } from './columns.ts'
import type { Statements } from './statements.ts'

const foldable = ['update', 'recovery', 'snapshot', 'fold']
  .map((kind) => rowKinds.findIndex((one) => one === kind))
  .join(', ')

const into = (table: string, columns: string): string =>
  `INTO ${table} (${columns}) VALUES (${columns.replaceAll(/\w+/g, '?')})`

const sql = {
  newNumber: 'SELECT coalesce(max(number), 0) + 1 FROM spaces',
  newSpace: `INSERT ${into('spaces', spaceColumns)}`,
  space: 'UPDATE spaces SET epoch = ?, head = ?, hash = ?, documents = ?, writers = ?, sum = ? WHERE number = ?',
  row: `INSERT ${into('entries', rowColumns)}`,
  document: `REPLACE ${into('documents', documentColumns)}`,
  writer: `REPLACE ${into('writers', writerColumns)}`,
  clientId: `REPLACE ${into('client_ids', clientIdColumns)}`,
  refusal: `REPLACE ${into('refusals', refusalColumns)}`,
  device: `REPLACE ${into('devices', deviceColumns)}`,
  hash: `INSERT ${into('hashes', hashColumns)}`,
  folded: `
    SELECT ${placeColumns} FROM entries WHERE space = ? AND document = ? AND seq < ? AND kind IN (${foldable})`,
  removeRows: `DELETE FROM entries WHERE space = ? AND document = ? AND seq <= ? AND kind IN (${foldable})`,
  dropHashes: 'DELETE FROM hashes WHERE space = ? AND seq < ?',
}

/** Writes one space's share of a commit, inside a transaction. `known` is undefined for a space without a row. */
export function writeSpace(statements: Statements, known: number | undefined, commit: SpaceCommit): number {
  const { ref, record } = commit
  const number = known ?? newNumber(statements)
  const write = (statement: string, values: readonly SQLInputValue[]): void => statements.run(statement, ...values)
  if (known === undefined) statements.run(sql.newSpace, ...fromSpace({ number, ref, record }))
  else writeRecord(statements, { number, ref, record })
  for (const row of commit.rows ?? []) write(sql.row, fromRow(number, row))
  for (const document of commit.documents ?? []) write(sql.document, fromDocument(number, document))
  for (const writer of commit.writers ?? []) write(sql.writer, fromWriter(number, writer))
  for (const { id, writer } of commit.clientIds ?? []) write(sql.clientId, fromClientId(number, id, writer))
  for (const refusal of commit.refusals ?? []) write(sql.refusal, fromRefusal(number, refusal))
  for (const fold of commit.folds ?? []) writeFold(statements, number, fold)
  if (commit.folds?.length) statements.run(sql.dropHashes, number, record.head - foldedHashesMax)
  return number
}

/** Of a space that has a row. */
export function writeRecord(statements: Statements, space: SpaceRow): void {
  const [number = 0, , , ...rest] = fromSpace(space)
  statements.run(sql.space, ...rest, number)
}

export const writeDevice = (statements: Statements, device: DeviceRecord): void =>
  statements.run(sql.device, ...fromDevice(device))

function newNumber(statements: Statements): number {
  const columns = statements.one(sql.newNumber)
  invariant(columns !== undefined, 'there is always a next number')
  return toNumber(columns)
}

/** The rows go in the very transaction in which the snapshot comes. */
function writeFold(statements: Statements, space: number, { document, snapshot }: Fold): void {
  for (const { seq, chain } of statements.all(sql.folded, space, document, snapshot.seq).map(toPlace))
    statements.run(sql.hash, ...fromHash(space, seq, chain))
  statements.run(sql.removeRows, space, document, snapshot.seq)
  statements.run(sql.row, ...fromRow(space, snapshot))
}
