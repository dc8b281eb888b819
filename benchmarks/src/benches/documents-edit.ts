import assert from 'node:assert/strict'
import type { Engine, Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import * as Y from 'yjs'
import type { Case, Contestant } from '../bench.ts'
import { createBareTask, createTask, edited, editBareTask, editTask, openTask, randomEdits, randomTask } from '../e8.ts'
import { registers, taskId } from '../e8.ts'
import type { BareTask, Task, TaskEdit, TaskEntity } from '../e8.ts'
import type { Seeded } from '../seeded.ts'
import { mean } from '../statistics.ts'

export const editsPerTask = 20

export interface Script {
  readonly task: Task
  readonly edits: readonly TaskEdit[]
}

/** Each edit in a transaction of its own, its update kept, and the whole entity read as JSON after it. */
export function editing(name: string, random: Seeded, tasks: number, width: number): Case {
  const scripts = randomScripts(random, tasks, width)
  const contestants = [byHand(scripts), { ...byEntity(scripts, yjs, 'entity: edit, view'), marks: [{ atMost: 1.5 }] }]
  return { name, count: tasks * editsPerTask, unit: 'edits', contestants }
}

export const randomScripts = (random: Seeded, tasks: number, width: number): Script[] =>
  Array.from({ length: tasks }, () => ({
    task: randomTask(random),
    edits: randomEdits(random, editsPerTask, width),
  }))

export function byHand(scripts: readonly Script[]): Contestant {
  let ready: readonly BareTask[] = []
  return {
    name: 'bare Y.Map: set, toJSON',
    role: 'limit',
    before: () => (ready = scripts.map(({ task }, index) => createBareTask(index, task))),
    run: () =>
      ready.map((bare, index) => {
        let view: unknown
        for (const edit of scripts[index]?.edits ?? []) {
          editBareTask(bare, edit)
          view = bare.map.toJSON()
        }
        return view
      }),
    verify(views) {
      assert.deepEqual(views, outcomes(scripts))
      for (const [index, { updates }] of ready.entries()) {
        const copy = new Y.Doc({ guid: 'copy' })
        for (const update of updates) Y.applyUpdate(copy, update)
        assert.deepEqual(copy.getMap('task').toJSON(), outcomes(scripts)[index])
      }
    },
    figures: () => ({
      'B an update': mean(ready.flatMap(({ updates }) => updates.slice(1).map(({ length }) => length))),
    }),
  }
}

export function byEntity(scripts: readonly Script[], engine: Engine, name: string): Contestant {
  let ready: readonly { readonly entity: TaskEntity; readonly updates: Update[] }[] = []
  return {
    name,
    role: 'subject',
    before: () =>
      (ready = scripts.map(({ task }, index) => {
        const entity = createTask(index, task, engine)
        return { entity, updates: [entity.snapshot(registers)] }
      })),
    run: () =>
      ready.map(({ entity, updates }, index) => {
        let view: unknown
        for (const edit of scripts[index]?.edits ?? []) {
          for (const { update } of editTask(entity, edit)) updates.push(update)
          view = entity.view()
        }
        return view
      }),
    verify(views) {
      const expected = outcomes(scripts).map((task, index) => ({ id: taskId(index), ...task }))
      assert.deepEqual(views, expected)
      for (const [index, { updates }] of ready.entries()) {
        const copy = openTask(index, undefined, engine)
        copy.load(registers, updates)
        assert.deepEqual(copy.view(), expected[index])
      }
    },
    figures: () => ({
      'B an update': mean(ready.flatMap(({ updates }) => updates.slice(1).map(({ bytes }) => bytes.length))),
    }),
  }
}

export const outcomes = (scripts: readonly Script[]): Task[] => scripts.map(({ task, edits }) => edited(task, edits))
