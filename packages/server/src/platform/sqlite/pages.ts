import type { LogRow } from '../../log/records.ts'
import { isEntryRow, noHash } from '../../log/records.ts'
import type { Page, PageQuery } from '../../log/store.ts'
import { sameGroup, wants, wantsAll } from '../../log/wanted.ts'
import { rowColumns, toPlace, toRow } from './columns.ts'
import type { Place } from './columns.ts'
import type { Statements } from './statements.ts'

/** A filtered read looks at no more rows than this, so that it does not hold up the loop. */
const placesMax = 20_000

const allRows = `SELECT ${rowColumns} FROM entries WHERE space = ? AND seq > ? AND seq <= ? ORDER BY seq`
const places = `
  SELECT e.seq, e.kind, e.writer, e.grp, e.chain, d.key FROM entries e
  LEFT JOIN documents d ON d.space = e.space AND d.number = e.document
  WHERE e.space = ? AND e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT ${placesMax}`
const rowAt = `SELECT ${rowColumns} FROM entries WHERE space = ? AND seq = ?`

export const readPage = (statements: Statements, space: number, query: PageQuery): Page =>
  wantsAll(query.wanted) ? readAll(statements, space, query) : readWanted(statements, space, query)

function readAll(statements: Statements, space: number, query: PageQuery): Page {
  const rows: LogRow[] = []
  let bytes = 0
  let last: LogRow | undefined
  for (const columns of statements.each(allRows, space, query.after, query.upTo)) {
    const row = toRow(columns)
    const isFull = bytes >= query.bytesMax || rows.length >= query.rowsMax
    if (isFull && last !== undefined && !sameGroup(last, row)) break
    last = row
    if (!isEntryRow(row.kind)) continue
    rows.push(row)
    bytes += row.bytes.length
  }
  return { rows, to: last?.seq ?? query.after, hash: last?.chain ?? noHash }
}

/** Looks at where rows are first, and reads the bytes of the wanted ones only. */
function readWanted(statements: Statements, space: number, query: PageQuery): Page {
  const wanted = wants(query.wanted)
  const rows: LogRow[] = []
  let bytes = 0
  let last: Place | undefined
  for (const columns of statements.all(places, space, query.after, query.upTo)) {
    const place = toPlace(columns)
    const isFull = bytes >= query.bytesMax || rows.length >= query.rowsMax
    if (isFull && last !== undefined && !sameGroup(last, place)) break
    last = place
    if (!isEntryRow(place.kind) || place.key === undefined || !wanted(place.key)) continue
    const found = statements.one(rowAt, space, place.seq)
    if (found === undefined) continue
    const row = toRow(found)
    rows.push(row)
    bytes += row.bytes.length
  }
  return { rows, to: last?.seq ?? query.after, hash: last?.chain ?? noHash }
}
