import type { WriterId } from '@rejoin/base'
import { takeClosure } from './closure.ts'
import type { Core } from './core.ts'
import type { Cause, Parcel } from './parcel.ts'

/**
 * Another writer seals from now on. What waits of the rows of `of` is taken, since it holds what is to be made anew
 * under ids of that writer; what is sealed goes its way under the id that it has.
 */
export function renewed(core: Core, writer: WriterId, of: WriterId, cause: Cause): void {
  core.writer = writer
  core.lastEntry.clear()
  for (const space of core.spaces.values()) {
    const waiting = new Set<Parcel>()
    for (const doc of space.docs.values())
      for (let piece = doc.firstWaiting; piece !== undefined; piece = piece.next)
        if (piece.writer === of) waiting.add(piece.parcel)
    if (waiting.size > 0) takeClosure(core, space, [...waiting], cause)
  }
}
