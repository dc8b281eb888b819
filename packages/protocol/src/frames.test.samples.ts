/** One or more frames of every kind, with every flag of the entries: golden bytes and bit flips are made of them. */
import {
  collectionName,
  deviceId,
  entityId,
  fieldName,
  firstGeneration,
  spaceId,
  stampAt,
  userId,
  writerId,
} from '@rejoin/base'
import type { ClientFrame, PushEntry, RangeUpdate, ServerFrame, Token } from './index.ts'
import {
  cursorsHash,
  defaultLimits,
  emptyToken,
  encodeToken,
  everything,
  interestIn,
  protocolVersion,
} from './index.ts'

export const tokenAt = (seq: number): Token =>
  encodeToken({
    epoch: '0123456789abcdef'.repeat(2),
    seq,
    hash: new Uint8Array(16).fill(0xaa),
    mac: new Uint8Array(16).fill(0xbb),
  })

const opaque = (digits: string): string => digits.repeat(32 / digits.length)
const laterGeneration = { number: 2, id: opaque('77') }
const accessToken = 'eyJhbGciOiJIUzI1NiJ9.e30.x'
const space = spaceId('course-7')
const stamp = stampAt(Date.UTC(2026, 0, 1))
const notes = collectionName('notes')
const entity = entityId(opaque('19b76f3a'))

export const entry = (n: number, more: Partial<PushEntry> = {}): PushEntry => ({
  n,
  kind: 'update',
  document: 0,
  after: undefined,
  group: 0,
  groupSize: 1,
  stamp,
  encoding: 'yjs-1',
  bytes: Uint8Array.of(n & 255, 1, 2),
  ...more,
})

export const update = (n: number, more: Partial<RangeUpdate> = {}): RangeUpdate => ({
  kind: 'update',
  document: 0,
  writer: 0,
  n,
  encoding: 'yjs-1',
  bytes: Uint8Array.of(n & 255, 1, 2),
  ...more,
})

const documents: ClientFrame & ServerFrame = {
  kind: 'documents',
  documents: [
    { slot: 0, address: { collection: notes, entity, part: 'shared', field: '' }, generation: firstGeneration },
    {
      slot: 1,
      address: { collection: notes, entity, part: 'shared', field: fieldName('body') },
      generation: firstGeneration,
    },
    { slot: 900, address: { collection: notes, entity, part: 'server', field: '' }, generation: laterGeneration },
    {
      slot: 901,
      address: { collection: notes, entity: entityId('welcome'), part: `owner:${userId('ada')}`, field: '' },
      generation: firstGeneration,
    },
  ],
}

export const clientSamples: Readonly<Record<string, ClientFrame>> = {
  'hello': {
    kind: 'hello',
    protocol: protocolVersion,
    device: deviceId(opaque('0d')),
    accessToken,
    cursors: cursorsHash([{ space, interest: everything, token: tokenAt(12) }]),
  },
  'hello, not level': {
    kind: 'hello',
    protocol: protocolVersion,
    device: deviceId(opaque('0d')),
    accessToken: '',
    cursors: new Uint8Array(0),
  },
  'auth': { kind: 'auth', accessToken },
  'space': { kind: 'space', slot: 0, space },
  'writer': { kind: 'writer', slot: 3, space: 0, writer: writerId(opaque('3c')), clientIds: [0, 1, 0xffffffff] },
  'documents': documents,
  'subscribe': { kind: 'subscribe', stream: 0, space: 0, interest: everything, after: tokenAt(12), seen: tokenAt(14) },
  'subscribe, narrow and new': {
    kind: 'subscribe',
    stream: 1,
    space: 0,
    interest: interestIn(['notes', 'tasks'], ['chat/c1']),
    after: emptyToken,
    seen: emptyToken,
  },
  'unsubscribe': { kind: 'unsubscribe', stream: 1 },
  'credit': { kind: 'credit', stream: 0, bytes: 524_288 },
  'push': {
    kind: 'push',
    writer: 3,
    entries: [
      entry(41, { document: 1, group: 41, groupSize: 2, after: { writer: 3, n: 39 } }),
      entry(42, { document: 0, group: 41, groupSize: 2, after: { writer: 2, n: 7 } }),
      entry(43, { document: 1, after: { writer: 3, n: 41 }, stamp: stamp + 250 * 4096 }),
      entry(44, { document: 2, stamp: stamp + 250 * 4096 + 3, encoding: 'yjs-2', kind: 'recovery' }),
      entry(50, { document: 300, group: 49, groupSize: 3, bytes: new Uint8Array(0) }),
      entry(51, { document: 300, group: 49, groupSize: 3, after: { writer: 3, n: 50 } }),
    ],
  },
  'ask': { kind: 'ask', writer: 3, intervals: [1, 40, 42, 42, 50, 51] },
  'focus': { kind: 'focus', stream: 0, document: 1 },
  'presence': { kind: 'presence', space: 0, document: 1, bytes: Uint8Array.of(1, 2, 3) },
  'ping': { kind: 'ping' },
  'unsupported': { kind: 'unsupported', type: 200 },
}

