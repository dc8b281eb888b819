import assert from 'node:assert/strict'
import { documentKey } from '@rejoin/base'
import { viewOf } from '@rejoin/documents'
import type { Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import * as Y from 'yjs'
import type { Case, Contestant } from '../bench.ts'
import {
  createBareTask,
  createTask,
  edited,
  editBareTask,
  editTask,
  randomTask,
  registers,
  statusEdits,
} from '../e8.ts'
import { taskId, tasks } from '../e8.ts'
import type { Task, TaskEdit } from '../e8.ts'
import type { Seeded } from '../seeded.ts'
import { mean } from '../statistics.ts'
import { decodeView, encodeView } from '../view-record.ts'

interface Edited {
  readonly task: Task
  readonly edits: readonly TaskEdit[]
}

const storedView = 'stored view'

/** From stored bytes in memory to JSON: what a list does for a row. Reading the disk is in none of them. */
export function opening(random: Seeded, count: number): Case {
  const all = Array.from({ length: count }, () => ({ task: randomTask(random), edits: statusEdits(random, 20) }))
  const expected = all.map(({ task, edits }) => edited(task, edits))
  const views = expected.map((task, index) => ({ id: taskId(index), ...task }))
  const contestants = [parsing(views), decoding(views), ...loading(all, expected), hydrating(all, views)]
  return { name: 'open to read, after 20 edits', count, unit: 'entities', contestants }
}

function parsing(views: readonly object[]): Contestant {
  const texts = views.map((view) => JSON.stringify(view))
  return {
    name: 'JSON.parse of a string',
    role: 'limit',
    run: () => texts.map((text) => JSON.parse(text) as unknown),
    verify: (read) => assert.deepEqual(read, views),
    figures: () => ({ B: mean(texts.map(({ length }) => length)) }),
  }
}

function decoding(views: readonly Readonly<Record<string, unknown>>[]): Contestant {
  const records = views.map((view) => encodeView(view))
  return {
    name: storedView,
    role: 'subject',
    run: () => records.map(decodeView),
    verify: (read) => assert.deepEqual(read, views),
    figures: () => ({ B: mean(records.map(({ length }) => length)) }),
  }
}

/** With a guid, and as it is shown everywhere, where Yjs makes a random one: that takes longer than all else. */
function loading(all: readonly Edited[], expected: readonly Task[]): Contestant[] {
  const states = all.map(({ task, edits }, index) => {
    const bare = createBareTask(index, task)
    for (const edit of edits) editBareTask(bare, edit)
    return Y.encodeStateAsUpdateV2(bare.doc)
  })
  const load = (name: string, open: (index: number) => Y.Doc): Contestant => ({
    name,
    role: 'peer',
    run: () =>
      states.map((state, index) => {
        const doc = open(index)
        Y.applyUpdateV2(doc, state)
        return doc.getMap('task').toJSON()
      }),
    verify: (read) => assert.deepEqual(read, expected),
    figures: () => ({ B: mean(states.map(({ length }) => length)) }),
    marks: [{ beside: storedView, atLeast: 50 }],
  })
  return [
    load('bare Y.Map with guid: load, toJSON', (index) => new Y.Doc({ guid: taskId(index) })),
    load('bare Y.Map: load, toJSON', () => new Y.Doc()),
  ]
}

function hydrating(all: readonly Edited[], views: readonly object[]): Contestant {
  const stored = all.map(({ task, edits }, index) => {
    const entity = createTask(index, task)
    for (const edit of edits) editTask(entity, edit)
    const key = documentKey({ collection: tasks.name, entity: entity.id, ...registers })
    return new Map<string, readonly Update[]>([[key, [entity.snapshot(registers)]]])
  })
  return {
    name: 'entity: viewOf',
    role: 'subject',
    run: () => stored.map((documents, index) => viewOf(tasks, taskId(index), yjs, documents)),
    verify: (read) => assert.deepEqual(read, views),
    figures: () => ({
      B: mean(stored.flatMap((documents) => [...documents.values()].flat().map(({ bytes }) => bytes.length))),
    }),
    marks: [{ beside: storedView, atLeast: 50 }],
  }
}
