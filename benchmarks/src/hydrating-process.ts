import { setImmediate } from 'node:timers/promises'
import { ClientIds } from '@rejoin/documents'
import type { Engine, Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import * as Y from 'yjs'
import {
  createBareTask,
  createTask,
  editBareTask,
  editTask,
  openBareTask,
  openTask,
  randomTask,
  statusEdits,
} from './e8.ts'
import { registers, writer } from './e8.ts'
import type { Task, TaskEdit } from './e8.ts'
import { seeded } from './seeded.ts'
import { watchWasmMemory } from './wasm-memory.ts'

export interface Memory {
  readonly heapUsed: number
  readonly external: number
  readonly rss: number
  /** Never given back to the system, only used again. */
  readonly wasm: number
}

export interface Cycles {
  /** Processor time until the engine could be used, with all that this loads. */
  readonly openingMs: number
  /** Views that were read and had what was written. */
  readonly read: number
  readonly before: Memory
  /** By cycle: while all documents are held, and after all were let go. */
  readonly held: readonly Memory[]
  readonly after: readonly Memory[]
}

/** What is loaded, and how it is let go. */
interface Held {
  readonly status: unknown
  dispose(): void
}

export interface Subject {
  save(index: number, task: Task, edits: readonly TaskEdit[]): Update
  hydrate(index: number, stored: Update): Held
}

/** As in a client: one writer has all documents. */
const clientIds = new ClientIds(writer)

const entityOn = (engine: Engine): Subject => ({
  save(index, task, edits) {
    const entity = createTask(index, task, engine)
    for (const edit of edits) editTask(entity, edit)
    const snapshot = entity.snapshot(registers)
    entity.dispose()
    return snapshot
  },
  hydrate(index, stored) {
    const entity = openTask(index, clientIds, engine)
    entity.load(registers, [stored])
    return { status: entity.view().status, dispose: () => entity.dispose() }
  },
})

const bareYjs: Subject = {
  save(index, task, edits) {
    const bare = createBareTask(index, task)
    for (const edit of edits) editBareTask(bare, edit)
    return { encoding: 'yjs-2', bytes: Y.encodeStateAsUpdateV2(bare.doc) }
  },
  hydrate(index, { bytes }) {
    const { doc, map } = openBareTask(index)
    Y.applyUpdateV2(doc, bytes)
    return { status: map.toJSON()['status'], dispose: () => doc.destroy() }
  },
}

/** Others are not loaded by the process of one. */
const subjects: Readonly<Record<string, () => Promise<Subject>>> = {
  bare: () => Promise.resolve(bareYjs),
  entity: () => Promise.resolve(entityOn(yjs)),
  bareAutomerge: async () => (await import('./hydrating-automerge.ts')).bareAutomerge,
  bareLoro: async () => (await import('./hydrating-loro.ts')).bareLoro,
  automerge: async () => entityOn(await (await import('@rejoin/documents/automerge')).openAutomerge()),
}

const [, , name = '', documents = '0'] = process.argv
const open = subjects[name]
if (open === undefined) throw new Error(`There is nothing called ${name} to hydrate.`)
const wasmMemory = watchWasmMemory()
const start = process.cpuUsage()
const subject = await open()
const { user, system } = process.cpuUsage(start)
process.send?.(await measure(subject, Number(documents), (user + system) / 1000))
process.disconnect?.()

async function measure({ save, hydrate }: Subject, documents: number, openingMs: number): Promise<Cycles> {
  const random = seeded(1)
  const stored = Array.from({ length: documents }, (_, index) => {
    const edits = statusEdits(random, 20)
    return { snapshot: save(index, randomTask(random), edits), status: edits.at(-1)?.[0]?.[1] }
  })
  const before = await memory()
  const held: Memory[] = []
  const after: Memory[] = []
  let read = 0
  for (let cycle = 0; cycle < 2; cycle++) {
    let open: Held[] | undefined = stored.map(({ snapshot }, index) => hydrate(index, snapshot))
    for (const [index, { status }] of open.entries()) if (status === stored[index]?.status) read++
    held.push(await memory())
    for (const each of open) each.dispose()
    open = undefined
    after.push(await memory())
  }
  return { openingMs, read, before, held, after }
}

/** Without garbage. What ends in a later turn of the event loop has ended. */
async function memory(): Promise<Memory> {
  for (let round = 0; round < 3; round++) {
    await setImmediate()
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapUsed, external, rss, wasm: wasmMemory() }
}
