import type { Deed } from '../hands.ts'
import { payloadsFor, target, writeOwn } from '../hands.ts'

/** H4: two stories under one CRDT client id and clock, in a document that it may write. */
export const equivocate: Deed = (hands, chance) => {
  const { line } = hands
  if (line === undefined) return false
  const at = target(hands, line, chance)
  const { text } = payloadsFor(hands, at)
  const client = chance.below(2 ** 31)
  writeOwn(hands, line, at, text(client, 'one story'))
  writeOwn(hands, line, at, text(client, 'another story, which is longer'))
  return true
}
