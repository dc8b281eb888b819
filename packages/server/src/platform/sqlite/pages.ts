import type { DocumentKey } from '@rejoin/base'
import { PageDraft } from '../../log/page-draft.ts'
import { isEntryRow } from '../../log/records.ts'
import type { DocumentRecord } from '../../log/records.ts'
import { foldedHashesMax } from '../../log/store.ts'
import type { Page, PageQuery } from '../../log/store.ts'
import { wants, wantsAll } from '../../log/wanted.ts'
import { documentColumns, placeColumns, rowColumns, toDocument, toNumber, toPlace, toRow } from './columns.ts'
import type { Place, SpaceRow } from './columns.ts'
import { find, lookup } from './lookup.ts'
import type { Lookup } from './lookup.ts'
import { damaged } from './seal.ts'
import type { Statements } from './statements.ts'

/** A filtered read looks at no more rows than this, so that it does not hold up the loop. */
const placesMax = 20_000

const allRows = `SELECT ${rowColumns} FROM entries WHERE space = ? AND seq > ? AND seq <= ? ORDER BY seq`
const places = `
  SELECT ${placeColumns} FROM entries WHERE space = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ${placesMax}`
const rowAt = `SELECT ${rowColumns} FROM entries WHERE space = ? AND seq = ?`
const foldedBetween = 'SELECT count(*) FROM hashes WHERE space = ? AND seq >= ? AND seq <= ?'

export const documentByNumber: Lookup<DocumentRecord> = lookup(
  'documents',
  documentColumns,
  ['space', 'number'],
  toDocument,
)

/** Throws `storage-corrupt` for a row that is damaged, or is neither there nor folded. */
export function readPage(statements: Statements, space: SpaceRow, query: PageQuery): Page {
  const upTo = Math.min(query.upTo, space.record.head)
  const read = wantsAll(query.wanted) ? readAll : readWanted
  return read(statements, space, { ...query, upTo })
}

function readAll(statements: Statements, space: SpaceRow, query: PageQuery): Page {
  const page = new PageDraft(query)
  const holes = new Holes(statements, space, query)
  for (const columns of statements.each(allRows, space.number, query.after, query.upTo)) {
    const row = toRow(columns)
    if (page.endsBefore(row)) return holes.checked(page.finish())
    holes.seen(row)
    page.add(row)
  }
  holes.end()
  return holes.checked(page.finish())
}

/** Looks at where rows are first, and reads the bytes of the wanted ones only. */
function readWanted(statements: Statements, space: SpaceRow, query: PageQuery): Page {
  const wanted = wants(query.wanted)
  const page = new PageDraft(query)
  const holes = new Holes(statements, space, query)
  const keys = new Map<number, DocumentKey>()
  const found = statements.all(places, space.number, query.after, query.upTo)
  for (const columns of found) {
    const place = toPlace(columns)
    if (page.endsBefore(place)) return holes.checked(page.finish())
    holes.seen(place)
    if (!isEntryRow(place.kind) || !wanted(keyOf(statements, space, keys, place))) continue
    const row = statements.one(rowAt, space.number, place.seq)
    if (row !== undefined) page.add(toRow(row))
  }
  if (found.length < placesMax) holes.end()
  return holes.checked(page.finish())
}

function keyOf(
  statements: Statements,
  { number }: SpaceRow,
  keys: Map<number, DocumentKey>,
  { seq, document }: Place,
): DocumentKey {
  const known = keys.get(document)
  if (known !== undefined) return known
  const key = find(statements, documentByNumber, number, document)?.key
  if (key === undefined) throw damaged(`Row ${seq} of the log is of a document that is not there.`)
  keys.set(document, key)
  return key
}

/** Counts what a page passed over: each number is that of a row, or of one that was folded, as far back as that is known. */
class Holes {
  readonly #statements: Statements
  readonly #space: number
  readonly #from: number
  readonly #upTo: number
  #rows = 0
  #last: number

  constructor(statements: Statements, { number, record }: SpaceRow, { after, upTo }: PageQuery) {
    this.#statements = statements
    this.#space = number
    this.#from = Math.max(after + 1, record.head - foldedHashesMax)
    this.#upTo = upTo
    this.#last = after
  }

  seen({ seq }: Place): void {
    if (seq >= this.#from) this.#rows++
    this.#last = seq
  }

  /** There are no more rows. */
  end(): void {
    this.#last = Math.max(this.#last, this.#upTo)
  }

  checked(page: Page): Page {
    const expected = this.#last - this.#from + 1 - this.#rows
    if (expected <= 0) return page
    const columns = this.#statements.one(foldedBetween, this.#space, this.#from, this.#last)
    if (columns === undefined || toNumber(columns) < expected)
      throw damaged(`The log is damaged: rows between ${this.#from} and ${this.#last} are missing.`)
    return page
  }
}
