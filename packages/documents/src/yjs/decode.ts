import { RejoinError } from '@rejoin/base'
import type { Update } from '../engine.ts'
import { decodePacked } from './packed.ts'
import { decodePlain } from './plain.ts'
import type { Decoded } from './structs.ts'

/**
 * What all these updates hold. Throws `undecodable` on bytes that Yjs could not read, or that ask for more than they
 * hold.
 */
export function decodeUpdates(updates: readonly Update[]): Decoded {
  const decoded: Decoded = { sections: [], deletions: [] }
  try {
    for (const update of updates) decode(update, decoded)
  } catch (cause) {
    throw new RejoinError('undecodable', undefined, { cause })
  }
  return decoded
}

function decode({ encoding, bytes }: Update, into: Decoded): void {
  if (encoding === 'yjs-1') decodePlain(bytes, into)
  else if (encoding === 'yjs-2') decodePacked(bytes, into)
  else throw new Error(`${encoding} is not of this engine`)
}
