import assert from 'node:assert/strict'
import {
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  encodeToken,
} from '@rejoin/protocol'
import type { ClientFrame, PushEntry, RangeEntry, ServerFrame } from '@rejoin/protocol'
import type { Bench, BenchOptions, Case, Contestant } from '../bench.ts'
import type { Seeded } from '../seeded.ts'

/** What the envelope costs: frames of small entries encoded and decoded, beside copying the entries' bytes. */
export const codec: Bench = {
  name: 'codec',
  about: 'frames of entries encoded and decoded, beside copying the bytes of the entries there and back',
  prepare: (options) => {
    const frames = options.quick ? 20 : 100
    const entriesEach = 500
    const payloads = Array.from({ length: frames * entriesEach }, () => payload(options))
    const chunks = Array.from({ length: frames }, (_, i) => payloads.slice(i * entriesEach, (i + 1) * entriesEach))
    return Promise.resolve([
      codecCase('push of keystrokes', chunks, pushes(chunks), encodeClientFrame, decodeClientFrame),
      codecCase('range of keystrokes', chunks, ranges(chunks, options.random), encodeServerFrame, decodeServerFrame),
    ])
  },
}

/** As long as an update of one keystroke: 20 to 30 bytes. */
const payload = ({ random }: BenchOptions): Uint8Array => random.bytes(20 + random.integer(11))

/** One author, two documents by turns: a text and the registers beside it. */
function pushes(chunks: readonly (readonly Uint8Array[])[]): ClientFrame[] {
  let n = 0
  const entry = (bytes: Uint8Array): PushEntry => {
    n++
    const stamp = 2 ** 50 + 4096 * Math.floor(n / 2)
    const after = n > 2 ? { writer: 0, n: n - 2 } : undefined
    return { n, kind: 'update', document: n % 2, after, group: 0, groupSize: 1, stamp, encoding: 'yjs-1', bytes }
  }
  return chunks.map((chunk) => ({ kind: 'push', writer: 0, entries: chunk.map(entry) }))
}

/** Three writers, two documents. */
function ranges(chunks: readonly (readonly Uint8Array[])[], random: Seeded): ServerFrame[] {
  let n = 0
  const entry = (bytes: Uint8Array): RangeEntry => {
    n++
    return { kind: 'update', document: n % 2, writer: n % 3, n: Math.ceil(n / 3), encoding: 'yjs-1', bytes }
  }
  return chunks.map((chunk) => {
    const from = n
    const entries = chunk.map(entry)
    const token = encodeToken({ epoch: 'e'.repeat(32), seq: n, hash: random.bytes(16), mac: random.bytes(16) })
    return { kind: 'range', stream: 0, from, token, entries, more: 'no' }
  })
}

type Decoded<Frame> = { readonly ok: true; readonly value: Frame } | { readonly ok: false; readonly error: unknown }

function codecCase<Frame extends ClientFrame | ServerFrame>(
  name: string,
  chunks: readonly (readonly Uint8Array[])[],
  frames: readonly Frame[],
  encode: (frame: Frame) => Uint8Array,
  decode: (bytes: Uint8Array) => Decoded<Frame>,
): Case {
  const count = chunks.flat().length
  return {
    name,
    count,
    unit: 'entries',
    contestants: [
      copying(chunks),
      {
        name: 'encode and decode',
        role: 'subject',
        run: () => frames.map((frame) => decode(encode(frame))),
        verify: (decoded) => assert.deepEqual((decoded as Decoded<Frame>[]).map(valueOf).map(plain), frames.map(plain)),
        figures: () => ({ 'B of envelope each': (bytesIn(frames.map(encode)) - bytesIn(chunks.flat())) / count }),
      },
      {
        name: 'encode',
        role: 'subject',
        run: () => frames.map(encode),
        verify: (encoded) =>
          assert.deepEqual((encoded as Uint8Array[]).map(decode).map(valueOf).map(plain), frames.map(plain)),
      },
      jsonWithBase64(frames),
    ],
  }
}

/** Into one buffer and out of it: no envelope, no checksum, nothing checked. */
function copying(chunks: readonly (readonly Uint8Array[])[]): Contestant {
  return {
    name: 'copy there and back',
    role: 'limit',
    run: () => chunks.map(copied),
    verify: (copies) => assert.deepEqual((copies as Uint8Array[][]).flat(), chunks.flat()),
  }
}

function copied(chunk: readonly Uint8Array[]): Uint8Array[] {
  const buffer = new Uint8Array(bytesIn(chunk))
  let position = 0
  for (const bytes of chunk) {
    buffer.set(bytes, position)
    position += bytes.length
  }
  position = 0
  return chunk.map(({ length }) => buffer.slice(position, (position += length)))
}

function jsonWithBase64(frames: readonly object[]): Contestant {
  const write = (frame: object): string =>
    JSON.stringify(frame, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    )
  return {
    name: 'JSON with base64',
    role: 'peer',
    run: () => frames.map((frame) => JSON.parse(write(frame)) as unknown),
    verify: (parsed) => assert.deepEqual((parsed as object[]).map(write), frames.map(write)),
  }
}

function valueOf<Frame>(decoded: Decoded<Frame>): Frame {
  if (!decoded.ok) throw new Error('a frame was not decoded', { cause: decoded.error })
  return decoded.value
}

/** For comparing: bytes as arrays of their own, whatever buffer they are a view of. */
const plain = (frame: object): unknown =>
  JSON.parse(JSON.stringify(frame, (_, value: unknown) => (value instanceof Uint8Array ? [...value] : value)))

const bytesIn = (parts: readonly Uint8Array[]): number => parts.reduce((total, { length }) => total + length, 0)
