import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openRejoin } from '@rejoin/client'
import type { Rejoin } from '@rejoin/client'
import { collection, register, text } from '@rejoin/schema'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { sqliteStore } from '@rejoin/storage/sqlite'
import type { Store } from '@rejoin/storage'
import * as Y from 'yjs'
import type { Bench, Case, Contestant } from '../bench.ts'
import { readTrace, spliced } from '../trace.ts'
import type { Trace } from '../trace.ts'

/** An author at full speed: a text and a register in one transaction, as the replay command does it. */
export const author: Bench = {
  name: 'author',
  about: 'transactions over a text and a register, durable on this device, beside two bare Y.Docs edited by hand',
  prepare: ({ quick, folder, traceFile }) => {
    const trace = readTrace(traceFile, quick ? 4_000 : 20_000)
    const wanted = spliced(trace)
    const only: Case = {
      name: 'trace from its beginning, no server',
      count: trace.transactions.length,
      unit: 'transactions',
      contestants: [
        bare(trace, wanted),
        replica('replica, store in memory', trace, wanted, inMemory),
        replica('replica, on the disk', trace, wanted, onDisk(folder)),
      ],
    }
    return Promise.resolve([only])
  },
}

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

interface Outcome {
  readonly body: string
  readonly position: unknown
}

function bare(trace: Trace, wanted: string): Contestant {
  return {
    name: 'two bare Y.Docs',
    role: 'limit',
    run: async (): Promise<Outcome> => {
      const body = new Y.Doc({ guid: 'body' })
      const registers = new Y.Doc({ guid: 'registers' })
      const updates: Uint8Array[] = []
      for (const document of [body, registers]) document.on('update', (update: Uint8Array) => void updates.push(update))
      const root = body.getText('body')
      const map = registers.getMap<number>('note')
      await eachTransaction(trace, (patches, index) => {
        body.transact(() => {
          for (const [position, deleted, inserted] of patches) {
            if (deleted > 0) root.delete(position, deleted)
            if (inserted !== '') root.insert(position, inserted)
          }
        })
        registers.transact(() => void map.set('position', index + 1))
      })
      return { body: root.toJSON(), position: map.get('position') }
    },
    verify: (outcome) => assert.deepEqual(outcome, { body: wanted, position: trace.transactions.length }),
  }
}

function replica(name: string, trace: Trace, wanted: string, newPlace: () => Place): Contestant {
  let place = newPlace()
  return {
    name,
    role: 'subject',
    before: () => {
      place = newPlace()
    },
    run: async (): Promise<string> => {
      await using rejoin = await open(place)
      await using note = await rejoin.notes.create({})
      await eachTransaction(trace, (patches, index) => {
        note.edit((draft) => {
          for (const [position, deleted, inserted] of patches) {
            if (deleted > 0) draft.body.delete(position, deleted)
            if (inserted !== '') draft.body.insert(position, inserted)
          }
          draft.position.set(index + 1)
        })
      })
      await rejoin.flushed()
      return note.id
    },
    verify: async (id) => {
      await using rejoin = await open(place)
      await using note = await rejoin.notes.open(String(id))
      const { body, position } = note?.view() ?? {}
      assert.deepEqual({ body, position }, { body: wanted, position: trace.transactions.length })
    },
  }
}

const open = async (place: Place): Promise<Rejoin<{ notes: typeof notes }>> =>
  openRejoin({ collections: { notes }, spaces: { default: 'bench' }, store: await place() })

/** Lets the event loop turn now and then, as typing does: group commits happen in between. */
async function eachTransaction(
  { transactions }: Trace,
  edit: (patches: Trace['transactions'][number], index: number) => void,
): Promise<void> {
  for (const [index, patches] of transactions.entries()) {
    edit(patches, index)
    if (index % 100 === 99) await setImmediate()
  }
}

const notes = collection('notes', { body: text(), position: register() })
