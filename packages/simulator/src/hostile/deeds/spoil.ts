import type { Deed } from '../hands.ts'
import { opaque, target, writeOwn } from '../hands.ts'
import { spoils } from '../payloads.ts'

/** H9: bytes in its own space that readers can do nothing with, or only harm to themselves. */
export const spoil: Deed = (hands, chance) => {
  const { line } = hands
  if (line === undefined) return false
  const at = target(hands, line, chance)
  const bytesOf = chance.pick(Object.values(spoils))
  const payload = chance.chance(0.1) ? opaque(new Uint8Array(chance.pick([0, 262_145]))) : bytesOf(chance)
  writeOwn(hands, line, at, payload, chance.chance(0.1) ? { encoding: 'automerge' } : {})
  return true
}
