import type { DecodedChange } from '@automerge/automerge'
import { ByteWriter, noStamp } from '@rejoin/base'
import { hashes } from '@rejoin/server'
import { A } from '../../platform/automerge.ts'
import type { Chance } from '../ground.ts'
import { brand } from './payload.ts'
import type { Payload } from './payload.ts'

interface Operation {
  readonly action: string
  readonly obj: string
  /** Where in a map. */
  readonly key?: string
  /** Where in a text or list: the element that it is about, or behind which it inserts. */
  readonly elemId?: string
  readonly insert?: boolean
  readonly value?: unknown
  /** What it replaces. */
  readonly pred: readonly string[]
}
type Draft = Partial<Omit<DecodedChange, 'ops'>> & { readonly ops: readonly Operation[] }

/** Made once, the same everywhere: the map `r`, the text `t` and the list `l`. */
const roots = {
  r: { object: '1@72', hash: '817ebe2184ba02f3aaae50f24bc9c3f36839c1b01df40e34c4a4c48adcc0272f' },
  t: { object: '1@74', hash: 'f1786f7a55bd9d95432250452f4d29be5f815036fc0f362b772f1ada3ef1d8f3' },
  l: { object: '1@6c', hash: '8753f61aba730b10d898da14ca37a97dda23b65eed0856b6950734f84c52f232' },
} as const

/** What makes an entity, by bare Automerge. */
export const making = (writer: string, clientId: number): Payload =>
  changed(clientId, [put('@created', [noStamp, writer]), put('title', [noStamp, brand])], roots.r.hash)

/** A sound update to a document of text: the first of `client`, whoever that is. */
export const text = (client: number, said: string): Payload =>
  changed(client, typed(client, `${brand} ${said}`), roots.t.hash)

/** Builds on something that nobody will ever see. */
export function orphan(client: number): Payload {
  const { hash } = A.decodeChange(text(client, 'never sent').bytes)
  return encoded({ actor: actorOf(client), seq: 2, startOp: 100, deps: [hash], ops: typed(client, brand) })
}

/** One operation of each of these clients, which nobody reads. */
export function crowd(clients: readonly number[]): Payload {
  const ops: Operation[] = [{ action: 'set', obj: '_root', key: 'x', value: 1, pred: [] }]
  return joined(clients.map((client) => changed(client, ops)))
}

/** Everything that an engine should refuse, or survive. */
export const spoils: Readonly<Record<string, (chance: Chance) => Payload>> = {
  'junk': (chance) => raw(chance.bytes(1 + chance.below(200))),
  'junk in a chunk': (chance) => raw(chunk(chance.pick([0, 1, 2, 3, 9]), chance.bytes(1 + chance.below(200)))),
  'cut off': (chance) => {
    const { bytes } = text(chance.below(2 ** 31), 'cut')
    return raw(bytes.slice(0, 1 + chance.below(bytes.length - 1)))
  },
  'a flipped bit': (chance) => {
    const { bytes } = text(chance.below(2 ** 31), 'flipped')
    const at = chance.below(bytes.length)
    return raw(bytes.with(at, (bytes[at] ?? 0) ^ (1 << chance.below(8))))
  },
  'a flipped bit with its checksum': (chance) => {
    const { bytes } = text(chance.below(2 ** 31), 'flipped')
    const body = bytes.slice(10)
    const at = chance.below(body.length)
    return raw(chunk(1, body.with(at, (body[at] ?? 0) ^ (1 << chance.below(8)))))
  },
  'something behind the end': (chance) => {
    const { bytes } = text(chance.below(2 ** 31), 'more')
    return raw(Uint8Array.of(...bytes, ...chance.bytes(1 + chance.below(20))))
  },
  'never integrable': (chance) => orphan(chance.below(2 ** 31)),
  'one number twice': (chance) => {
    const client = chance.below(2 ** 31)
    return joined([text(client, 'one story'), text(client, 'another story, which is longer')])
  },
  'numbers from far away': (chance) => {
    const client = chance.below(2 ** 31)
    const [seq, startOp] = [chance.pick([1, 2 ** 32, 2 ** 50]), chance.pick([2 ** 31, 2 ** 32 - 1, 2 ** 45])]
    return encoded({ actor: actorOf(client), seq, startOp, deps: [roots.t.hash], ops: typed(client, brand) })
  },
  'an actor that is no client': (chance) =>
    encoded({ actor: chance.pick(['00', '72', 'ab'.repeat(16)]), ops: [put('title', [1, brand])] }),
  'a root of its own': (chance) => {
    const [key, action] = chance.pick([
      ['r', 'makeList'],
      ['t', 'makeMap'],
      ['l', 'makeText'],
      ['r', 'makeMap'],
    ] as const)
    return changed(chance.below(2 ** 31), [{ action, obj: '_root', key, pred: [] }])
  },
  'operations on nothing': (chance) => {
    const gone = `${chance.pick([2, 77, 2 ** 30])}@${actorOf(chance.below(2 ** 31))}`
    const on = chance.pick<Operation>([
      { action: 'set', obj: gone, key: 'x', value: brand, pred: [] },
      { action: 'set', obj: roots.t.object, elemId: gone, insert: true, value: 'x', pred: [] },
      { action: 'del', obj: roots.t.object, elemId: gone, pred: [gone] },
      { action: 'set', obj: roots.r.object, key: 'title', value: brand, pred: [gone] },
      { action: 'del', obj: roots.r.object, key: 'title', pred: [] },
    ])
    return changed(chance.below(2 ** 31), [on], roots.t.hash, roots.r.hash)
  },
  'misfits': (chance) => {
    const ops = [
      put('@created', [1e300, null]),
      put('title', [2 ** 53 - 1, { constructor: brand }]),
      put('__proto__', [1, { admin: true }]),
      put('marks/__proto__', [1, true]),
      put('count/x', [1, 'no number']),
      { ...put('best', []), value: brand },
      { ...put('state', []), value: 7 },
      { action: 'makeMap', obj: roots.r.object, key: 'title', pred: [] },
    ]
    return changed(chance.below(2 ** 31), ops, roots.r.hash)
  },
  'strange elements': (chance) => {
    const client = chance.below(2 ** 31)
    const first = { elemId: '_head', insert: true, pred: [] }
    const ops: Operation[] = [
      { action: 'makeMap', obj: roots.t.object, ...first },
      { action: 'set', obj: roots.t.object, value: `${brand} of many`, ...first },
      { action: 'set', obj: roots.t.object, value: 7, ...first },
      { action: 'set', obj: roots.l.object, value: 'no JSON', ...first },
      { action: 'makeText', obj: roots.l.object, ...first },
    ]
    return changed(client, ops, roots.t.hash, roots.l.hash)
  },
  'deep values': (chance) => {
    const depth = chance.pick([60, 200, 20_000])
    const value = `[1,${'['.repeat(depth)}${']'.repeat(depth)}]`
    return changed(chance.below(2 ** 31), [{ ...put('title', []), value }], roots.r.hash)
  },
  'a run of operations': (chance) => run(2 ** chance.pick([12, 22, 32, 48])),
}

