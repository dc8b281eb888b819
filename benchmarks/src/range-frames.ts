import { firstGeneration, userId, writerId } from '@rejoin/base'
import type { DocumentAddress } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import { cutFrames, defaultLimits, encodeServerFrame, encodeToken } from '@rejoin/protocol'
import type { RangeEntry, ServerFrame, Token } from '@rejoin/protocol'
import { notes } from './author-session.ts'
import { bodyOf, noteId } from './note.ts'

/** As a server sends them, before and with what an author has written into a note. */
const author = writerId('a0'.repeat(16))
const at = { collection: notes.name, entity: noteId }
const registers: DocumentAddress = { ...at, part: 'shared', field: '' }
const body: DocumentAddress = { ...at, ...bodyOf }
const slots = { registers: 0, body: 1 } as const

/** What has to be said before the first range. */
export const declarations: readonly Uint8Array[] = (
  [
    { kind: 'stream', slot: 0, stream: 0 },
    { kind: 'writer', slot: 0, writer: author, user: userId('author') },
    {
      kind: 'documents',
      documents: Object.entries({ registers, body }).map(([name, address]) => ({
        slot: slots[name as keyof typeof slots],
        address,
        generation: firstGeneration,
      })),
    },
  ] satisfies readonly ServerFrame[]
).map((frame) => encodeServerFrame(frame))

/**
 * The log from `from` on, so many entries a range. A range of more than a frame may hold is cut, as a server cuts it:
 * of 1,024 into two frames.
 */
export function rangesOf(
  updates: readonly Update[],
  size: number,
  from: number = 0,
  document: keyof typeof slots = 'body',
): readonly (readonly Uint8Array[])[] {
  const ranges: (readonly Uint8Array[])[] = []
  for (let start = 0; start < updates.length; start += size) {
    const entries = updates.slice(start, start + size).map((update, i): RangeEntry => ({
      kind: 'update',
      document: slots[document],
      writer: 0,
      n: from + start + i + 1,
      ...update,
    }))
    const token = tokenAt(from + start + entries.length)
    const whole = { kind: 'range', stream: 0, from: from + start, token, entries, more: 'no' } as const
    ranges.push(cutFrames(whole, defaultLimits).map(encodeServerFrame))
  }
  return ranges
}

export const tokenAt = (seq: number): Token =>
  encodeToken({ epoch: 'e0'.repeat(16), seq, hash: new Uint8Array(16), mac: new Uint8Array(16) })
