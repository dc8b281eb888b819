import type { Deed } from '../hands.ts'
import { entryOf, payloadsFor } from '../hands.ts'

/** H10: the id of an accepted entry, with other bytes, perhaps of another document. */
export const reuse: Deed = (hands, chance) => {
  const { line, accepted } = hands
  if (line === undefined || accepted.length === 0) return false
  const { n, target } = chance.pick(accepted)
  const other = chance.pick(accepted).target
  const at = chance.chance(0.5) ? target : other
  const { text } = payloadsFor(hands, at)
  const writer = line.writer(hands.deps.ground.own, hands.writer)
  line.push(writer, entryOf(n, line.document(at), text(chance.below(2 ** 31), 'the same id again')))
  return true
}
