import {
  collectionName,
  encodings,
  entityId,
  fieldName,
  firstGeneration,
  newDeviceId,
  newWriterId,
  noStamp,
  spaceId,
  toHex,
} from '@rejoin/base'
import type { DeviceId, DocumentAddress, Part, WriterId } from '@rejoin/base'
import {
  createJoiner,
  decodeServerFrame,
  defaultLimits,
  emptyToken,
  encodeClientFrame,
  everything,
  protocolVersion,
} from '@rejoin/protocol'
import type { ClientFrame, Interest, PushEntry, RangeFrame, ServerFrame, Token } from '@rejoin/protocol'
import type { RejoinServer } from '../server.ts'
import type { World } from './world.ts'

/** The client's side of one connection by hand: frames go in, frames come out. */
export interface Peer {
  readonly device: DeviceId
  readonly writer: WriterId
  readonly received: readonly ServerFrame[]
  /** The close code, once the server has closed. */
  readonly closed: { readonly code: number; readonly reason: string } | undefined
  send(...frames: readonly ClientFrame[]): void
  sendBytes(bytes: Uint8Array): void
  of<Kind extends ServerFrame['kind']>(kind: Kind): readonly Extract<ServerFrame, { kind: Kind }>[]
  /** The bytes of the frames of a kind, as hex. */
  rawOf(kind: ServerFrame['kind']): readonly string[]
  /** The entries of all complete ranges so far, with names for slots. */
  entries(): readonly SeenEntry[]
  forget(): void
  disconnect(): void
  /** Bytes that the connection seems not to have sent yet. */
  buffered: number
}

export interface SeenEntry {
  readonly document: string
  readonly kind: string
  readonly writer: string | undefined
  readonly user: string | undefined
  readonly n: number
  readonly bytes: string
}

export interface PeerOptions {
  readonly device?: DeviceId
  readonly writer?: WriterId
}

export function connectPeer(server: RejoinServer, world: World, options: PeerOptions = {}): Peer {
  const received: ServerFrame[] = []
  const raw: (readonly [kind: ServerFrame['kind'], hex: string])[] = []
  const joiner = createJoiner(defaultLimits)
  const ranges: RangeFrame[] = []
  let closed: Peer['closed']
  const keep = (range: RangeFrame): void => {
    const whole = joiner.join(range)
    if (!whole.ok) throw new Error(whole.error.message)
    if (whole.value?.kind === 'range') ranges.push(whole.value)
  }
  const session = server.accept({
    send: (bytes) => {
      const frame = decodeServerFrame(bytes)
      if (!frame.ok) throw new Error(`the server sent a bad frame: ${frame.error.message}`)
      received.push(frame.value)
      raw.push([frame.value.kind, toHex(bytes)])
      if (frame.value.kind === 'range') keep(frame.value)
    },
    close: (code, reason) => (closed = { code, reason }),
    buffered: () => peer.buffered,
  })
  const peer: Peer = {
    device: options.device ?? newDeviceId(world.ports.random),
    writer: options.writer ?? newWriterId(world.ports.random),
    received,
    get closed() {
      return closed
    },
    send: (...frames) => {
      for (const frame of frames) session.receive(encodeClientFrame(frame))
    },
    sendBytes: (bytes) => session.receive(bytes),
    of: <Kind extends ServerFrame['kind']>(kind: Kind) =>
      received.filter((frame): frame is Extract<ServerFrame, { kind: Kind }> => frame.kind === kind),
    rawOf: (kind) => raw.filter(([one]) => one === kind).map(([, hex]) => hex),
    entries: () => ranges.flatMap((range) => range.entries.map((entry) => seen(received, entry))),
    forget: () => {
      ranges.length = 0
      received.splice(0, received.length, ...received.filter((frame) => isDeclaration(frame)))
    },
    disconnect: () => session.closed(),
    buffered: 0,
  }
  return peer
}

const isDeclaration = ({ kind }: ServerFrame): boolean => kind === 'documents' || kind === 'writer' || kind === 'stream'

function seen(received: readonly ServerFrame[], entry: RangeFrame['entries'][number]): SeenEntry {
  const documents = received.flatMap((frame) => (frame.kind === 'documents' ? frame.documents : []))
  const address = documents.findLast(({ slot }) => slot === entry.document)?.address
  const author =
    entry.kind === 'snapshot'
      ? undefined
      : received.findLast((frame) => frame.kind === 'writer' && frame.slot === entry.writer)
  return {
    document:
      address === undefined ? 'undeclared' : `${address.collection}/${address.entity}/${address.part}/${address.field}`,
    kind: entry.kind,
    writer: author?.kind === 'writer' ? author.writer : undefined,
    user: author?.kind === 'writer' ? author.user : undefined,
    n: entry.kind === 'snapshot' ? 0 : entry.n,
    bytes: new TextDecoder().decode(entry.bytes),
  }
}

export const hello = (
  peer: Pick<Peer, 'device'>,
  accessToken: string,
  cursors: Uint8Array = new Uint8Array(0),
): ClientFrame => ({
  kind: 'hello',
  protocol: protocolVersion,
  device: peer.device,
  accessToken,
  cursors,
})

export const space = (name: string, slot = 0): ClientFrame => ({ kind: 'space', slot, space: spaceId(name) })

export const declareWriter = (
  writer: WriterId,
  options: { slot?: number; space?: number; clientIds?: readonly number[] } = {},
): ClientFrame => ({
  kind: 'writer',
  slot: options.slot ?? 0,
  space: options.space ?? 0,
  writer,
  clientIds: options.clientIds ?? [],
})

export const address = (entity: string, field = '', part: Part = 'shared', collection = 'notes'): DocumentAddress => ({
  collection: collectionName(collection),
  entity: entityId(entity),
  part,
  field: field === '' ? '' : fieldName(field),
})

export const documents = (...addresses: readonly DocumentAddress[]): ClientFrame => documentsFrom(0, ...addresses)

/** Declared under consecutive slots. */
export const documentsFrom = (first: number, ...addresses: readonly DocumentAddress[]): ClientFrame => ({
  kind: 'documents',
  documents: addresses.map((one, i) => ({ slot: first + i, address: one, generation: firstGeneration })),
})

export const entry = (n: number, text: string, options: Partial<Omit<PushEntry, 'n' | 'bytes'>> = {}): PushEntry => ({
  n,
  kind: 'update',
  document: 0,
  after: undefined,
  group: 0,
  groupSize: 1,
  stamp: noStamp,
  encoding: encodings[0],
  bytes: new TextEncoder().encode(text),
  ...options,
})

export const push = (...entries: readonly PushEntry[]): ClientFrame => ({ kind: 'push', writer: 0, entries })

export const subscribe = (
  options: { stream?: number; space?: number; interest?: Interest; after?: Token; seen?: Token } = {},
): ClientFrame => ({
  kind: 'subscribe',
  stream: options.stream ?? 0,
  space: options.space ?? 0,
  interest: options.interest ?? everything,
  after: options.after ?? emptyToken,
  seen: options.seen ?? options.after ?? emptyToken,
})
