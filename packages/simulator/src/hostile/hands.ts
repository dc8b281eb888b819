import { encodings, noStamp, toHex } from '@rejoin/base'
import type { WriterId } from '@rejoin/base'
import type { PushEntry } from '@rejoin/protocol'
import type { Chance, HostileDeps } from './ground.ts'
import type { HostileLine, Target } from './hostile-line.ts'
import type { Memory } from './memory.ts'
import type { Payload } from './payloads/payload.ts'
import { payloads } from './payloads/payloads.ts'
import type { Payloads } from './payloads/payloads.ts'

/** What a deed may use. */
export interface Hands {
  readonly deps: HostileDeps
  readonly memory: Memory
  readonly writer: WriterId
  /** Its connection, while the server has welcomed it. */
  readonly line: HostileLine | undefined
  readonly entities: Target[]
  readonly found: ReadonlyMap<string, Target>
  readonly accepted: readonly { readonly n: number; readonly target: Target }[]
  beside(greet: (line: HostileLine) => void, forMs: number): HostileLine | undefined
  deafFor(ms: number): void
  /** One of its own that has written nothing. */
  newWriter(chance: Chance): WriterId
  nextNumber(space: string, step?: number): number
  writes(n: number, target: Target): void
}

/** Does one deed now, if it can; false if it could not. */
export type Deed = (hands: Hands, chance: Chance) => boolean

export const entryOf = (n: number, document: number, payload: Payload, more: Partial<PushEntry> = {}): PushEntry => ({
  n,
  kind: 'update',
  document,
  after: undefined,
  group: 0,
  groupSize: 1,
  stamp: noStamp,
  ...payload,
  ...more,
})

/** What can be written into a document, by the engine that its collection is in. */
export const payloadsFor = ({ deps }: Hands, { collection }: Target): Payloads =>
  payloads[deps.ground.engines[collection] ?? 'yjs']

/** A payload for a server that does not look inside. */
export const opaque = (bytes: Uint8Array): Payload => ({ encoding: encodings[0], bytes })

/** A document of its own space: of an entity that it makes, has made, or found there. */
export function target(hands: Hands, line: HostileLine, chance: Chance): Target {
  if (hands.found.size > 0 && chance.chance(0.3)) return chance.pick([...hands.found.values()])
  const { fields } = hands.deps.ground
  if (hands.entities.length === 0 || chance.chance(0.2)) make(hands, line, chance)
  const { collection, entity } = chance.pick(hands.entities)
  return { collection, entity, field: chance.pick(fields[collection] ?? ['']) }
}

/** The shared registers of an entity that nobody has made. */
export function unmade({ deps }: Hands, chance: Chance): Target {
  const entity = `mallory-${toHex(chance.bytes(8))}`
  return { collection: chance.pick(Object.keys(deps.ground.fields)), entity, field: '' }
}

/** Makes an entity in its own space. */
export function make(hands: Hands, line: HostileLine, chance: Chance): Target {
  const made = unmade(hands, chance)
  hands.entities.push(made)
  writeOwn(hands, line, made, payloadsFor(hands, made).making(hands.writer, chance.below(2 ** 31)))
  return made
}

/** Pushes one entry in its own space, under its own name. Returns its number. */
export function writeOwn(
  hands: Hands,
  line: HostileLine,
  at: Target,
  payload: Payload,
  more: Partial<PushEntry> = {},
): number {
  const { own } = hands.deps.ground
  const n = more.n ?? hands.nextNumber(own)
  hands.writes(n, at)
  line.push(line.writer(own, hands.writer), entryOf(n, line.document(at), payload, more))
  return n
}

/** Keys of documents as logs and tapes have them. */
export const keyOf = ({ collection, entity, field }: Target): string => `${collection}/${entity}/shared/${field}`