export const serverSamples: Readonly<Record<string, ServerFrame>> = {
  'welcome': {
    kind: 'welcome',
    protocol: protocolVersion,
    session: opaque('5e'),
    clockMs: Date.UTC(2026, 0, 1),
    limits: defaultLimits,
    level: true,
  },
  'subscribed': { kind: 'subscribed', stream: 0, verdict: 'continue', head: tokenAt(14) },
  'subscribed, restart': { kind: 'subscribed', stream: 1, verdict: 'restart', head: tokenAt(2) },
  'unsubscribed': {
    kind: 'unsubscribed',
    stream: 1,
    error: 'forbidden',
    message: 'Your role in this space was withdrawn.',
  },
  'stream': { kind: 'stream', slot: 70_000, stream: 0 },
  'documents': documents,
  'writer': { kind: 'writer', slot: 9, writer: writerId(opaque('3c')), user: userId('ada') },
  'range': {
    kind: 'range',
    stream: 70_000,
    from: 12,
    token: tokenAt(20),
    more: 'no',
    entries: [
      { kind: 'snapshot', document: 5, encoding: 'yjs-2', bytes: new Uint8Array(300).fill(6) },
      update(12, { document: 6, writer: 9 }),
      update(13, { document: 5, writer: 9 }),
      update(1, { document: 5, writer: 10, kind: 'recovery', encoding: 'automerge' }),
      update(14, { document: 5, writer: 9 }),
    ],
  },
  'range, empty': { kind: 'range', stream: 70_000, from: 20, token: tokenAt(21), more: 'no', entries: [] },
  'range, continued': {
    kind: 'range',
    stream: 70_000,
    from: 0,
    token: tokenAt(20),
    more: 'bytes',
    entries: [{ kind: 'snapshot', document: 5, encoding: 'yjs-2', bytes: Uint8Array.of(9) }],
  },
  'focused': {
    kind: 'focused',
    stream: 70_000,
    document: 5,
    to: 20,
    more: 'no',
    entries: [update(12, { document: 5, writer: 9 })],
  },
  'acks': { kind: 'acks', writer: 3, intervals: [41, 44, 50, 51], head: tokenAt(27) },
  'reject': {
    kind: 'reject',
    writer: 3,
    intervals: [44, 44],
    error: 'rule',
    message: 'Grades are closed.',
    generation: undefined,
  },
  'reject, generation': {
    kind: 'reject',
    writer: 3,
    intervals: [44, 44],
    error: 'generation',
    message: '',
    generation: laterGeneration,
  },
  'retry': { kind: 'retry', writer: 3, intervals: [44, 44], error: 'gap', afterMs: 250 },
  'unknown': { kind: 'unknown', writer: 3, intervals: [1, 40] },
  'presence': {
    kind: 'presence',
    stream: 70_000,
    document: 5,
    session: opaque('5e'),
    user: userId('ada'),
    bytes: Uint8Array.of(1, 2, 3),
  },
  'pong': { kind: 'pong', clockMs: Date.UTC(2026, 0, 1) },
  'unsupported': { kind: 'unsupported', type: 63 },
  'error': { kind: 'error', error: 'rate-limited', message: 'Too many frames.', afterMs: 3000 },
}
