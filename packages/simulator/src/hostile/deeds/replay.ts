import type { Deed } from '../hands.ts'

/** H1: what somebody said on a connection, said again in order on one of its own, behind its own hello. */
export const replay: Deed = (hands, chance) => {
  const connections = hands.memory.connections()
  if (connections.length === 0) return false
  const frames = chance.pick(connections)
  const device = { device: chance.bytes(16) }
  const line = hands.beside((line) => {
    line.greet(device.device)
    for (const frame of frames) line.sayBytes(frame)
    // Once more on the same connection: duplicates.
    if (chance.chance(0.3)) for (const frame of frames) line.sayBytes(frame)
  }, 3_000)
  return line !== undefined
}
