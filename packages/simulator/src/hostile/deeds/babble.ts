import { ByteWriter, crc32, newWriterId } from '@rejoin/base'
import { encodeClientFrame, encodeServerFrame } from '@rejoin/protocol'
import type { Deed } from '../hands.ts'
import type { Chance } from '../ground.ts'

/** H6: bytes that are no frame, or none for this place. All but the unknown type end the connection. */
export const babble: Deed = (hands, chance) => {
  const { deps } = hands
  const kind = chance.pick(babbleKinds)
  const line = hands.beside((line) => {
    line.greet(chance.bytes(16))
    for (const bytes of babbles[kind](chance)) line.sayBytes(bytes)
    if (kind === 'an unknown type') line.requests.unknownType(deps.elapsed())
    else line.requests.mustEnd(`frame that is ${kind}`, deps.elapsed())
  }, 8_000)
  return line !== undefined
}

type Babble = (chance: Chance) => readonly Uint8Array[]

const ping = encodeClientFrame({ kind: 'ping' })

/** With a sound checksum. */
function frame(type: number, ...body: readonly number[]): Uint8Array {
  const out = new ByteWriter().byte(type)
  for (const byte of body) out.byte(byte)
  return out.fixed32(crc32(out.view())).finish()
}

const declared = (chance: Chance): readonly Uint8Array[] => {
  const writer = newWriterId(chance)
  return [
    encodeClientFrame({ kind: 'writer', slot: 0, space: 7, writer, clientIds: [] }),
    encodeClientFrame({ kind: 'push', writer: 0, entries: [] }),
  ]
}

export const babbles = {
  'empty': () => [new Uint8Array(0)],
  'one byte': (chance) => [chance.bytes(1)],
  'noise': (chance) => [chance.bytes(5 + chance.below(300))],
  'cut off': () => [ping.slice(0, -1)],
  'damaged': (chance) => [ping.map((byte, i) => (i === 1 + chance.below(4) ? byte ^ 0xff : byte))],
  'over the limit': () => [new Uint8Array(1_048_577)],
  'of the server': () => [encodeServerFrame({ kind: 'pong', clockMs: 1 })],
  'an unknown type': () => [frame(50, 1, 2, 3)],
  'a second hello': () => [frame(1)],
  'longer than its body': () => [frame(13, 0, 0)],
  'a count beyond its bytes': () => [frame(5, 0xff, 0xff, 0xff, 0x7f)],
  'about what was not declared': declared,
  'a number too long': () => [frame(7, 0x80, 0x00)],
} as const satisfies Readonly<Record<string, Babble>>

const babbleKinds = Object.keys(babbles) as readonly (keyof typeof babbles)[]
