import type { Deed } from '../hands.ts'
import type { Chance } from '../ground.ts'
import type { HostileLine } from '../hostile-line.ts'

/** H16: connections that say nothing, or half a greeting, or come and go. */
export const knock: Deed = (hands, chance) => {
  let begun = 0
  for (let left = 2 + chance.below(6); left > 0; left--) {
    const greet = chance.pick(greetings)
    if (hands.beside((line) => greet(line, chance), chance.pick([10, 100, 6_000])) !== undefined) begun += 1
  }
  return begun > 0
}

const nobody = new Uint8Array(16)

export const greetings: readonly ((line: HostileLine, chance: Chance) => void)[] = [
  () => undefined,
  (line, chance) => line.greet(chance.bytes(16)),
  // All of these are one device, and each newer one ends the one before.
  (line) => line.greet(nobody),
  (line, chance) => line.greet(chance.bytes(16), { protocol: 2 + chance.below(1000) }),
  (line, chance) => line.greet(chance.bytes(16), { accessToken: 'not a token' }),
  (line, chance) => line.greet(chance.bytes(16), { accessToken: 'x'.repeat(8193) }),
  (line) => line.say({ kind: 'ping' }),
  (line, chance) => {
    line.greet(chance.bytes(16))
    line.greet(chance.bytes(16))
  },
  (line, chance) => {
    line.greet(chance.bytes(16))
    for (let left = 40; left > 0; left--) line.say({ kind: 'auth', accessToken: 'y'.repeat(500) })
  },
]
