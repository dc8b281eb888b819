import { setImmediate } from 'node:timers/promises'
import { ClientIds } from '@rejoin/documents'
import type { Update } from '@rejoin/documents'
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

export interface Memory {
  readonly heapUsed: number
  readonly external: number
  readonly rss: number
}

export interface Cycles {
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

interface Subject {
  save(index: number, task: Task, edits: readonly TaskEdit[]): Uint8Array
  hydrate(index: number, bytes: Uint8Array): Held
}

/** As in a client: one writer has all documents. */
const clientIds = new ClientIds(writer)

const subjects: Readonly<Record<string, Subject>> = {
  bare: {
    save(index, task, edits) {
      const bare = createBareTask(index, task)
      for (const edit of edits) editBareTask(bare, edit)
      return Y.encodeStateAsUpdateV2(bare.doc)
    },
    hydrate(index, bytes) {
      const { doc, map } = openBareTask(index)
      Y.applyUpdateV2(doc, bytes)
      return { status: map.toJSON()['status'], dispose: () => doc.destroy() }
    },
  },
  entity: {
    save(index, task, edits) {
      const entity = createTask(index, task)
      for (const edit of edits) editTask(entity, edit)
      return entity.snapshot(registers).bytes
    },
    hydrate(index, bytes) {
      const entity = openTask(index, clientIds)
      const snapshot: Update = { encoding: 'yjs-2', bytes }
      entity.load(registers, [snapshot])
      return { status: entity.view().status, dispose: () => entity.dispose() }
    },
  },
}

const [, , name = '', documents = '0'] = process.argv
const subject = subjects[name]
if (subject === undefined) throw new Error(`There is nothing called ${name} to hydrate.`)
process.send?.(await measure(subject, Number(documents)))
process.disconnect?.()

async function measure({ save, hydrate }: Subject, documents: number): Promise<Cycles> {
  const random = seeded(1)
  const stored = Array.from({ length: documents }, (_, index) => {
    const edits = statusEdits(random, 20)
    return { bytes: save(index, randomTask(random), edits), status: edits.at(-1)?.[0]?.[1] }
  })
  const before = await memory()
  const held: Memory[] = []
  const after: Memory[] = []
  let read = 0
  for (let cycle = 0; cycle < 2; cycle++) {
    let open: Held[] | undefined = stored.map(({ bytes }, index) => hydrate(index, bytes))
    for (const [index, { status }] of open.entries()) if (status === stored[index]?.status) read++
    held.push(await memory())
    for (const each of open) each.dispose()
    open = undefined
    after.push(await memory())
  }
  return { read, before, held, after }
}

/** Without garbage. What ends in a later turn of the event loop has ended. */
async function memory(): Promise<Memory> {
  for (let round = 0; round < 3; round++) {
    await setImmediate()
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heapUsed, external, rss }
}
