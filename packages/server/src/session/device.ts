import { ByteReader, ByteWriter, BytesError, RejoinError, spaceId } from '@rejoin/base'
import type { SpaceId } from '@rejoin/base'
import { interestIn } from '@rejoin/protocol'
import type { Interest } from '@rejoin/protocol'

/** What a device was subscribed to when it was last here. */
export interface Remembered {
  readonly space: SpaceId
  readonly interest: Interest
}

const version = 1

export function encodeRemembered(streams: readonly Remembered[]): Uint8Array {
  const out = new ByteWriter().byte(version).number(streams.length)
  for (const { space, interest } of streams) {
    out.text(space)
    for (const names of [interest.collections, interest.entities]) {
      out.number(names.length)
      for (const name of names) out.text(name)
    }
  }
  return out.finish()
}

/** Nothing, if the bytes are of another version or damaged: then the device says it all again. */
export function decodeRemembered(bytes: Uint8Array): readonly Remembered[] {
  try {
    const input = new ByteReader(bytes)
    if (input.byte() !== version) return []
    const names = (): string[] => Array.from({ length: Math.min(input.number(), input.remaining) }, () => input.text())
    return Array.from({ length: Math.min(input.number(), input.remaining) }, () => ({
      space: spaceId(input.text()),
      interest: interestIn(names(), names()),
    }))
  } catch (error) {
    if (error instanceof BytesError || error instanceof RejoinError) return []
    throw error
  }
}
