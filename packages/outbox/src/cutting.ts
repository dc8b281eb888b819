import { addParcel } from './core.ts'
import type { Core } from './core.ts'
import { insertBefore } from './parcel.ts'
import type { Parcel, Piece } from './parcel.ts'

/** What the server takes, as far as it is less than what the outbox would send. */
export function keepTo(
  core: Core,
  server: { readonly entryBytesMax: number; readonly unansweredBytesMax: number },
): void {
  const { ownLimits } = core
  core.limits = {
    ...ownLimits,
    entryBytesMax: Math.min(ownLimits.entryBytesMax, server.entryBytesMax),
    groupBytesMax: Math.min(ownLimits.groupBytesMax, server.unansweredBytesMax),
    inFlightBytesMax: Math.min(ownLimits.inFlightBytesMax, server.unansweredBytesMax),
  }
}

/**
 * Rows were merged before the server said what it takes: the first part of a waiting parcel that it does take, as a
 * parcel of its own in front of the rest, or the parcel itself. A group stays one, of more entries.
 */
export function cutToFit(core: Core, parcel: Parcel): Parcel {
  const [only, ...others] = parcel.pieces
  if (only !== undefined && others.length === 0) return isTooLarge(core, only) ? headOf(core, parcel, only) : parcel
  if (!parcel.pieces.some((piece) => isTooLarge(core, piece))) return parcel
  const pieces: Piece[] = []
  for (const piece of parcel.pieces) {
    while (isTooLarge(core, piece)) pieces.push(behead(core, piece, parcel))
    pieces.push(piece)
  }
  parcel.pieces = pieces
  return parcel
}

const isTooLarge = (core: Core, { bytes, rows }: Piece): boolean => bytes > core.limits.entryBytesMax && rows.length > 1

function headOf(core: Core, parcel: Parcel, piece: Piece): Parcel {
  const { space, principal, lane, firstStamp, needs, foreign } = parcel
  const head = addParcel(core, { space, principal, lane, firstStamp, state: 'waiting' })
  head.open = false
  head.needs = needs === undefined ? undefined : new Set(needs)
  head.foreign = foreign
  const first = behead(core, piece, head)
  head.pieces = [first]
  head.bytes = first.bytes
  parcel.bytes -= first.bytes
  return head
}

/** A piece with as many of the first rows as fit, and one at least. */
function behead(core: Core, piece: Piece, parcel: Parcel): Piece {
  const { doc, rows, rowBytes, rowWrites } = piece
  let count = 1
  let bytes = rowBytes[0] ?? 0
  for (; count < rows.length - 1; count++) {
    const more = rowBytes[count] ?? 0
    if (bytes + more > core.limits.entryBytesMax) break
    bytes += more
  }
  const headWrites = rowWrites.splice(0, count)
  const writes = headWrites.reduce((sum, some) => sum + some, 0)
  const first: Piece = {
    ...piece,
    parcel,
    rows: rows.splice(0, count),
    rowBytes: rowBytes.splice(0, count),
    rowWrites: headWrites,
    bytes,
    writes,
  }
  piece.bytes -= bytes
  piece.writes -= writes
  insertBefore(first, piece)
  doc.waitingByLane[parcel.lane] = (doc.waitingByLane[parcel.lane] ?? 0) + 1
  return first
}
