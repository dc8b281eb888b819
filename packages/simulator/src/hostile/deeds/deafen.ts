import type { Deed } from '../hands.ts'

/** H5: asks for everything again and again, and reads none of it for a while. */
export const deafen: Deed = (hands, chance) => {
  const { line } = hands
  if (line === undefined) return false
  const { own, seen } = hands.deps.ground
  hands.deafFor(chance.between(500, 40_000))
  const streams = Array.from({ length: 4 + chance.below(12) }, () => line.subscribe(chance.pick([own, seen])))
  for (const stream of streams) line.say({ kind: 'credit', stream, bytes: 2 ** 40 })
  const writer = line.writer(own, hands.writer)
  const everything = [1, Number.MAX_SAFE_INTEGER]
  for (let left = chance.below(60); left > 0; left--) line.say({ kind: 'ask', writer, intervals: everything })
  return true
}
