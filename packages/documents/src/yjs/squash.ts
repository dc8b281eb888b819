import { invariant, RejoinError } from '@rejoin/base'
import * as Y from 'yjs'
import type { Update } from '../engine.ts'
import { checkUpdate } from './apply.ts'
import { encodeSmallest } from './encode.ts'
import { joinStructs } from './join.ts'
import { decodePacked } from './packed.ts'
import { cut } from './structs.ts'
import type { Deletions, Struct } from './structs.ts'

/**
 * One update with the effect of a run of one writer's own updates to one document.
 *
 * `Y.mergeUpdates` only writes the structs of the run after one another. Here they are made what they would
 * have been in one transaction: neighbours joined, and content that the run itself deletes left out. Nothing
 * is integrated, so it takes linear time and needs no document; and nothing comes in that the run did not hold.
 */
export function squash(updates: readonly Update[]): Update {
  invariant(updates.length > 0, 'a run has at least one update')
  const parts = updates.map(decode)
  const deletions = Y.mergeDeleteSets(parts.map((part) => part.ds))
  const sections = new Map<number, Struct[]>()
  for (const { structs } of parts) {
    for (const struct of structs) {
      const section = sections.get(struct.id.client)
      if (section === undefined) sections.set(struct.id.client, [struct])
      else section.push(struct)
    }
  }
  for (const [client, structs] of sections)
    sections.set(client, joinStructs(contiguous(structs), deletions.clients.get(client) ?? []))
  const result = encodeSmallest(sections, deletions)
  const [only] = updates
  return updates.length === 1 && only !== undefined && only.bytes.length <= result.bytes.length ? only : result
}

function decode(update: Update): { structs: Struct[]; ds: Deletions } {
  checkUpdate(update, { whole: false })
  try {
    return update.encoding === 'yjs-1' ? Y.decodeUpdate(update.bytes) : decodePacked(update.bytes)
  } catch (cause) {
    throw new RejoinError('undecodable', undefined, { cause })
  }
}

/** In the order of clocks, each clock once, gaps filled. A run of one writer is so already, but for skips. */
function contiguous(structs: readonly Struct[]): Struct[] {
  const result: Struct[] = []
  let end: number | undefined
  for (const struct of [...structs].sort((a, b) => a.id.clock - b.id.clock)) {
    if (struct instanceof Y.Skip) continue
    const { client, clock } = struct.id
    const next = clock + struct.length
    if (end !== undefined && clock > end) result.push(new Y.Skip(Y.createID(client, end), clock - end))
    const known = Math.max(0, (end ?? 0) - clock)
    if (known >= struct.length) continue
    result.push(known === 0 ? struct : cut(struct, known))
    end = next
  }
  return result
}
