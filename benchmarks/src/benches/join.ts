import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { join as joinPath } from 'node:path'
import { sqliteStore } from '@rejoin/storage/sqlite'
import * as Y from 'yjs'
import { openReplica, typeInto } from '../author-session.ts'
import { readBare, typeBare } from '../bare.ts'
import type { Bench, Case, Contestant } from '../bench.ts'
import { serve } from '../serving.ts'
import type { Serving } from '../serving.ts'
import { readTrace } from '../trace.ts'
import type { Trace } from '@rejoin/lab/trace'

const space = 'written'

/** A replica that was never here: from connecting to durable and read. */
export const join: Bench = {
  name: 'join',
  about: 'an empty replica that joins a folded space, until all is durable and read, beside applying both final states',
  prepare: async ({ quick, folder, traceFile }) => {
    const trace = readTrace(traceFile, quick ? 10_000 : 100_000)
    const serving = await serve(folder)
    try {
      const id = await write(trace, folder, serving)
      await serving.fold(space)
      const only: Case = {
        name: `after ${trace.transactions.length} transactions`,
        count: 1,
        unit: 'joins',
        contestants: [await applying(trace), joining(id, trace, folder, serving)],
        dispose: () => serving.stop(),
      }
      return [only]
    } catch (cause) {
      await serving.stop()
      throw cause
    }
  },
}

async function write(trace: Trace, folder: string, serving: Serving): Promise<string> {
  const store = await sqliteStore(mkdtempSync(joinPath(folder, 'author-')))
  await using rejoin = await openReplica(store, space, serving)
  await using note = await rejoin.notes.create({})
  await typeInto(note, trace)
  await rejoin.settled()
  return note.id
}

async function applying(trace: Trace): Promise<Contestant> {
  const { body, registers } = await typeBare(trace)
  const states = { body: Y.encodeStateAsUpdate(body), registers: Y.encodeStateAsUpdate(registers) }
  return {
    name: 'two Y.applyUpdate',
    role: 'limit',
    run: () => {
      const copy = { body: new Y.Doc({ guid: 'body' }), registers: new Y.Doc({ guid: 'registers' }) }
      Y.applyUpdate(copy.body, states.body)
      Y.applyUpdate(copy.registers, states.registers)
      return readBare(copy)
    },
    verify: (read) => assert.deepEqual(read, outcomeOf(trace)),
    figures: () => ({ 'B of state': states.body.length + states.registers.length }),
  }
}

const outcomeOf = (trace: Trace): unknown => ({ body: trace.endContent, position: trace.transactions.length })

function joining(id: string, trace: Trace, folder: string, serving: Serving): Contestant {
  let place = ''
  return {
    name: 'an empty replica joins',
    role: 'subject',
    before: () => {
      place = mkdtempSync(joinPath(folder, 'joiner-'))
    },
    run: async () => {
      await using rejoin = await openReplica(await sqliteStore(place), space, serving)
      await rejoin.settled()
      await using note = await rejoin.notes.open(id)
      const { body, position } = note?.view() ?? {}
      return { read: { body, position }, bytesDown: rejoin.traffic.bytesDown }
    },
    verify: (result) => assert.deepEqual((result as Joined).read, outcomeOf(trace)),
    figures: (result) => ({ 'B down': (result as Joined).bytesDown }),
  }
}

interface Joined {
  readonly read: unknown
  readonly bytesDown: number
}
