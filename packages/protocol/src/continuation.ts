import { err, ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { RangeEntry } from './entries.ts'
import type { FrameError } from './error.ts'
import type { FocusedFrame, More, RangeFrame } from './server-frames.ts'
import type { Limits } from './limits.ts'
import { sameToken } from './token.ts'

/** More than any envelope of a frame (type, slots, token, checksum) or of an entry (flags and five numbers). */
const frameEnvelopeBytes = 128
const entryEnvelopeBytes = 48

/** The frames that carry one `range` or `focused`, none over the limits: one, if it fits. `more` of the input is ignored. */
export function cutFrames<Frame extends RangeFrame | FocusedFrame>(whole: Frame, limits: Limits): Frame[] {
  const room = limits.frameBytesMax - frameEnvelopeBytes
  const frames: Frame[] = []
  let entries: RangeEntry[] = []
  let used = 0
  const close = (more: More): void => {
    frames.push({ ...whole, entries, more })
    entries = []
    used = 0
  }
  const add = (entry: RangeEntry): void => {
    entries.push(entry)
    used += entry.bytes.length + entryEnvelopeBytes
  }
  for (const entry of whole.entries) {
    const isFull = entries.length === limits.entriesPerFrameMax || used + entry.bytes.length + entryEnvelopeBytes > room
    if (isFull && entries.length > 0) close('entries')
    let rest = entry.bytes
    while (rest.length + entryEnvelopeBytes > room) {
      add({ ...entry, bytes: rest.subarray(0, room - entryEnvelopeBytes) })
      rest = rest.subarray(room - entryEnvelopeBytes)
      close('bytes')
    }
    add(rest === entry.bytes ? entry : { ...entry, bytes: rest })
  }
  close('no')
  return frames
}

/** Puts frames together again: the client has one for `range` and one for `focused` on each connection. */
export interface Joiner<Frame extends RangeFrame | FocusedFrame> {
  /** The whole, once it is complete (`more: 'no'`); undefined while more is to come. */
  join(frame: Frame): Result<Frame | undefined, FrameError>
  /** Forgets what it holds of a stream that ended. */
  drop(stream: number): void
}

/** Holds at most `snapshotBytesMax + frameBytesMax` bytes for each stream. */
export function createJoiner<Frame extends RangeFrame | FocusedFrame>(limits: Limits): Joiner<Frame> {
  const held = new Map<number, Held<Frame>>()
  const bytesMax = limits.snapshotBytesMax + limits.frameBytesMax
  return {
    join(frame) {
      const before = held.get(frame.stream)
      if (before === undefined && frame.more === 'no') return ok(frame)
      const now = before ?? { head: frame, entries: [], bytes: 0, more: 'no' }
      const mistake = continuationMistake(now, frame)
      if (mistake !== undefined) return err({ kind: 'bad-frame', message: mistake })
      append(now, frame)
      if (now.bytes > bytesMax)
        return err({
          kind: 'too-large',
          message: `a range has over ${bytesMax} bytes (snapshotBytesMax + frameBytesMax)`,
        })
      if (frame.more !== 'no') held.set(frame.stream, now)
      else held.delete(frame.stream)
      return ok(frame.more === 'no' ? wholeOf(now) : undefined)
    },
    drop: (stream) => {
      held.delete(stream)
    },
  }
}

/** The entries so far, each with the pieces of its bytes. */
interface Held<Frame> {
  readonly head: Frame
  readonly entries: { readonly entry: RangeEntry; readonly pieces: Uint8Array[] }[]
  bytes: number
  more: More
}

function continuationMistake<Frame extends RangeFrame | FocusedFrame>(
  held: Held<Frame>,
  frame: Frame,
): string | undefined {
  if (!sameHead(held.head, frame)) return 'the rest of an incomplete range is missing'
  if (frame.more === 'bytes' && frame.entries.length === 0)
    return 'a frame without entries has no bytes to be continued'
  if (held.more !== 'bytes') return undefined
  const last = held.entries.at(-1)
  const [first] = frame.entries
  return last && first && sameName(last.entry, first) ? undefined : 'the rest of an entry is missing'
}

function sameHead(a: RangeFrame | FocusedFrame, b: RangeFrame | FocusedFrame): boolean {
  if (a.kind === 'range') return b.kind === 'range' && a.from === b.from && sameToken(a.token, b.token)
  return b.kind === 'focused' && a.document === b.document && a.to === b.to
}

function sameName(a: RangeEntry, b: RangeEntry): boolean {
  if (a.document !== b.document || a.encoding !== b.encoding || a.kind !== b.kind) return false
  return a.kind === 'snapshot' || (b.kind !== 'snapshot' && a.writer === b.writer && a.n === b.n)
}

function append<Frame extends RangeFrame | FocusedFrame>(held: Held<Frame>, frame: Frame): void {
  for (const [i, entry] of frame.entries.entries()) {
    const last = i === 0 && held.more === 'bytes' ? held.entries.at(-1) : undefined
    if (last === undefined) held.entries.push({ entry, pieces: [entry.bytes] })
    else last.pieces.push(entry.bytes)
    held.bytes += entry.bytes.length + entryEnvelopeBytes
  }
  held.more = frame.more
}

const wholeOf = <Frame extends RangeFrame | FocusedFrame>({ head, entries }: Held<Frame>): Frame => ({
  ...head,
  entries: entries.map(({ entry, pieces }) => (pieces.length === 1 ? entry : { ...entry, bytes: concat(pieces) })),
  more: 'no',
})

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
