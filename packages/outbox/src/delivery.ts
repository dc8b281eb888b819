import type { SpaceId, UserId } from '@rejoin/base'
import { enter, spaceOf } from './core.ts'
import type { Core } from './core.ts'
import { isLinked, sealedParcels } from './parcel.ts'
import type { Parcel, Space } from './parcel.ts'
import { offerAll } from './planner.ts'

/** Entries that may have reached the server are asked about first; the others are sent. */
export function linked(core: Core, id: SpaceId, principal: UserId): void {
  const space = spaceOf(core, id)
  if (space.principal !== undefined) cut(core, space)
  space.principal = principal
  for (const parcel of sealedParcels(space)) {
    if (parcel.principal !== principal || parcel.state !== 'unsure') continue
    enter(core, parcel, 'asked')
    for (const piece of parcel.pieces) if (piece.id !== undefined) core.effects.ask(id, piece.id)
  }
  resume(core, space)
}

export function unlinked(core: Core, id: SpaceId | 'all'): void {
  if (id === 'all') for (const space of core.spaces.values()) cut(core, space)
  else {
    const space = core.spaces.get(id)
    if (space !== undefined) cut(core, space)
  }
}

/** Answers that have not come may be lost with the link. */
function cut(core: Core, space: Space): void {
  space.principal = undefined
  for (const parcel of sealedParcels(space))
    if (parcel.state === 'sent' || parcel.state === 'asked') enter(core, parcel, 'unsure')
}

/** Everything of the space that is ready may go. */
export function resume(core: Core, space: Space): void {
  for (const parcel of sealedParcels(space)) trySend(core, parcel)
  offerAll(core, space)
}

/** Queues the parcel if it may be sent now. */
export function trySend(core: Core, parcel: Parcel): void {
  if (maySend(parcel)) core.sendable.push(parcel)
}

/** Sends what is queued, as far as the bytes on the wire allow; before anything new is sealed. */
export function sendQueued(core: Core): void {
  for (let parcel = core.sendable.peek(); parcel !== undefined; parcel = core.sendable.peek()) {
    if (maySend(parcel)) {
      if (core.wireBytes > 0 && core.wireBytes + parcel.bytes > core.limits.inFlightBytesMax) return
      sendNow(core, parcel)
    }
    core.sendable.shift()
  }
}

export function sendNow(core: Core, parcel: Parcel): void {
  enter(core, parcel, 'sent')
  parcel.reached = true
  for (const { id, next } of parcel.pieces) {
    if (id !== undefined) core.effects.send(parcel.space.id, id)
    if (next !== undefined) trySend(core, next.parcel)
  }
}

/** An entry goes out only behind what comes before it in its document. */
const maySend = (parcel: Parcel): boolean =>
  parcel.state === 'unsent' &&
  isLinked(parcel.space, parcel.principal) &&
  parcel.pieces.every(
    ({ previous }) => previous === undefined || previous.parcel === parcel || previous.parcel.state === 'sent',
  )

/**
 * Takes back to `unsent` what is on the wire from this parcel on: the server will answer `gap` to all that follows
 * it. Parcels that are asked about stay: their answer comes.
 */
export function recall(core: Core, from: Parcel): void {
  const stack = [from]
  for (let parcel = stack.pop(); parcel !== undefined; parcel = stack.pop()) {
    if (parcel.state !== 'sent' && parcel !== from) continue
    enter(core, parcel, 'unsent')
    for (const { next } of parcel.pieces) if (next?.parcel.state === 'sent') stack.push(next.parcel)
  }
}
