import { interestIn } from '@rejoin/protocol'
import type { Deed } from '../hands.ts'
import type { Chance } from '../ground.ts'
import { entryOf, payloadsFor, target } from '../hands.ts'
import type { Hands } from '../hands.ts'
import type { HostileLine } from '../hostile-line.ts'

/** H15: very many small things, as many as a seed can bear. */
export const flood: Deed = (hands, chance) => {
  const { line } = hands
  if (line === undefined) return false
  chance.pick([tinyEntries, tinyEntries, manyStreams, manyPresences, manyPings])(hands, line, chance)
  return true
}

function tinyEntries(hands: Hands, line: HostileLine, chance: Chance): void {
  const { own } = hands.deps.ground
  const at = target(hands, line, chance)
  const { text } = payloadsFor(hands, at)
  const document = line.document(at)
  const writer = line.writer(own, hands.writer)
  const client = chance.below(2 ** 31)
  const entries = Array.from({ length: 20 + chance.below(180) }, (_, i) => {
    const n = hands.nextNumber(own)
    hands.writes(n, at)
    return entryOf(n, document, text(client + i, '.'))
  })
  if (chance.chance(0.5)) for (const entry of entries) line.push(writer, entry)
  // The least limit of a world on entries of a frame.
  else for (let i = 0; i < entries.length; i += 16) line.push(writer, ...entries.slice(i, i + 16))
}

function manyStreams({ deps }: Hands, line: HostileLine, chance: Chance): void {
  const { own, seen } = deps.ground
  for (let left = 10 + chance.below(40); left > 0; left--) {
    const entities = Array.from({ length: 1 + chance.below(20) }, () => `notes/n${chance.below(1e9)}`)
    line.subscribe(chance.pick([own, seen]), interestIn([], entities))
  }
}

function manyPresences(hands: Hands, line: HostileLine, chance: Chance): void {
  const space = line.space(chance.pick([hands.deps.ground.own, hands.deps.ground.seen]))
  const document = line.document(target(hands, line, chance))
  for (let left = 20 + chance.below(40); left > 0; left--)
    line.say({ kind: 'presence', space, document, bytes: chance.bytes(chance.pick([1, 100, 4096, 5000])) })
}

function manyPings(_hands: Hands, line: HostileLine, chance: Chance): void {
  // Above the pace now and then: 200 a second over ten seconds.
  for (let left = chance.chance(0.5) ? 2_100 : 50; left > 0; left--) line.say({ kind: 'ping' })
}
