import { encodings } from '@rejoin/base'
import type { Chance } from '../ground.ts'
import type { Deed, Hands } from '../hands.ts'
import { opaque, payloadsFor, target, unmade, writeOwn } from '../hands.ts'
import type { Payload } from '../payloads/payload.ts'
import { payloads } from '../payloads/payloads.ts'

/** H9: bytes in its own space that readers can do nothing with, or only harm to themselves. */
export const spoil: Deed = (hands, chance) => {
  const { line } = hands
  if (line === undefined) return false
  // Into what is of one engine it is refused; into what nobody has made yet it is not, if the server knows the engine.
  const isForeign = chance.chance(0.1)
  const at = isForeign && chance.chance(0.5) ? unmade(hands, chance) : target(hands, line, chance)
  if (isForeign) writeOwn(hands, line, at, foreign(hands, chance))
  else if (chance.chance(0.1)) writeOwn(hands, line, at, opaque(new Uint8Array(chance.pick([0, 262_145]))))
  else writeOwn(hands, line, at, chance.pick(Object.values(payloadsFor(hands, at).spoils))(chance))
  return true
}

/** What another engine might have written, or what claims so. */
function foreign({ writer }: Hands, chance: Chance): Payload {
  const client = chance.below(2 ** 31)
  const { making, text, spoils } = chance.pick(Object.values(payloads))
  const { encoding, bytes } = chance.pick([
    () => making(writer, client),
    () => text(client, 'in another engine'),
    () => chance.pick(Object.values(spoils))(chance),
  ])()
  return { bytes, encoding: chance.chance(0.5) ? encoding : chance.pick(encodings) }
}
