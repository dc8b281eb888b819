import { ByteWriter, noStamp } from '@rejoin/base'
import * as Y from 'yjs'
import type { Chance } from '../ground.ts'
import { brand } from './payload.ts'
import type { Payload } from './payload.ts'

/** What makes an entity, by bare Yjs. */
export function making(writer: string, clientId: number): Payload {
  return changed(clientId, (doc) =>
    doc.getArray('r').insert(0, [
      ['@created', noStamp, writer],
      ['title', noStamp, brand],
    ]),
  )
}

/** A sound update to a document of text: `client` at clock 0, whoever that is. */
export const text = (client: number, said: string): Payload =>
  changed(client, (doc) => doc.getText('t').insert(0, `${brand} ${said}`))

/** Builds on something that nobody will ever see. */
export function orphan(client: number): Payload {
  const doc = newDoc(client)
  doc.getText('t').insert(0, brand)
  const before = Y.encodeStateVector(doc)
  doc.getText('t').insert(brand.length, brand)
  return { encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc, before) }
}

/** One clock of each of these clients, without content. */
export function crowd(clients: readonly number[]): Payload {
  const bytes = new ByteWriter().number(clients.length)
  for (const client of clients) bytes.number(1).number(client).number(0).byte(0).number(1)
  return { encoding: 'yjs-1', bytes: bytes.number(0).finish() }
}

/** Everything that an engine should refuse, or survive. */
export const spoils: Readonly<Record<string, (chance: Chance) => Payload>> = {
  'junk': (chance) => ({ encoding: 'yjs-1', bytes: chance.bytes(1 + chance.below(200)) }),
  'junk in V2': (chance) => ({ encoding: 'yjs-2', bytes: chance.bytes(1 + chance.below(200)) }),
  'cut off': (chance) => {
    const { encoding, bytes } = text(chance.below(2 ** 31), 'cut')
    return { encoding, bytes: bytes.slice(0, 1 + chance.below(bytes.length - 1)) }
  },
  'never integrable': (chance) => orphan(chance.below(2 ** 31)),
  'a clock of 2^40': (chance) => structAt(chance.below(2 ** 31), 2 ** 40),
  'a gap of 2^45': (chance) => ({
    encoding: 'yjs-1',
    bytes: new ByteWriter()
      .number(1)
      .number(1)
      .number(chance.below(2 ** 31))
      .number(0)
      .byte(0)
      .number(2 ** 45)
      .number(0)
      .finish(),
  }),
  '30,000,000 structs': () => ({ encoding: 'yjs-1', bytes: Uint8Array.of(1, 0x80, 0x8e, 0xa7, 0x0e, 1, 0) }),
  'a run of structs in V2': (chance) => structRun(2 ** chance.pick([12, 22, 32, 48])),
  'deletions to 2^40': () => ({
    encoding: 'yjs-1',
    bytes: Uint8Array.of(0, 1, 1, 1, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20),
  }),
  'deep values': (chance) => deep(chance.below(2 ** 31), chance.pick([60, 200, 20_000])),
  'strange types': (chance) => strange(chance.below(2 ** 31)),
  'misfits': (chance) => misfits(chance.below(2 ** 31)),
}

/** Structs without content, as many as one likes, in 21 bytes: V2 has a run for each column. */
function structRun(structs: number): Payload {
  const column = (...bytes: number[]): number[] => [bytes.length, ...bytes]
  const rest = new ByteWriter().number(1).number(structs).number(0).number(0).finish()
  const lengths = new ByteWriter().byte(0x41).number(structs).finish()
  const columns = [
    column(),
    column(13),
    column(),
    column(),
    column(0),
    column(0),
    column(),
    column(),
    column(...lengths),
  ]
  return { encoding: 'yjs-2', bytes: Uint8Array.from([0, ...columns.flat(), ...rest]) }
}

function structAt(client: number, clock: number): Payload {
  const name = new TextEncoder().encode(brand)
  const bytes = new ByteWriter().number(1).number(1).number(client).number(clock).byte(4).number(1).number(1).byte(116)
  return { encoding: 'yjs-1', bytes: bytes.bytes(name).number(0).finish() }
}

/** A list in a list in a list, too deep for a stack if it is deep enough. */
function deep(client: number, depth: number): Payload {
  const bytes = new ByteWriter()
    .number(1)
    .number(1)
    .number(client)
    .number(0)
    .byte(8)
    .number(1)
    .number(1)
    .byte(114)
    .number(1)
  for (let i = 0; i < depth; i++) bytes.byte(117).number(1)
  return { encoding: 'yjs-1', bytes: bytes.byte(126).number(0).finish() }
}

const strange = (client: number): Payload =>
  changed(client, (doc) => {
    doc.getMap('r').set('k', new Y.Map())
    doc.getXmlFragment('t').insert(0, [new Y.XmlElement('script')])
    doc.getArray('l').insert(0, [new Y.Doc({ guid: brand }), Uint8Array.of(1)])
    doc.getText('x').applyDelta([{ insert: { image: brand } }, { insert: 'b', attributes: { b: true } }])
  })

const misfits = (client: number): Payload =>
  changed(client, (doc) =>
    doc
      .getArray('r')
      .insert(0, [
        ['@created', 1e300, null],
        ['title', 2 ** 53 - 1, { constructor: brand }],
        ['__proto__', 1, { admin: true }],
        ['marks/__proto__', 1, true],
        ['count/x', 1, 'no number'],
        [brand],
      ]),
  )

function changed(client: number, change: (doc: Y.Doc) => void): Payload {
  const doc = newDoc(client)
  change(doc)
  return { encoding: 'yjs-1', bytes: Y.encodeStateAsUpdate(doc) }
}

function newDoc(client: number): Y.Doc {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = client
  return doc
}
