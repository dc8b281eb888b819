import { lanes } from '@rejoin/base'
import type { Lane } from '@rejoin/base'
import type { Piece } from './parcel.ts'
import type { LaneStats } from './types.ts'

/** Running sums, so that a status costs nothing. */
export interface Tally {
  readonly lanes: { rows: number; bytes: number }[]
  waitingWrites: number
  sealedEntries: number
  sealedBytes: number
  sealedWrites: number
  held: number
}

export const newTally = (): Tally => ({
  lanes: lanes.map(() => ({ rows: 0, bytes: 0 })),
  waitingWrites: 0,
  sealedEntries: 0,
  sealedBytes: 0,
  sealedWrites: 0,
  held: 0,
})

interface Waiting {
  readonly lane: number
  readonly rows: number
  readonly bytes: number
  readonly writes: number
}

const waitingOf = (piece: Piece): Waiting => ({
  lane: piece.lane,
  rows: piece.rows.length,
  bytes: piece.bytes,
  writes: piece.writes,
})

export function addWaiting(tally: Tally, { lane, rows, bytes, writes }: Waiting): void {
  const sums = tally.lanes[lane]
  if (sums !== undefined) {
    sums.rows += rows
    sums.bytes += bytes
  }
  tally.waitingWrites += writes
}

export const addWaitingPiece = (tally: Tally, piece: Piece): void => addWaiting(tally, waitingOf(piece))

export function removeWaitingPiece(tally: Tally, piece: Piece): void {
  const { lane, rows, bytes, writes } = waitingOf(piece)
  addWaiting(tally, { lane, rows: -rows, bytes: -bytes, writes: -writes })
}

export function addSealed(tally: Tally, piece: Piece): void {
  tally.sealedEntries++
  tally.sealedBytes += piece.bytes
  tally.sealedWrites += piece.writes
}

export function removeSealed(tally: Tally, piece: Piece): void {
  tally.sealedEntries--
  tally.sealedBytes -= piece.bytes
  tally.sealedWrites -= piece.writes
}

export function laneStats(tally: Tally): Record<Lane, LaneStats> {
  const at = (rank: number): LaneStats => ({ rows: tally.lanes[rank]?.rows ?? 0, bytes: tally.lanes[rank]?.bytes ?? 0 })
  return { critical: at(0), high: at(1), normal: at(2), low: at(3), background: at(4) }
}
