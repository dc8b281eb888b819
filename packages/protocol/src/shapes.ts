import { deviceId, isOpaqueId, RejoinError, spaceId, userId, writerId } from '@rejoin/base'
import type { ByteReader, ByteWriter } from '@rejoin/base'
import { codesShape } from './close.ts'
import { documentDeclarations } from './document-declarations.ts'
import {
  boolean,
  bytes,
  checked,
  choice,
  list,
  name,
  number,
  opaque,
  optional,
  record,
  sentence,
  text,
} from './field.ts'
import type { Field } from './field.ts'
import {
  clientId,
  errorKind,
  hashOrNone,
  intervals,
  interest,
  laterGeneration,
  limitTable,
  token,
  version,
} from './fields.ts'
import type { ClientFrame, ServerFrame } from './frames.ts'
import { limitNames } from './limits.ts'
import type { Limits } from './limits.ts'
import { pushBody } from './push-body.ts'
import { rangeEntries } from './range-entries.ts'
import { seqOf } from './token.ts'
import type { Token } from './token.ts'

/** The bytes of one kind of frame: its type byte and the fields of its body. */
export interface Shape<Frame> {
  readonly type: number
  readonly layout: string
  write(out: ByteWriter, frame: Frame): void
  read(from: ByteReader, limits: Limits): Frame
}

type Shapes<Frame extends { readonly kind: string }> = {
  readonly [Kind in Frame['kind']]: Shape<Extract<Frame, { readonly kind: Kind }>>
}

const session = opaque(parseSession)
const more = choice(['no', 'entries', 'bytes'])

/** Client to server: types 1 to 63. A type is never given to another frame. `hello` begins with its version for ever. */
export const clientShapes: Shapes<ClientFrame> = {
  hello: shape(
    'hello',
    1,
    record({
      protocol: version,
      device: opaque(deviceId),
      accessToken: text('accessTokenBytesMax'),
      cursors: hashOrNone,
    }),
  ),
  auth: shape('auth', 2, record({ accessToken: text('accessTokenBytesMax') })),
  space: shape('space', 3, record({ slot: number, space: name(spaceId) })),
  writer: shape(
    'writer',
    4,
    record({ slot: number, space: number, writer: opaque(writerId), clientIds: list(clientId, 'clientIdsMax') }),
  ),
  documents: shape('documents', 5, record({ documents: documentDeclarations })),
  subscribe: shape('subscribe', 6, record({ stream: number, space: number, interest, after: token, seen: token })),
  unsubscribe: shape('unsubscribe', 7, record({ stream: number })),
  credit: shape('credit', 8, record({ stream: number, bytes: number })),
  push: shape('push', 9, pushBody),
  ask: shape('ask', 10, record({ writer: number, intervals })),
  focus: shape('focus', 11, record({ stream: number, document: number })),
  presence: shape('presence', 12, record({ space: number, document: number, bytes })),
  ping: shape('ping', 13, record({})),
  unsupported: shape('unsupported', 14, record({ type: number })),
}

/** Server to client: types 64 to 127. `error` can be read by every version. */
export const serverShapes: Shapes<ServerFrame> = {
  welcome: shape(
    'welcome',
    64,
    record({ protocol: version, session, clockMs: number, limits: limitTable, level: boolean }),
  ),
  subscribed: shape(
    'subscribed',
    65,
    record({ stream: number, verdict: choice(['continue', 'restart']), head: token }),
  ),
  unsubscribed: shape('unsubscribed', 66, record({ stream: number, error: errorKind, message: sentence })),
  stream: shape('stream', 67, record({ slot: number, stream: number })),
  documents: shape('documents', 68, record({ documents: documentDeclarations })),
  writer: shape('writer', 69, record({ slot: number, writer: opaque(writerId), user: name(userId) })),
  range: shape(
    'range',
    70,
    checked(record({ stream: number, from: number, token, more, entries: rangeEntries }), goesBack),
  ),
  focused: shape('focused', 71, record({ stream: number, document: number, to: number, more, entries: rangeEntries })),
  acks: shape('acks', 72, record({ writer: number, intervals, head: token })),
  reject: shape(
    'reject',
    73,
    record({ writer: number, intervals, error: errorKind, message: sentence, generation: optional(laterGeneration) }),
  ),
  retry: shape('retry', 74, record({ writer: number, intervals, error: errorKind, afterMs: number })),
  unknown: shape('unknown', 75, record({ writer: number, intervals })),
  presence: shape('presence', 76, record({ stream: number, document: number, session, user: name(userId), bytes })),
  pong: shape('pong', 77, record({ clockMs: number })),
  unsupported: shape('unsupported', 78, record({ type: number })),
  error: shape('error', 79, record({ error: errorKind, message: sentence, afterMs: number })),
}

/** All layouts in words: the test of the version pins a hash of it. */
export const layouts: string = [
  'frame: type1 body crc32(type body)',
  `error: ${codesShape}`,
  `limits: ${limitNames.join(' ')}`,
  ...Object.values(clientShapes).map(({ layout }) => layout),
  ...Object.values(serverShapes).map(({ layout }) => layout),
].join('\n')

function shape<Frame extends { readonly kind: string }>(
  kind: Frame['kind'],
  type: number,
  body: Field<Omit<Frame, 'kind'>>,
): Shape<Frame> {
  return {
    type,
    layout: `${type} ${kind} ${body.shape}`,
    write: (out, frame) => body.write(out, frame),
    read: (from, limits) => ({ kind, ...body.read(from, limits) }) as unknown as Frame,
  }
}

function goesBack({ from, token }: { readonly from: number; readonly token: Token }): string | undefined {
  return from > seqOf(token) ? 'a range ends before it begins' : undefined
}

function parseSession(id: string): string {
  if (!isOpaqueId(id)) throw new RejoinError('bad-id', 'not a session id')
  return id
}
