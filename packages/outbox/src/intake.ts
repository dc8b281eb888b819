import { invariant, laneRank, sameGeneration } from '@rejoin/base'
import type { DocumentKey } from '@rejoin/base'
import { addParcel, docOf, spaceOf } from './core.ts'
import type { Core } from './core.ts'
import { itemsOf } from './items.ts'
import type { Item } from './items.ts'
import { append } from './parcel.ts'
import type { Doc, Parcel, Piece, Space } from './parcel.ts'
import { addWaiting } from './tally.ts'
import type { RowInfo } from './types.ts'

/**
 * Takes rows in. Neighbours are joined at once, so that a backlog is kept as the entries it will become, and a
 * document that waits for an answer grows its next entry. Returns the documents that got rows.
 */
export function intake(core: Core, rows: readonly RowInfo[]): Set<Doc> {
  const docs = new Set<Doc>()
  const [only] = rows
  if (rows.length === 1 && only !== undefined) place(core, { first: only, rows }, docs)
  else for (const item of itemsOf(rows)) place(core, item, docs)
  return docs
}

function place(core: Core, item: Item, docs: Set<Doc>): void {
  const { first, rows } = item
  const space = spaceOf(core, first.space)
  const before = space.docs.get(first.document)?.last?.parcel
  const parcel = before !== undefined && mayJoin(core, before, item) ? before : openParcel(core, space, item)
  for (const row of rows) {
    const doc = docOf(space, row.document)
    invariant(row.row > doc.lastRow, `row ${row.row} of ${row.document} comes after row ${doc.lastRow}`)
    invariant(row.principal === parcel.principal, 'a group has one principal')
    doc.lastRow = row.row
    addNeeds(parcel, row)
    addRow(core, parcel, doc, row)
    docs.add(doc)
  }
}

function openParcel(core: Core, space: Space, { first, rows }: Item): Parcel {
  let lane = laneRank(first.lane)
  let stamp = first.stamp
  for (const row of rows) {
    lane = Math.min(lane, laneRank(row.lane))
    stamp = Math.min(stamp, row.stamp)
  }
  const parcel = addParcel(core, { space, principal: first.principal, lane, firstStamp: stamp, state: 'waiting' })
  parcel.foreign = rows.some((row) =>
    [row.document, ...row.needs].some((key) => bindsToOther(parcel, parcelBefore(space, key, row))),
  )
  return parcel
}

/** The last parcel with earlier rows of the document; after a start, later ones may be sealed already. */
function parcelBefore(space: Space, key: DocumentKey, { row }: RowInfo): Parcel | undefined {
  let piece = space.docs.get(key)?.last
  while (piece !== undefined && (piece.rows[0] ?? 0) > row) piece = piece.previous
  return piece?.parcel
}

/** Following it means waiting for another user. */
const bindsToOther = (parcel: Parcel, before: Parcel | undefined): boolean =>
  before !== undefined && before !== parcel && (before.foreign || before.principal !== parcel.principal)

/**
 * May these rows become part of this parcel? It must be the last of each of their documents, its entries must
 * stay within the limits, and what the rows need must not come after it: so waiting never goes in a circle.
 */
function mayJoin(core: Core, parcel: Parcel, { first, rows }: Item): boolean {
  if (parcel.state !== 'waiting' || !parcel.open || parcel.principal !== first.principal) return false
  let bytes = 0
  for (const row of rows) bytes += row.bytes
  if (parcel.pieces.length > 1 && parcel.bytes + bytes > core.limits.groupBytesMax) return false
  return rows.every((row) => {
    const piece = parcel.space.docs.get(row.document)?.last
    return (
      piece !== undefined &&
      piece.parcel === parcel &&
      fits(piece, row) &&
      hasRoom(core, piece, row) &&
      needsNothingLater(parcel, row)
    )
  })
}

/** One entry has rows of one writing writer, lane, generation and branch; the principal is the parcel's. */
const fits = (piece: Piece, row: RowInfo): boolean =>
  piece.lane === laneRank(row.lane) &&
  piece.writer === row.writer &&
  piece.branch === row.branch &&
  sameGeneration(piece.generation, row.generation)

const hasRoom = (core: Core, piece: Piece, row: RowInfo): boolean =>
  piece.rows.length < core.limits.entryRowsMax && piece.bytes + row.bytes <= core.limits.entryBytesMax

/** Nor may what waits already have to wait for another user because of rows that came later. */
function needsNothingLater(parcel: Parcel, row: RowInfo): boolean {
  for (const need of row.needs) {
    const needed = parcelBefore(parcel.space, need, row)
    if (needed === undefined || needed === parcel || parcel.needs?.has(needed) === true) continue
    if ((needed.state === 'waiting' && needed.seq > parcel.seq) || bindsToOther(parcel, needed)) return false
  }
  return true
}

function addNeeds(parcel: Parcel, row: RowInfo): void {
  for (const need of row.needs) {
    const needed = parcelBefore(parcel.space, need, row)
    if (needed === undefined || needed === parcel) continue
    parcel.needs = withoutGone(parcel.needs).add(needed)
  }
}

/** A parcel that waits long does not collect what has long been answered. */
function withoutGone(needs: Set<Parcel> = new Set()): Set<Parcel> {
  if (needs.size < 16) return needs
  for (const need of needs) if (need.state === 'stored' || need.state === 'taken') needs.delete(need)
  return needs
}

function addRow(core: Core, parcel: Parcel, doc: Doc, row: RowInfo): void {
  const { last } = doc
  if (last !== undefined && last.parcel === parcel && fits(last, row) && hasRoom(core, last, row)) {
    last.rows.push(row.row)
    last.rowBytes.push(row.bytes)
    last.rowWrites.push(row.writes)
    last.bytes += row.bytes
    last.writes += row.writes
    last.stamp = Math.max(last.stamp, row.stamp)
  } else addPiece(parcel, doc, row)
  parcel.bytes += row.bytes
  addWaiting(core.tally, { lane: laneRank(row.lane), rows: 1, bytes: row.bytes, writes: row.writes })
}

function addPiece(parcel: Parcel, doc: Doc, row: RowInfo): void {
  const piece: Piece = {
    parcel,
    doc,
    lane: laneRank(row.lane),
    writer: row.writer,
    generation: row.generation,
    branch: row.branch,
    rows: [row.row],
    rowBytes: [row.bytes],
    rowWrites: [row.writes],
    bytes: row.bytes,
    writes: row.writes,
    stamp: row.stamp,
    id: undefined,
    after: undefined,
    previous: undefined,
    next: undefined,
  }
  // A list made with one element has room for one: most parcels have one piece.
  if (parcel.pieces.length === 0) parcel.pieces = [piece]
  else parcel.pieces.push(piece)
  append(piece)
  doc.waitingByLane[parcel.lane] = (doc.waitingByLane[parcel.lane] ?? 0) + 1
}
