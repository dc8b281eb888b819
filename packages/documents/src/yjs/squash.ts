import { invariant } from '@rejoin/base'
import type { Update } from '../engine.ts'
import { decodeUpdates } from './decode.ts'
import { encodeSmallest } from './encode.ts'
import { joinStructs } from './join.ts'
import { contiguous, deletionsOf } from './structs.ts'
import type { Struct } from './structs.ts'

/**
 * One update with the effect of a run of one writer's own updates to one document.
 *
 * `Y.mergeUpdates` only writes the structs of the run after one another. Here they are made what they would
 * have been in one transaction: neighbours joined, and content that the run itself deletes left out. Nothing
 * is integrated, so it takes linear time and needs no document; and nothing comes in that the run did not hold.
 */
export function squash(updates: readonly Update[]): Update {
  invariant(updates.length > 0, 'a run has at least one update')
  const decoded = decodeUpdates(updates)
  const deletions = deletionsOf(decoded.deletions)
  const sections = new Map<number, Struct[]>()
  for (const structs of decoded.sections) {
    const [first] = structs
    const section = first && sections.get(first.id.client)
    if (section !== undefined) for (const struct of structs) section.push(struct)
    else if (first !== undefined) sections.set(first.id.client, [...structs])
  }
  for (const [client, structs] of sections)
    sections.set(client, joinStructs(contiguous(structs), deletions.clients.get(client) ?? []))
  const result = encodeSmallest({ sections, deletions })
  const [only] = updates
  return updates.length === 1 && only !== undefined && only.bytes.length <= result.bytes.length ? only : result
}
