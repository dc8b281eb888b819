import assert from 'node:assert/strict'
import type { Engine, EngineDocument, Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import * as Y from 'yjs'
import type { Bench, Case, Contestant } from '../bench.ts'
import { readTrace } from '../trace.ts'
import type { Patch } from '@rejoin/lab/trace'

/** The bytes of one entry from a run of writes: how small, how fast, and how the time grows with the run. */
export const squash: Bench = {
  name: 'squash',
  about: 'one update out of a run of updates, beside decoding the run and beside Y.mergeUpdates',
  prepare: ({ quick, random, traceFile }) => {
    const count = quick ? 4_000 : 16_000
    const clientId = random.integer(2 ** 32)
    const trace = readTrace(traceFile, count)
    const text = recordText(yjs, clientId, trace.transactions)
    const registers = recordRegister(yjs, clientId, count)
    const part = text.slice(0, count / 2)
    const growing = [125, 250, 500, 1_000, 2_000].map((size) => ({
      ...runsOf(`text, runs of ${size}`, part, size, readText),
      size,
    }))
    return Promise.resolve([
      runsOf('text, runs of 100', text, 100, readText),
      runsOf('a register, runs of 100', registers, 100, readRegister),
      ...growing,
    ])
  },
}

/** One update for each transaction of the trace. */
function recordText(engine: Engine, clientId: number, transactions: readonly (readonly Patch[])[]): Update[] {
  const document = open(engine, clientId)
  return transactions.flatMap((patches) =>
    changed(document, () => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) document.text.delete(position, deleted)
        if (inserted !== '') document.text.insert(position, inserted)
      }
    }),
  )
}

/** The same register, written over and over, as an editor's position is. */
function recordRegister(engine: Engine, clientId: number, count: number): Update[] {
  const document = open(engine, clientId)
  const stampFirst = 2 ** 50
  return Array.from({ length: count }, (_, i) =>
    changed(document, () => {
      document.registers.remove('position')
      document.registers.append('position', stampFirst + 4096 * i, i)
    }),
  ).flat()
}

function open(engine: Engine, clientId: number): EngineDocument {
  const document = engine.create()
  document.setClient(clientId)
  return document
}

function changed(document: EngineDocument, change: () => void): Update[] {
  const update = document.transact(change)
  return update === undefined ? [] : [update]
}

function runsOf(
  name: string,
  updates: readonly Update[],
  runLength: number,
  read: (updates: readonly Update[]) => unknown,
): Case {
  const runs: (readonly Update[])[] = []
  for (let i = 0; i < updates.length; i += runLength) runs.push(updates.slice(i, i + runLength))
  const wanted = read(updates)
  const merging = (
    contestant: Pick<Contestant, 'name' | 'role'>,
    merge: (run: readonly Update[]) => Update,
  ): Contestant => ({
    ...contestant,
    run: () => runs.map(merge),
    verify: (merged) => assert.deepEqual(read(merged as Update[]), wanted),
    figures: (merged) => ({ 'B each': bytesIn(merged as Update[]) / updates.length }),
  })
  return {
    name,
    count: updates.length,
    unit: 'updates',
    contestants: [
      decoding(runs, updates.length),
      merging({ name: 'squash', role: 'subject' }, (run) => yjs.squash(run)),
      merging({ name: 'Y.mergeUpdates as a tree', role: 'peer' }, (run) =>
        firstEncoding(mergeTree(run.map(({ bytes }) => bytes))),
      ),
      merging({ name: 'Y.mergeUpdates', role: 'peer' }, (run) =>
        firstEncoding(Y.mergeUpdates(run.map(({ bytes }) => bytes))),
      ),
    ],
  }
}

/** Whoever merges has to read everything once. */
function decoding(runs: readonly (readonly Update[])[], count: number): Contestant {
  return {
    name: 'Y.decodeUpdate of each',
    role: 'limit',
    run: () => runs.map((run) => run.map(({ bytes }) => Y.decodeUpdate(bytes).structs.length)),
    verify: (lengths) => assert.equal((lengths as number[][]).flat().length, count),
    figures: () => ({ 'B each': bytesIn(runs.flat()) / count }),
  }
}

/** By the 32, level by level: how Yjs users avoid the quadratic time. */
function mergeTree(updates: readonly Uint8Array[]): Uint8Array {
  if (updates.length <= 32) return Y.mergeUpdates([...updates])
  const next: Uint8Array[] = []
  for (let i = 0; i < updates.length; i += 32) next.push(Y.mergeUpdates(updates.slice(i, i + 32)))
  return mergeTree(next)
}

const firstEncoding = (bytes: Uint8Array): Update => ({ encoding: 'yjs-1', bytes })

const readText = (updates: readonly Update[]): unknown => loaded(updates).text.read()
const readRegister = (updates: readonly Update[]): unknown => loaded(updates).registers.survivors('position')

function loaded(updates: readonly Update[]): EngineDocument {
  const document = yjs.create()
  document.apply(updates)
  assert.equal(document.pending(), false)
  return document
}

const bytesIn = (updates: readonly Update[]): number => updates.reduce((total, { bytes }) => total + bytes.length, 0)
