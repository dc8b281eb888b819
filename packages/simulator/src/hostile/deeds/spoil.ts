import type { Deed } from '../hands.ts'
import { opaque, target, unmade, writeOwn } from '../hands.ts'
import { spoils } from '../payloads.ts'

/** H9: bytes in its own space that readers can do nothing with, or only harm to themselves. */
export const spoil: Deed = (hands, chance) => {
  const { line } = hands
  if (line === undefined) return false
  // Into what is of Yjs it is refused; into what nobody has made yet it is not, if the server knows the engine.
  const foreign = chance.chance(0.1) ? chance.pick(['automerge', 'other'] as const) : undefined
  const at = foreign !== undefined && chance.chance(0.5) ? unmade(hands, chance) : target(hands, line, chance)
  const bytesOf = chance.pick(Object.values(spoils))
  const payload = chance.chance(0.1) ? opaque(new Uint8Array(chance.pick([0, 262_145]))) : bytesOf(chance)
  writeOwn(hands, line, at, payload, foreign === undefined ? {} : { encoding: foreign })
  return true
}