const raw = (bytes: Uint8Array): Payload => ({ encoding: 'automerge', bytes })

const joined = (payloads: readonly Payload[]): Payload => {
  const writer = new ByteWriter()
  for (const { bytes } of payloads) writer.raw(bytes)
  return raw(writer.finish())
}

const actorOf = (client: number): string => client.toString(16).padStart(8, '0')

const put = (key: string, entry: readonly unknown[]): Operation => ({
  action: 'set',
  obj: roots.r.object,
  key,
  value: JSON.stringify(entry),
  pred: [],
})

/** Each character behind the one before. Of the first change of a client, whose operations count from 2. */
const typed = (client: number, said: string): Operation[] =>
  [...said].map((value, i) => {
    const elemId = i === 0 ? '_head' : `${i + 1}@${actorOf(client)}`
    return { action: 'set', obj: roots.t.object, elemId, insert: true, value, pred: [] }
  })

const changed = (client: number, ops: readonly Operation[], ...deps: string[]): Payload =>
  encoded({ actor: actorOf(client), deps, ops })

const encoded = (draft: Draft): Payload => raw(A.encodeChange({ ...firstChange, ...draft } as DecodedChange))

const firstChange = { actor: '00000000', author: null, seq: 1, startOp: 2, time: 0, message: null, deps: [] }

/** Bytes of a kind with the checksum that they should have. */
function chunk(kind: number, body: Uint8Array): Uint8Array {
  const content = new ByteWriter().byte(kind).bytes(body).finish()
  return Uint8Array.of(0x85, 0x6f, 0x4a, 0x83, ...hashes.digest(content).subarray(0, 4), ...content)
}

/** Writes of nothing, as many as one likes, in 70 bytes: each column is one run. */
function run(operations: number): Payload {
  const times = (value: readonly number[]): readonly number[] => [...signed(operations), ...value]
  const count = [...new ByteWriter().number(operations).finish()]
  const columns = [
    [0x15, times([1, 120])],
    [0x34, count],
    [0x42, times([1])],
    [0x56, times([0])],
    [0x70, times([0])],
  ] as const
  const head = [0, 4, 0, 0, 0, 7, 1, 2, 0, 0, 0, columns.length]
  const sizes = columns.flatMap(([name, bytes]) => [name, bytes.length])
  return raw(chunk(1, Uint8Array.from([...head, ...sizes, ...columns.flatMap(([, bytes]) => bytes)])))
}

/** LEB128 of a number that could be negative, and is not. */
function signed(value: number): readonly number[] {
  const bytes = [...new ByteWriter().number(value).finish()]
  const last = bytes.at(-1) ?? 0
  return last < 0x40 ? bytes : [...bytes.slice(0, -1), last | 0x80, 0]
}
