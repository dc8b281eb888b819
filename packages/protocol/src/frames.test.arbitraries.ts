/** Frames of every kind, any that a correct sender may make. */
import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import {
  collectionName,
  deviceId,
  encodings,
  entityId,
  entryKinds,
  errorKinds,
  fieldName,
  firstGeneration,
  isId,
  spaceId,
  toIntervals,
  userId,
  writerId,
} from '@rejoin/base'
import type { Encoding, Generation, Intervals, Part } from '@rejoin/base'
import type {
  ClientFrame,
  DocumentDeclaration,
  Interest,
  Limits,
  PushEntry,
  RangeEntry,
  ServerFrame,
  Token,
} from './index.ts'
import { defaultLimits, emptyToken, encodeToken, interestIn, limitNames, protocolVersion, seqOf } from './index.ts'

const slot = fc.oneof(fc.nat(9), fc.nat(70_000), fc.maxSafeNat())
const count = fc.oneof(fc.nat(300), fc.maxSafeNat())
const bytes = fc.uint8Array({ maxLength: 200, size: 'max' })
const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 })
const opaque = fc.stringMatching(/^[0-9a-f]{32}$/)
const id = fc.oneof(fc.stringMatching(/^[A-Za-z0-9._~-]{1,20}$/).filter(isId), opaque, fc.constant('x'.repeat(128)))
const kind = fc.constantFrom(...errorKinds)
const message = fc.string({ unit: 'grapheme', maxLength: 80 })
const later: Arbitrary<Generation> = fc.record({ number: count.filter((n) => n > 0), id: opaque })
const encoding: Arbitrary<Encoding> = fc.constantFrom(...encodings)
const n = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2 ** 53 - 1 }))

export const token: Arbitrary<Token> = fc.oneof(
  fc.constant(emptyToken),
  fc.record({ epoch: opaque, seq: count, hash: sixteen, mac: sixteen }).map(encodeToken),
)

export const intervals: Arbitrary<Intervals> = fc
  .array(fc.nat(200), { minLength: 1, maxLength: 60 })
  .map((numbers) => toIntervals(numbers.map((x) => x + 1)))

export const interest: Arbitrary<Interest> = fc
  .tuple(fc.array(id, { maxLength: 5 }), fc.array(fc.tuple(id, id), { maxLength: 5 }))
  .map(([collections, entities]) =>
    interestIn(
      collections,
      entities.map((pair) => pair.join('/')),
    ),
  )

const part: Arbitrary<Part> = fc.oneof(
  fc.constant<Part>('shared'),
  fc.constant<Part>('server'),
  id.map((user): Part => `owner:${userId(user)}`),
)

export const declaration: Arbitrary<DocumentDeclaration> = fc.record({
  slot,
  address: fc.record({
    collection: fc.constantFrom('notes', 'tasks').map(collectionName),
    entity: fc.oneof(fc.constantFrom('a', 'b'), id).map(entityId),
    part,
    field: fc.oneof(fc.constant('' as const), id.map(fieldName)),
  }),
  generation: fc.oneof(fc.constant(firstGeneration), later),
})

const grouping = fc.oneof(
  fc.constant({ group: 0, groupSize: 1 }),
  fc
    .tuple(fc.nat(5), fc.integer({ min: 2, max: 8 }))
    .map(([back, size]) => ({ group: -Math.min(back, size - 1), groupSize: size })),
)

export const pushEntry: Arbitrary<PushEntry> = fc
  .record({
    n,
    kind: fc.constantFrom(...entryKinds),
    document: fc.oneof(fc.nat(4), slot),
    after: fc.option(fc.record({ writer: fc.oneof(fc.constant(1), slot), n }), { nil: undefined }),
    grouping,
    stamp: fc.oneof(
      fc.nat(40).map((ms) => ms * 4096),
      fc.maxSafeNat(),
    ),
    encoding,
    bytes,
  })
  .map(({ grouping: { group, groupSize }, ...entry }) =>
    groupSize === 1 || entry.n + group < 1
      ? { ...entry, group: 0, groupSize: 1 }
      : { ...entry, group: entry.n + group, groupSize },
  )

