import assert from 'node:assert/strict'
import * as Automerge from '@automerge/automerge'
import type { Engine, Update } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import { yjs } from '@rejoin/documents/yjs'
import type { ConcurrentTrace } from '@rejoin/lab/trace'
import type { Bench, Case } from '../bench.ts'
import { writtenBy, writtenByLoro } from '../concurrent-session.ts'
import type { Seeded } from '../seeded.ts'
import { readConcurrent, shippedTrace } from '../trace.ts'
import {
  bareAutomerge,
  bareLoro,
  bareYjs,
  inManyTransactions,
  inOneTransaction,
  ours,
  textOfYjs,
} from './merge-contestants.ts'
import { peaks } from './merge-memory.ts'
import { chunksOf, ordersOf, shuffled } from './merge-orders.ts'
import { converging } from './merge-replicas.ts'

/** How many updates a catching-up replica may be given at a time. */
const chunk = 64

/** What two people wrote at once, delivered to a fresh replica in whatever order. */
export const merge: Bench = {
  name: 'merge',
  about:
    'a recorded session of two authors delivered to an empty document in any order, beside Yjs, Loro and Automerge',
  prepare: async ({ quick, random, folder }) => {
    const session = shortened(readConcurrent(shippedTrace('friendsforever-concurrent')), quick ? 4_000 : Infinity)
    const { transactions, endContent } = session
    const updates = writtenBy(yjs, transactions)
    const ofLoro = writtenByLoro(transactions)
    const sizes = quick ? [1_000, 2_000, 4_000] : [500, 1_000, 2_000, 4_000]
    return [
      overYjs(updates, ofLoro, endContent, random),
      ...sizes.map((size) => oneByOne(updates.slice(0, size), ofLoro.slice(0, size), random)),
      await overAutomerge(session, random),
      converging(updates, endContent, random),
      peaks(ordersOf(updates, random), ofLoro, endContent, folder),
    ]
  },
}

/** Of the first transactions alone nobody has told the content; bare Yjs does. */
function shortened(session: ConcurrentTrace, count: number): ConcurrentTrace {
  if (count >= session.transactions.length) return session
  const transactions = session.transactions.slice(0, count)
  return { ...session, transactions, endContent: textOfYjs(inOneTransaction(writtenBy(yjs, transactions))) }
}

function overYjs(updates: readonly Update[], ofLoro: readonly Uint8Array[], content: string, random: Seeded): Case {
  const { causal, ...others } = ordersOf(updates, random)
  const inChunks = Object.entries({ causal, ...others }).map(([order, all]) => [`${order}, by ${chunk}`, all] as const)
  return {
    name: 'Yjs and Loro, all at once or by the chunk',
    count: updates.length,
    unit: 'updates',
    contestants: [
      bareYjs('bare Yjs, causal', 'limit', content, () => inOneTransaction(updates)),
      ours('causal', yjs, [causal], content, { atMost: 1.1 }),
      ...Object.entries(others).map(([order, all]) => ours(order, yjs, [all], content, { atMost: 4 })),
      ...inChunks.map(([name, all]) => ours(name, yjs, chunksOf(all, chunk), content, { atMost: 4 })),
      bareLoro('bare Loro, causal', [ofLoro], content),
      bareLoro('bare Loro, reversed', [ofLoro.toReversed()], content),
    ],
  }
}

/** Bare Yjs and bare Loro take a time that grows with the square: so they get the first updates only. */
function oneByOne(updates: readonly Update[], ofLoro: readonly Uint8Array[], random: Seeded): Case {
  const content = textOfYjs(inOneTransaction(updates))
  const delivered = shuffled(updates, random)
  const toLoro = shuffled(ofLoro, random)
  const marks = updates.length === 4_000 ? [{ time: 'wall', atMost: 1 / 50 } as const] : []
  return {
    name: `shuffled, one by one: the first ${updates.length}`,
    count: updates.length,
    unit: 'updates',
    size: updates.length,
    contestants: [
      bareYjs('bare Yjs', 'peer', content, () => inManyTransactions(delivered)),
      ours('one by one', yjs, chunksOf(delivered, 1), content, ...marks),
      bareLoro('bare Loro', chunksOf(toLoro, 1), content),
      bareLoro('bare Loro, all at once', [toLoro], content),
    ],
  }
}

async function overAutomerge({ transactions, endContent: content }: ConcurrentTrace, random: Seeded): Promise<Case> {
  const engine = await openAutomerge()
  const updates = writtenBy(engine, transactions)
  const { causal, ...others } = ordersOf(updates, random)
  const container = containerOf(engine, causal)
  return {
    name: 'Automerge, all at once',
    count: updates.length,
    unit: 'updates',
    contestants: [
      bareAutomerge('bare Automerge, causal', 'limit', container, causal, content),
      ...Object.entries(others).map(([order, all]) =>
        bareAutomerge(`bare Automerge, ${order}`, 'peer', container, all, content),
      ),
      ours('causal', engine, [causal], content, { atMost: 1.1 }),
      ...Object.entries(others).map(([order, all]) => ours(order, engine, [all], content)),
    ],
  }
}

/** The change that makes the text, which every replica of ours adds itself. */
function containerOf(engine: Engine, updates: readonly Update[]): Uint8Array {
  const document = engine.create()
  document.apply(updates.slice(0, 1))
  const [first] = Automerge.getAllChanges(Automerge.load(document.snapshot().bytes))
  assert(first !== undefined)
  return first
}
