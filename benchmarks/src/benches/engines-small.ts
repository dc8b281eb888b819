import assert from 'node:assert/strict'
import * as A from '@automerge/automerge'
import { documentKey } from '@rejoin/base'
import { viewOf } from '@rejoin/documents'
import type { Engine, Update } from '@rejoin/documents'
import * as Y from 'yjs'
import { createAutomergeTask, editAutomergeTask, readAutomergeTask } from '../bare-automerge.ts'
import type { AutomergeTask, BareAutomerge } from '../bare-automerge.ts'
import type { Case, Contestant } from '../bench.ts'
import {
  createBareTask,
  createTask,
  editBareTask,
  editTask,
  openBareTask,
  randomEdits,
  randomTask,
  registers,
  taskId,
  tasks,
} from '../e8.ts'
import type { Seeded } from '../seeded.ts'
import { mean } from '../statistics.ts'
import { byEntity, byHand, editsPerTask, outcomes, randomScripts } from './documents-edit.ts'
import type { Script } from './documents-edit.ts'
import { byLoro, loadingLoro } from './small-loro.ts'

/** Each edit in a transaction of its own, and the whole read as JSON after it. */
export function editingOn(engines: readonly Engine[], random: Seeded, count: number): Case {
  const scripts = randomScripts(random, count, 1)
  return {
    name: 'small: edit one field, and view',
    count: count * editsPerTask,
    unit: 'edits',
    contestants: [
      ...engines.map((engine) => byEntity(scripts, engine, `entity, ${engine.name}`)),
      byHand(scripts),
      byAutomerge(scripts),
      byLoro(scripts),
    ],
  }
}

function byAutomerge(scripts: readonly Script[]): Contestant {
  let ready: readonly BareAutomerge<AutomergeTask>[] = []
  return {
    name: 'bare Automerge: change, read',
    role: 'peer',
    before() {
      for (const { doc } of ready) A.free(doc)
      ready = scripts.map(({ task }) => createAutomergeTask(task))
    },
    run: () =>
      ready.map((bare, index) => {
        let view: unknown
        for (const edit of scripts[index]?.edits ?? []) {
          editAutomergeTask(bare, edit)
          view = readAutomergeTask(bare.doc)
        }
        return view
      }),
    verify(views) {
      assert.deepEqual(views, outcomes(scripts))
      for (const [index, { updates }] of ready.entries()) {
        const [copy] = A.applyChanges(A.init<AutomergeTask>(), updates)
        assert.deepEqual(readAutomergeTask(copy), outcomes(scripts)[index])
      }
    },
    figures: () => ({ 'B an update': mean(ready.flatMap(({ updates }) => updates.slice(1).map(bytesIn))) }),
  }
}

export interface Opened {
  readonly edits: number
  readonly entities: number
  /** How often each of them is loaded in a run. */
  readonly times: number
}

/** From a snapshot in memory to JSON, after so many edits of any field. */
export function openingOn(engines: readonly Engine[], random: Seeded, { edits, entities, times }: Opened): Case {
  const scripts = Array.from({ length: entities }, () => ({
    task: randomTask(random),
    edits: randomEdits(random, edits, 1),
  }))
  const all = [
    ...engines.map((engine) => loading(engine, scripts)),
    loadingYjs(scripts),
    loadingAutomerge(scripts),
    loadingLoro(scripts),
  ]
  return {
    name: `small: load the snapshot after ${edits} edits, and read`,
    count: entities * times,
    unit: 'entities',
    contestants: all.map((contestant) => ({ ...contestant, run: () => repeated(times, contestant.run) })),
  }
}

function repeated(times: number, run: () => unknown): unknown {
  let last = run()
  for (let i = 1; i < times; i++) last = run()
  return last
}

function loading(engine: Engine, scripts: readonly Script[]): Contestant {
  const saved = scripts.map(({ task, edits }, index) => {
    const entity = createTask(index, task, engine)
    const created = entity.snapshot(registers)
    const updates = edits.flatMap((edit) => editTask(entity, edit).map(({ update }) => update))
    const snapshot = entity.snapshot(registers)
    entity.dispose()
    return { snapshot, updates: [created, ...updates] }
  })
  const stored = saved.map(({ snapshot }, index) => {
    const key = documentKey({ collection: tasks.name, entity: taskId(index), ...registers })
    return new Map<string, readonly Update[]>([[key, [snapshot]]])
  })
  const expected = outcomes(scripts).map((task, index) => ({ id: taskId(index), ...task }))
  const all = (updates: readonly Update[]): number => updates.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const snapshotBytes = mean(saved.map(({ snapshot }) => snapshot.bytes.length))
  return {
    name: `entity, ${engine.name}`,
    role: 'subject',
    run: () => stored.map((documents, index) => viewOf(tasks, taskId(index), engine, documents)),
    verify: (read) => assert.deepEqual(read, expected),
    figures: () => ({
      'B': snapshotBytes,
      'B as updates': mean(saved.map(({ updates }) => all(updates))),
      'B squashed': mean(saved.map(({ updates }) => engine.squash(updates).bytes.length)),
    }),
    costs: () => ({ [`bytes of a snapshot, ${engine.name}`]: snapshotBytes }),
  }
}

function loadingYjs(scripts: readonly Script[]): Contestant {
  const saved = scripts.map(({ task, edits }, index) => {
    const bare = createBareTask(index, task)
    for (const edit of edits) editBareTask(bare, edit)
    return { bytes: Y.encodeStateAsUpdateV2(bare.doc), updates: bare.updates }
  })
  return {
    name: 'bare Y.Map: load, toJSON',
    role: 'limit',
    run: () =>
      saved.map(({ bytes }, index) => {
        const { doc, map } = openBareTask(index)
        Y.applyUpdateV2(doc, bytes)
        return map.toJSON()
      }),
    verify: (read) => assert.deepEqual(read, outcomes(scripts)),
    figures: () => sizes(saved),
    costs: () => ({}),
  }
}

function loadingAutomerge(scripts: readonly Script[]): Contestant {
  const saved = scripts.map(({ task, edits }) => {
    const bare = createAutomergeTask(task)
    for (const edit of edits) editAutomergeTask(bare, edit)
    const bytes = A.save(bare.doc)
    A.free(bare.doc)
    return { bytes, updates: bare.updates }
  })
  return {
    name: 'bare Automerge: load, read',
    role: 'limit',
    run: () =>
      saved.map(({ bytes }) => {
        const doc = A.load<AutomergeTask>(bytes)
        const view = readAutomergeTask(doc)
        A.free(doc)
        return view
      }),
    verify: (read) => assert.deepEqual(read, outcomes(scripts)),
    figures: () => sizes(saved),
    costs: () => ({}),
  }
}

interface Saved {
  readonly bytes: Uint8Array
  readonly updates: readonly Uint8Array[]
}

const sizes = (saved: readonly Saved[]): Record<string, number> => ({
  'B': mean(saved.map(({ bytes }) => bytes.length)),
  'B as updates': mean(saved.map(({ updates }) => updates.reduce((sum, each) => sum + each.length, 0))),
})

const bytesIn = ({ length }: Uint8Array): number => length
