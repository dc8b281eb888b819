import assert from 'node:assert/strict'
import { canonicalHash } from '@rejoin/documents'
import type { Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import * as Y from 'yjs'
import type { Case, Contestant } from '../bench.ts'
import { bodyOf, openNote } from '../note.ts'
import type { Seeded } from '../seeded.ts'
import { textOfYjs } from './merge-contestants.ts'
import { chunksOf, ordersOf } from './merge-orders.ts'

const replicas = 8
const rounds = 8
/** How many updates come at a time. */
const chunk = 1024

/** What every replica has to be the same in, at the end. */
interface End {
  readonly text: string
  /** Over all that it has, where there is more than the text. */
  readonly hash: string
}

type Deliveries = readonly (readonly Update[])[]

interface Replica {
  take(updates: readonly Update[]): void
  end(): End
  dispose(): void
}

/** Eight replicas at a time, each with an order of its own: 64 orders, 16 of each kind, drawn from the seed. */
export const converging = (updates: readonly Update[], content: string, random: Seeded): Case => ({
  name: `${replicas} replicas at a time, ${replicas * rounds} orders, by ${chunk}`,
  count: replicas * rounds * updates.length,
  unit: 'updates',
  once: true,
  contestants: [
    {
      ...delivering('bare Yjs, causal, all at once', createYjs, content, () => always([updates])),
      role: 'limit',
    },
    {
      ...delivering('entities', createEntity, content, () => drawn(updates, random)),
      role: 'subject',
      marks: [{ atMost: 4 }],
    },
  ],
})

function delivering(
  name: string,
  create: () => Replica,
  content: string,
  draw: () => readonly Deliveries[],
): Contestant {
  let orders: readonly Deliveries[] = []
  return {
    name,
    role: 'peer',
    before: () => (orders = draw()),
    run: () => chunksOf(orders, replicas).flatMap((some) => delivered(some, create)),
    verify(result) {
      const ends = result as readonly End[]
      assert.equal(ends.length, replicas * rounds)
      for (const { text, hash } of ends) {
        assert.equal(text, content)
        assert.equal(hash, ends[0]?.hash)
      }
    },
  }
}

/** Each in turn gets what comes next to it. */
function delivered(orders: readonly Deliveries[], create: () => Replica): End[] {
  const all = orders.map((deliveries) => ({ deliveries, replica: create() }))
  const last = Math.max(...orders.map(({ length }) => length))
  for (let i = 0; i < last; i++)
    for (const { deliveries, replica } of all) if (i < deliveries.length) replica.take(deliveries[i] ?? [])
  const ends = all.map(({ replica }) => replica.end())
  for (const { replica } of all) replica.dispose()
  return ends
}

const always = (deliveries: Deliveries): readonly Deliveries[] =>
  Array.from({ length: replicas * rounds }, () => deliveries)

function drawn(updates: readonly Update[], random: Seeded): readonly Deliveries[] {
  const orders: Deliveries[] = []
  while (orders.length < replicas * rounds)
    for (const all of Object.values(ordersOf(updates, random))) orders.push(chunksOf(all, chunk))
  return orders
}

function createYjs(): Replica {
  const doc = new Y.Doc({ guid: 'merged' })
  return {
    take: (updates) => doc.transact(() => updates.forEach(({ bytes }) => Y.applyUpdate(doc, bytes))),
    end: () => ({ text: textOfYjs(doc), hash: '' }),
    dispose: () => doc.destroy(),
  }
}

function createEntity(): Replica {
  const note = openNote(yjs)
  return {
    take: (updates) => note.apply(bodyOf, updates),
    end() {
      assert.equal(note.pending(), false)
      return { text: note.view().body, hash: canonicalHash(note.canonical()) }
    },
    dispose: () => note.dispose(),
  }
}
