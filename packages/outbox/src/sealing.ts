import type { SpaceId } from '@rejoin/base'
import { backoffMs } from './backoff.ts'
import { enter, unregister } from './core.ts'
import type { Core } from './core.ts'
import { sendNow, trySend } from './delivery.ts'
import { isLinked } from './parcel.ts'
import type { Parcel, Piece } from './parcel.ts'
import { addSealed, addWaitingPiece, removeSealed } from './tally.ts'
import type { SealPlan } from './types.ts'

/** The plan is durable: its entries exist from now on, and go out if the link is still the same. */
export function sealed(core: Core, plan: SealPlan, sizes: readonly number[]): void {
  const parcels = finish(core, plan)
  let at = 0
  for (const parcel of parcels)
    for (const piece of parcel.pieces) resize(core, parcel, piece, sizes[at++] ?? piece.bytes)
  // The server of a new link may allow less than the one for which the pass was planned.
  const hasRoom = core.wireBytes <= core.limits.inFlightBytesMax
  for (const parcel of parcels) {
    if (hasRoom && isLinked(parcel.space, parcel.principal)) sendNow(core, parcel)
    else {
      enter(core, parcel, 'unsent')
      trySend(core, parcel)
    }
  }
  if (parcels.length > 0) core.sealPause.failures = 0
}

/** Nothing was stored: the rows wait again as they did, and the numbers are never used again. */
export function sealFailed(core: Core, plan: SealPlan, random: number): void {
  const parcels = finish(core, plan)
  for (const parcel of parcels) {
    enter(core, parcel, 'waiting')
    for (const piece of parcel.pieces) putBack(core, piece)
  }
  if (parcels.length > 0 && core.sealPause.dueAt === 0)
    core.alarms.set(core.sealPause, backoffMs(core.limits, ++core.sealPause.failures, random))
}

/** The parcels of the plan; none if the space was left meanwhile. */
function finish(core: Core, { space, entries }: SealPlan): readonly Parcel[] {
  const parcels = core.sealing.get(space)
  const id = parcels?.[0]?.pieces[0]?.id
  if (parcels === undefined || id?.n !== entries[0]?.id.n) return []
  core.sealing.delete(space)
  return parcels
}

/** The bytes of the rows give way to those of the sealed update. */
function resize(core: Core, parcel: Parcel, piece: Piece, bytes: number): void {
  removeSealed(core.tally, piece)
  const grown = bytes - piece.bytes
  piece.bytes = bytes
  addSealed(core.tally, piece)
  core.wireBytes += grown
  parcel.bytes += grown
}

/** A document has one round, so what waits in it begins at its first piece again. */
function putBack(core: Core, piece: Piece): void {
  const { doc, parcel, id } = piece
  removeSealed(core.tally, piece)
  addWaitingPiece(core.tally, piece)
  doc.firstWaiting = doc.first
  doc.waitingByLane[parcel.lane] = (doc.waitingByLane[parcel.lane] ?? 0) + 1
  if (id !== undefined) unregister(parcel.space, id)
  piece.id = undefined
  piece.after = undefined
  core.freed.add(doc)
}

/** The space was left: its plan needs no answer. */
export function forgetPlan(core: Core, space: SpaceId): void {
  core.sealing.delete(space)
}
