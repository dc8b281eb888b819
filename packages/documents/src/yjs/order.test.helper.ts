import fc from 'fast-check'
import * as Y from 'yjs'
import type { Update } from '../engine.ts'

/** A step of bare Y.Docs, as other software has them. All numbers are taken modulo what there is. */
type Step =
  | { readonly kind: Change; readonly doc: number; readonly at: number }
  /** Takes in some of what there is. */
  | { readonly kind: 'pull'; readonly doc: number; readonly picks: readonly boolean[] }
  /** Sends all it knows, or some of what there is in one. */
  | { readonly kind: 'state'; readonly doc: number; readonly packed: boolean }
  | { readonly kind: 'merge'; readonly picks: readonly boolean[] }

type Change = 'type' | 'erase' | 'block' | 'unblock' | 'set'

const doc = fc.nat(2)
const at = fc.nat(999)
const picks = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom<Change>('type', 'type', 'erase', 'set'), doc, at }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom<Change>('block', 'block', 'unblock'), doc, at }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pull' as const), doc, picks }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('state' as const), doc, packed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), picks }) },
)

export const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 6, maxLength: 36, size: 'max' })

/** What three Y.Docs send that see each other's changes late, in part and out of order. */
export function sentBy(steps: readonly Step[]): readonly Update[] {
  const sent: Update[] = []
  const docs = [1, 2, 3].map((client) => {
    const each = new Y.Doc({ guid: '' })
    each.clientID = client
    each.on('update', (bytes: Uint8Array, origin: unknown) => void (origin === null && sent.push(plain(bytes))))
    return each
  })
  for (const each of steps) {
    if (each.kind === 'merge') {
      const some = picked(
        sent.filter(({ encoding }) => encoding === 'yjs-1'),
        each.picks,
      )
      if (some.length > 0) sent.push(plain(Y.mergeUpdates(some.map(({ bytes }) => bytes))))
      continue
    }
    const from = docs[each.doc]
    if (from === undefined) continue
    if (each.kind === 'pull') for (const update of picked(sent, each.picks)) feed(from, update)
    else if (each.kind === 'state') sent.push(stateSent(from, each.packed))
    else change(from, each.kind, each.at)
  }
  return sent
}

export function feed(to: Y.Doc, { encoding, bytes }: Update): void {
  if (encoding === 'yjs-1') Y.applyUpdate(to, bytes, 'others')
  else Y.applyUpdateV2(to, bytes, 'others')
}

const stateSent = (from: Y.Doc, packed: boolean): Update =>
  packed ? { encoding: 'yjs-2', bytes: Y.encodeStateAsUpdateV2(from) } : plain(Y.encodeStateAsUpdate(from))

const plain = (bytes: Uint8Array): Update => ({ encoding: 'yjs-1', bytes })

const picked = <T>(items: readonly T[], picks: readonly boolean[]): readonly T[] =>
  items.filter((_, i) => picks[i % picks.length])

function change(from: Y.Doc, kind: Change, at: number): void {
  const [text, blocks] = [from.getText('t'), from.getXmlFragment('x')]
  if (kind === 'type') text.insert(at % (text.length + 1), String.fromCharCode(97 + (at % 26)))
  else if (kind === 'erase') text.delete(at % (text.length + 1), Math.min(2, text.length - (at % (text.length + 1))))
  else if (kind === 'set') from.getMap('m').set(`key${at % 2}`, at)
  else if (kind === 'unblock') blocks.delete(0, Math.min(1, blocks.length))
  else {
    const last = blocks.get(0)
    const into = last instanceof Y.XmlElement && at % 3 > 0 ? last : blocks
    into.insert(0, [new Y.XmlElement('p')])
  }
}

/**
 * What Yjs makes of the updates if all of them are given to it again until nothing changes, so that it cannot forget
 * any; and whether something of them still waits.
 */
export function settled(updates: readonly Update[]): { readonly doc: Y.Doc; readonly waits: boolean } {
  const doc = new Y.Doc({ guid: '' })
  doc.clientID = 0
  const feedAlone = (update: Update): boolean => {
    feed(doc, update)
    const waits = doc.store.pendingStructs !== null || doc.store.pendingDs !== null
    doc.store.pendingStructs = null
    doc.store.pendingDs = null
    return waits
  }
  for (let before = ''; before !== stateOf(doc);) {
    before = stateOf(doc)
    for (const update of updates) feedAlone(update)
  }
  return { doc, waits: updates.some(feedAlone) }
}

/** What a Y.Doc holds, by the numbers and as it is read. */
export function stateOf(of: Y.Doc): string {
  const clocks = [...of.store.clients.keys()]
    .sort((a, b) => a - b)
    .map((client) => [client, Y.getState(of.store, client)])
  const gone = [...Y.snapshot(of).ds.clients].sort(([a], [b]) => a - b)
  const read = [
    of.getText('t').toDelta(),
    [...of.getMap('m').entries()].sort(([a], [b]) => (a < b ? -1 : 1)),
    of.getXmlFragment('x').toString(),
  ]
  return JSON.stringify([clocks, gone, read])
}
