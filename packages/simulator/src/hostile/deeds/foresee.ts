import { newWriterId, stampAt, toHex } from '@rejoin/base'
import { decodeToken, emptyToken, encodeToken, isEmptyToken } from '@rejoin/protocol'
import type { PushEntry, Token } from '@rejoin/protocol'
import type { Deed } from '../hands.ts'
import type { Chance } from '../ground.ts'
import { entryOf, payloadsFor, target, writeOwn } from '../hands.ts'
import type { Hands } from '../hands.ts'
import type { HostileLine } from '../hostile-line.ts'

/** H12: tokens that no server made, or of another space; numbers, stamps, predecessors and generations that never were. */
export const foresee: Deed = (hands, chance) => {
  const { line } = hands
  if (line === undefined) return false
  chance.pick(fancies)(hands, line, chance)
  return true
}

type Fancy = (hands: Hands, line: HostileLine, chance: Chance) => void

const fancies: readonly Fancy[] = [
  (hands, line, chance) => {
    const { own, seen, closed } = hands.deps.ground
    const space = chance.pick([own, seen, closed])
    line.subscribe(space, undefined, anyToken(hands, chance), anyToken(hands, chance))
  },
  (hands, line, chance) => {
    const client = chance.below(2 ** 31)
    const n = hands.nextNumber(hands.deps.ground.own, 1 + chance.below(1000))
    const at = target(hands, line, chance)
    writeOwn(hands, line, at, payloadsFor(hands, at).text(client, 'from the future'), { n })
  },
  (hands, line, chance) => {
    // The greatest number there is: told once, it must not keep others from theirs.
    const client = chance.below(2 ** 31)
    const at = target(hands, line, chance)
    const said = payloadsFor(hands, at).text(client, 'the last')
    writeOwn(hands, line, at, said, { n: Number.MAX_SAFE_INTEGER - chance.below(3) })
  },
  (hands, line, chance) => {
    const stamp = stampAt(hands.deps.now() + chance.pick([700_000, 2 ** 36, 2 ** 45]))
    say(hands, line, chance, 'soon', { stamp })
  },
  (hands, line, chance) => {
    const after = { writer: line.writer(hands.deps.ground.own, hands.writer), n: 2 ** 40 + chance.below(1000) }
    say(hands, line, chance, 'behind nothing', { after })
  },
  (hands, line, chance) => {
    const after = { writer: line.writer(hands.deps.ground.own, newWriterId(chance)), n: 1 }
    say(hands, line, chance, 'behind nobody', { after })
  },
  (hands, line, chance) => {
    const generation = { number: 1 + chance.below(2 ** 30), id: toHex(chance.bytes(16)) }
    const { own } = hands.deps.ground
    const at = target(hands, line, chance)
    const said = payloadsFor(hands, at).text(chance.below(2 ** 31), 'another life')
    const entry = entryOf(hands.nextNumber(own), line.document(at, generation), said)
    line.push(line.writer(own, hands.writer), entry)
  },
  (hands, line) => {
    const writer = line.writer(hands.deps.ground.own, hands.writer)
    line.say({ kind: 'ask', writer, intervals: [1, Number.MAX_SAFE_INTEGER] })
    line.say({ kind: 'credit', stream: 2 ** 40, bytes: Number.MAX_SAFE_INTEGER })
    line.say({ kind: 'unsubscribe', stream: 2 ** 40 })
  },
  (hands, _line, chance) => {
    hands.beside((line) => line.greet(chance.bytes(16), { cursors: chance.bytes(16) }), 2_000)
  },
]

/** Writes a text somewhere in its own space. */
function say(hands: Hands, line: HostileLine, chance: Chance, said: string, more: Partial<PushEntry>): void {
  const at = target(hands, line, chance)
  writeOwn(hands, line, at, payloadsFor(hands, at).text(chance.below(2 ** 31), said), more)
}

/** A genuine one, perhaps of another space; a genuine one that was changed; or one of dice. */
function anyToken(hands: Hands, chance: Chance): Token {
  const genuine = [...hands.memory.tokens.values()].flat().filter((token) => !isEmptyToken(token))
  if (chance.chance(0.2)) return emptyToken
  if (genuine.length === 0 || chance.chance(0.3))
    return encodeToken({
      epoch: toHex(chance.bytes(16)),
      seq: chance.below(2 ** 50),
      hash: chance.bytes(16),
      mac: chance.bytes(16),
    })
  const token = chance.pick(genuine)
  if (chance.chance(0.5)) return token
  const parts = decodeToken(token)
  return encodeToken({ ...parts, seq: parts.seq + 1 + chance.below(2 ** 40) })
}
