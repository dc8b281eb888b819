import { PageDraft } from '../../log/page-draft.ts'
import { isEntryRow } from '../../log/records.ts'
import type { Page, PageQuery } from '../../log/store.ts'
import { wants, wantsAll } from '../../log/wanted.ts'
import { rowColumns, toPlace, toRow } from './columns.ts'
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
  const page = new PageDraft(query)
  for (const columns of statements.each(allRows, space, query.after, query.upTo)) {
    const row = toRow(columns)
    if (page.endsBefore(row)) break
    page.add(row)
  }
  return page.finish()
}

/** Looks at where rows are first, and reads the bytes of the wanted ones only. */
function readWanted(statements: Statements, space: number, query: PageQuery): Page {
  const wanted = wants(query.wanted)
  const page = new PageDraft(query)
  for (const columns of statements.all(places, space, query.after, query.upTo)) {
    const place = toPlace(columns)
    if (page.endsBefore(place)) break
    if (!isEntryRow(place.kind) || place.key === undefined || !wanted(place.key)) continue
    const found = statements.one(rowAt, space, place.seq)
    if (found !== undefined) page.add(toRow(found))
  }
  return page.finish()
}