export const rangeEntry: Arbitrary<RangeEntry> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(...entryKinds),
    document: fc.oneof(fc.nat(4), slot),
    writer: fc.nat(3),
    n,
    encoding,
    bytes,
  }),
  fc.record({ kind: fc.constant('snapshot' as const), document: fc.oneof(fc.nat(4), slot), encoding, bytes }),
)

const limits: Arbitrary<Limits> = fc
  .record(Object.fromEntries(limitNames.map((name) => [name, fc.integer({ min: 0, max: 999 })])))
  .map(
    (more) =>
      Object.fromEntries(
        limitNames.map((name) => [
          name,
          defaultLimits[name] + (name.startsWith('entr') || name.startsWith('documentsPer') ? 0 : (more[name] ?? 0)),
        ]),
      ) as unknown as Limits,
  )

const documents = fc.record({
  kind: fc.constant('documents' as const),
  documents: fc.array(declaration, { maxLength: 8 }),
})
const unsupported = fc.record({ kind: fc.constant('unsupported' as const), type: fc.nat(255) })
const entries = fc.array(rangeEntry, { maxLength: 12 })
const more = fc.constantFrom('no' as const, 'entries' as const, 'bytes' as const)
const is = <Kind extends string>(name: Kind): Arbitrary<Kind> => fc.constant(name)

export const clientFrame: Arbitrary<ClientFrame> = fc.oneof(
  fc.record({
    kind: is('hello'),
    protocol: fc.constant(protocolVersion),
    device: opaque.map(deviceId),
    accessToken: message,
    cursors: fc.oneof(sixteen, fc.constant(new Uint8Array(0))),
  }),
  fc.record({ kind: is('auth'), accessToken: message }),
  fc.record({ kind: is('space'), slot, space: id.map(spaceId) }),
  fc.record({
    kind: is('writer'),
    slot,
    space: slot,
    writer: opaque.map(writerId),
    clientIds: fc.array(fc.nat(0xffffffff), { maxLength: 5 }),
  }),
  documents,
  fc.record({ kind: is('subscribe'), stream: slot, space: slot, interest, after: token, seen: token }),
  fc.record({ kind: is('unsubscribe'), stream: slot }),
  fc.record({ kind: is('credit'), stream: slot, bytes: count }),
  fc.record({
    kind: is('push'),
    writer: fc.oneof(fc.constant(1), slot),
    entries: fc.array(pushEntry, { maxLength: 12 }),
  }),
  fc.record({ kind: is('ask'), writer: slot, intervals }),
  fc.record({ kind: is('focus'), stream: slot, document: slot }),
  fc.record({ kind: is('presence'), space: slot, document: slot, bytes }),
  fc.record({ kind: is('ping') }),
  unsupported,
)

export const serverFrame: Arbitrary<ServerFrame> = fc.oneof(
  fc.record({
    kind: is('welcome'),
    protocol: fc.constant(protocolVersion),
    session: opaque,
    clockMs: count,
    limits,
    level: fc.boolean(),
  }),
  fc.record({
    kind: is('subscribed'),
    stream: slot,
    verdict: fc.constantFrom('continue' as const, 'restart' as const),
    head: token,
  }),
  fc.record({ kind: is('unsubscribed'), stream: slot, error: kind, message }),
  fc.record({ kind: is('stream'), slot, stream: slot }),
  documents,
  fc.record({ kind: is('writer'), slot, writer: opaque.map(writerId), user: id.map(userId) }),
  fc
    .record({ kind: is('range'), stream: slot, from: count, token, more, entries })
    .map((range) => ({ ...range, from: Math.min(range.from, seqOf(range.token)) })),
  fc.record({ kind: is('focused'), stream: slot, document: slot, to: count, more, entries }),
  fc.record({ kind: is('acks'), writer: slot, intervals, head: token }),
  fc.record({
    kind: is('reject'),
    writer: slot,
    intervals,
    error: kind,
    message,
    generation: fc.option(later, { nil: undefined }),
  }),
  fc.record({ kind: is('retry'), writer: slot, intervals, error: kind, afterMs: count }),
  fc.record({ kind: is('unknown'), writer: slot, intervals }),
  fc.record({ kind: is('presence'), stream: slot, document: slot, session: opaque, user: id.map(userId), bytes }),
  fc.record({ kind: is('pong'), clockMs: count }),
  unsupported,
  fc.record({ kind: is('error'), error: kind, message, afterMs: count }),
)
