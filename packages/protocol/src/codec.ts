import { ByteReader, ByteWriter, BytesError, crc32, err, ok, RejoinError } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { FrameError } from './error.ts'
import type { ClientFrame, ServerFrame } from './frames.ts'
import { defaultLimits } from './limits.ts'
import type { Limits } from './limits.ts'
import { clientShapes, serverShapes } from './shapes.ts'
import type { Shape } from './shapes.ts'

/** The caller keeps the limits of the other side; see `cutFrames` for ranges. */
export const encodeClientFrame = (frame: ClientFrame): Uint8Array => encode(clientShapes, frame)
export const encodeServerFrame = (frame: ServerFrame): Uint8Array => encode(serverShapes, frame)

/** Total. Byte fields of the frame are views into `bytes`: copy what outlives it, if the buffer is used again. */
export const decodeClientFrame = (bytes: Uint8Array, limits: Limits = defaultLimits): Result<ClientFrame, FrameError> =>
  decode(fromClients, bytes, limits)
export const decodeServerFrame = (bytes: Uint8Array, limits: Limits = defaultLimits): Result<ServerFrame, FrameError> =>
  decode(fromServers, bytes, limits)

const checksumBytes = 4

function encode<Frame extends { readonly kind: string }>(
  shapes: Readonly<Record<Frame['kind'], Shape<Frame>>>,
  frame: Frame,
): Uint8Array {
  const shape = shapes[frame.kind as Frame['kind']]
  const out = new ByteWriter().byte(shape.type)
  shape.write(out, frame)
  return out.fixed32(crc32(out.view())).finish()
}

/** The frames that one side may send, and what to call those of the other side. */
interface Direction<Frame> {
  readonly shapes: ReadonlyMap<number, Shape<Frame>>
  readonly others: ReadonlyMap<number, string>
  readonly sender: string
}

const fromClients: Direction<ClientFrame> = {
  shapes: byType<ClientFrame>(clientShapes),
  others: namesByType(serverShapes),
  sender: 'server',
}
const fromServers: Direction<ServerFrame> = {
  shapes: byType<ServerFrame>(serverShapes),
  others: namesByType(clientShapes),
  sender: 'client',
}

function decode<Frame>(direction: Direction<Frame>, bytes: Uint8Array, limits: Limits): Result<Frame, FrameError> {
  if (bytes.length === 0) return refuse('bad-frame', 'the frame is empty')
  if (bytes.length > limits.frameBytesMax)
    return refuse('too-large', `the frame has ${bytes.length} bytes; frameBytesMax is ${limits.frameBytesMax}`)
  if (bytes.length <= checksumBytes) return refuse('bad-frame', 'the frame is shorter than a type and a checksum')
  const content = bytes.subarray(0, -checksumBytes)
  if (new ByteReader(bytes.subarray(-checksumBytes)).fixed32() !== crc32(content))
    return refuse('checksum', 'the checksum of the frame does not match')
  return read(direction, new ByteReader(content), limits)
}

function read<Frame>(
  { shapes, others, sender }: Direction<Frame>,
  from: ByteReader,
  limits: Limits,
): Result<Frame, FrameError> {
  const type = from.byte()
  const shape = shapes.get(type)
  const other = others.get(type)
  if (other !== undefined) return refuse('bad-frame', `only a ${sender} sends ${other} frames`)
  if (shape === undefined)
    return err({ kind: 'unknown-type', type, message: `frames of type ${type} are not known here` })
  try {
    const frame = shape.read(from, limits)
    from.end()
    return ok(frame)
  } catch (error) {
    return refusalOf(error)
  }
}

function refusalOf(error: unknown): Result<never, FrameError> {
  if (error instanceof BytesError) return refuse('bad-frame', error.message)
  if (!(error instanceof RejoinError)) throw error
  const { kind, message } = error
  return refuse(kind === 'bad-id' || kind === 'too-large' || kind === 'protocol-version' ? kind : 'bad-frame', message)
}

const refuse = (kind: Exclude<FrameError['kind'], 'unknown-type'>, message: string): Result<never, FrameError> =>
  err({ kind, message })

function byType<Frame>(shapes: Readonly<Record<string, Shape<Frame>>>): ReadonlyMap<number, Shape<Frame>> {
  return new Map(Object.values(shapes).map((shape) => [shape.type, shape]))
}

function namesByType(shapes: Readonly<Record<string, { readonly type: number }>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(shapes).map(([kind, { type }]) => [type, kind]))
}
