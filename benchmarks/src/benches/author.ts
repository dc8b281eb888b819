import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { sqliteStore } from '@rejoin/storage/sqlite'
import type { Store } from '@rejoin/storage'
import { openReplica, typeInto } from '../author-session.ts'
import { readBare, typeBare } from '../bare.ts'
import type { Bare } from '../bare.ts'
import type { Bench, Case, Contestant } from '../bench.ts'
import { serve } from '../serving.ts'
import type { Serving } from '../serving.ts'
import { readTrace } from '../trace.ts'
import type { Trace } from '@rejoin/lab/trace'

/** An author at full speed: a text and a register in one transaction, as the replay command does it. */
export const author: Bench = {
  name: 'author',
  about: 'transactions over a text and a register, up to each receipt, beside two bare Y.Docs edited by hand',
  prepare: async ({ quick, folder, traceFile }) => {
    const trace = readTrace(traceFile, quick ? 4_000 : 10_000)
    const serving = await serve(folder)
    const only: Case = {
      name: 'a recorded session from its beginning',
      count: trace.transactions.length,
      unit: 'transactions',
      contestants: [
        bare(trace),
        replica('a replica, in memory', trace, inMemory),
        replica('a replica, on its disk', trace, onDisk(folder)),
        replica('a replica, on the server’s disk', trace, onDisk(folder), serving),
      ],
      dispose: () => serving.stop(),
    }
    return [only]
  },
}

function bare(trace: Trace): Contestant {
  return {
    name: 'two bare Y.Docs',
    role: 'limit',
    run: () => typeBare(trace),
    verify: (result) => assert.deepEqual(readBare(result as Bare), outcomeOf(trace)),
  }
}

const outcomeOf = (trace: Trace): unknown => ({ body: trace.endContent, position: trace.transactions.length })

/** A place for one replica; each call opens what was closed before. */
type Place = () => Promise<Store>

function inMemory(): Place {
  const disk = new MemoryDisk()
  return () => Promise.resolve(memoryStore(disk))
}

function onDisk(folder: string): () => Place {
  return () => {
    const place = mkdtempSync(join(folder, 'replica-'))
    return () => sqliteStore(place)
  }
}

function replica(name: string, trace: Trace, newPlace: () => Place, serving?: Serving): Contestant {
  let place = newPlace()
  let runs = 0
  return {
    name,
    role: 'subject',
    before: () => {
      place = newPlace()
      runs++
    },
    run: async (): Promise<string> => {
      await using rejoin = await openReplica(await place(), `run-${runs}`, serving)
      await using note = await rejoin.notes.create({})
      await typeInto(note, trace)
      await (serving === undefined ? rejoin.flushed() : rejoin.settled())
      return note.id
    },
    verify: async (id) => {
      await using rejoin = await openReplica(await place(), `run-${runs}`)
      await using note = await rejoin.notes.open(String(id))
      const { body, position } = note?.view() ?? {}
      assert.deepEqual({ body, position }, outcomeOf(trace))
      if (serving !== undefined) assert.equal(rejoin.status.now.pending, 0)
    },
  }
}
