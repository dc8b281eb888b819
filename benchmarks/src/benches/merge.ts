import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import * as Automerge from '@automerge/automerge'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import { yjs } from '@rejoin/documents/yjs'
import * as Y from 'yjs'
import type { Bench, Case, Contestant, Mark, Role } from '../bench.ts'
import { readSession, writtenBy } from '../concurrent-session.ts'
import type { Session } from '../concurrent-session.ts'
import type { Seeded } from '../seeded.ts'

const trace = resolve(import.meta.dirname, '../../../packages/cli/traces/friendsforever-concurrent.json.gz')
/** How many updates a catching-up replica may be given at a time. */
const chunk = 64

/** What two people wrote at once, delivered to a fresh replica in whatever order. */
export const merge: Bench = {
  name: 'merge',
  about: 'a recorded session of two authors delivered to an empty document in any order, beside bare Yjs and Automerge',
  prepare: async ({ quick, random }) => {
    const session = shortened(readSession(trace), quick ? 2_000 : Number.POSITIVE_INFINITY)
    const updates = writtenBy(yjs, session.transactions)
    const sizes = quick ? [125, 250, 500] : [500, 1_000, 2_000, 4_000]
    return [
      overYjs(updates, session.endContent, random),
      ...sizes.map((size) => oneByOne(updates.slice(0, size), random)),
      await overAutomerge(session, random),
    ]
  },
}

/** Of the first transactions alone nobody has told the content; bare Yjs does. */
function shortened(session: Session, count: number): Session {
  if (count >= session.transactions.length) return session
  const transactions = session.transactions.slice(0, count)
  return { transactions, endContent: textOf(inOneTransaction(writtenBy(yjs, transactions))) }
}

function overYjs(updates: readonly Update[], content: string, random: Seeded): Case {
  const { causal, ...others } = ordersOf(updates, random)
  const inChunks = Object.entries({ causal, ...others }).map(([order, all]) => [`${order}, by ${chunk}`, all] as const)
  return {
    name: 'Yjs, all at once or by the chunk',
    count: updates.length,
    unit: 'updates',
    contestants: [
      bareYjs('bare Yjs, causal', 'limit', content, () => inOneTransaction(updates)),
      ours('causal', yjs, [causal], content, { atMost: 1.1 }),
      ...Object.entries(others).map(([order, all]) => ours(order, yjs, [all], content, { atMost: 4 })),
      ...inChunks.map(([name, all]) => ours(name, yjs, chunksOf(all, chunk), content, { atMost: 4 })),
    ],
  }
}

/** Bare Yjs takes a time that grows with the square: so it gets the first updates only. */
function oneByOne(updates: readonly Update[], random: Seeded): Case {
  const content = textOf(inOneTransaction(updates))
  const delivered = shuffled(updates, random)
  return {
    name: `Yjs, shuffled, one by one: the first ${updates.length}`,
    count: updates.length,
    unit: 'updates',
    size: updates.length,
    contestants: [
      bareYjs('bare Yjs', 'peer', content, () => inManyTransactions(delivered)),
      ours('one by one', yjs, chunksOf(delivered, 1), content),
    ],
  }
}

async function overAutomerge({ transactions, endContent: content }: Session, random: Seeded): Promise<Case> {
  const engine = await openAutomerge()
  const updates = writtenBy(engine, transactions)
  const { causal, ...others } = ordersOf(updates, random)
  const container = containerOf(engine, causal)
  const bare = (order: string, role: Role, all: readonly Update[]): Contestant => ({
    name: `bare Automerge, ${order}`,
    role,
    run: () => Automerge.applyChanges(Automerge.init<Written>(), [container, ...all.map(({ bytes }) => bytes)])[0],
    verify: (doc) => assert.equal((doc as Automerge.Doc<Written>).t, content),
  })
  return {
    name: 'Automerge, all at once',
    count: updates.length,
    unit: 'updates',
    contestants: [
      bare('causal', 'limit', causal),
      bare('shuffled', 'peer', others.shuffled),
      ours('causal', engine, [causal], content, { atMost: 1.1 }),
      ...Object.entries(others).map(([order, all]) => ours(order, engine, [all], content)),
    ],
  }
}

interface Written {
  readonly t: string
}

/** The change that makes the text, which every replica of ours adds itself. */
function containerOf(engine: Engine, updates: readonly Update[]): Uint8Array {
  const document = engine.create()
  document.apply(updates.slice(0, 1))
  const [first] = Automerge.getAllChanges(Automerge.load(document.snapshot().bytes))
  assert(first !== undefined)
  return first
}

type Orders = Readonly<Record<'causal' | 'shuffled' | 'reversed' | 'doubled', readonly Update[]>>

const ordersOf = (updates: readonly Update[], random: Seeded): Orders => ({
  causal: updates,
  shuffled: shuffled(updates, random),
  reversed: updates.toReversed(),
  doubled: shuffled([...updates, ...updates], random),
})

const shuffled = (updates: readonly Update[], random: Seeded): readonly Update[] =>
  updates
    .map((update) => ({ update, rank: random.float() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ update }) => update)

function chunksOf(updates: readonly Update[], size: number): (readonly Update[])[] {
  const chunks: (readonly Update[])[] = []
  for (let i = 0; i < updates.length; i += size) chunks.push(updates.slice(i, i + size))
  return chunks
}

const ours = (
  name: string,
  engine: Engine,
  deliveries: readonly (readonly Update[])[],
  content: string,
  ...marks: Mark[]
): Contestant => ({
  name,
  role: 'subject',
  run: () => {
    const document = engine.create()
    for (const delivery of deliveries) document.apply(delivery)
    return document
  },
  verify: (result) => {
    const document = result as EngineDocument
    assert.equal(document.text.read(), content)
    assert.equal(document.pending(), false)
    document.dispose()
  },
  marks,
})

/** Of what has come out of order it may have forgotten some, which then waits for ever. */
const bareYjs = (name: string, role: Role, content: string, run: () => Y.Doc): Contestant => ({
  name,
  role,
  run,
  verify: (result) => {
    const doc = result as Y.Doc
    if (doc.store.pendingStructs === null) assert.equal(textOf(doc), content)
  },
})

function inOneTransaction(updates: readonly Update[]): Y.Doc {
  const doc = new Y.Doc({ guid: 'merged' })
  doc.transact(() => {
    for (const { bytes } of updates) Y.applyUpdate(doc, bytes)
  })
  return doc
}

function inManyTransactions(updates: readonly Update[]): Y.Doc {
  const doc = new Y.Doc({ guid: 'merged' })
  for (const { bytes } of updates) Y.applyUpdate(doc, bytes)
  return doc
}

const textOf = (doc: Y.Doc): string => doc.getText('t').toJSON()
