import assert from 'node:assert/strict'
import type { Update } from '@rejoin/documents'
import * as Y from 'yjs'
import type { Case, Contestant } from '../bench.ts'
import { createBareTask, createTask, edited, editBareTask, editTask, openTask, randomEdits, randomTask } from '../e8.ts'
import { registers, statusEdits } from '../e8.ts'
import type { Task, TaskEdit } from '../e8.ts'
import type { Seeded } from '../seeded.ts'
import { mean } from '../statistics.ts'

interface Saved {
  readonly task: Task
  readonly edits: readonly TaskEdit[]
}

/** The bytes of the whole state, in encoding V2 on both sides. */
export function snapshots(random: Seeded, quick: boolean): Case[] {
  const [few, many] = quick ? [40, 4] : [200, 4]
  const saved = (count: number, edits: () => TaskEdit[]): Saved[] =>
    Array.from({ length: count }, () => ({ task: randomTask(random), edits: edits() }))
  return [
    sizes(
      'snapshot after 20 edits of the status',
      saved(few, () => statusEdits(random, 20)),
      5,
      1.5,
    ),
    sizes(
      'snapshot after 20 edits of any field',
      saved(few, () => randomEdits(random, 20, 1)),
      5,
      1.5,
    ),
    sizes(
      'snapshot after 10,000 edits of any field',
      saved(many, () => randomEdits(random, 10_000, 1)),
      50,
      0.05,
    ),
  ]
}

function sizes(name: string, saved: readonly Saved[], times: number, atMost: number): Case {
  return {
    name,
    count: saved.length * times,
    unit: 'snapshots',
    contestants: [ofMaps(saved, times), ofEntities(saved, times, atMost)],
  }
}

function ofMaps(saved: readonly Saved[], times: number): Contestant {
  const docs = saved.map(({ task, edits }, index) => {
    const bare = createBareTask(index, task)
    for (const edit of edits) editBareTask(bare, edit)
    bare.updates = []
    return bare.doc
  })
  return {
    name: 'bare Y.Map',
    role: 'peer',
    run: () => repeated(times, () => docs.map((doc) => Y.encodeStateAsUpdateV2(doc))),
    verify(snapshots) {
      for (const [index, bytes] of (snapshots as Uint8Array[]).entries()) {
        const copy = new Y.Doc({ guid: 'copy' })
        Y.applyUpdateV2(copy, bytes)
        assert.deepEqual(copy.getMap('task').toJSON(), outcome(saved[index]))
      }
    },
    figures: (snapshots) => ({ B: mean((snapshots as Uint8Array[]).map(({ length }) => length)) }),
  }
}

function ofEntities(saved: readonly Saved[], times: number, atMost: number): Contestant {
  const entities = saved.map(({ task, edits }, index) => {
    const entity = createTask(index, task)
    for (const edit of edits) editTask(entity, edit)
    return entity
  })
  return {
    name: 'entity',
    role: 'subject',
    run: () => repeated(times, () => entities.map((entity) => entity.snapshot(registers))),
    verify(snapshots) {
      for (const [index, snapshot] of (snapshots as Update[]).entries()) {
        const copy = openTask(index)
        copy.load(registers, [snapshot])
        assert.equal(snapshot.encoding, 'yjs-2')
        assert.deepEqual(copy.view(), { id: copy.id, ...outcome(saved[index]) })
      }
    },
    figures: (snapshots) => ({ B: mean((snapshots as Update[]).map(({ bytes }) => bytes.length)) }),
    marks: [{ figure: 'B', beside: 'bare Y.Map', atMost }],
  }
}

function repeated<T>(times: number, run: () => T): T {
  let last = run()
  for (let i = 1; i < times; i++) last = run()
  return last
}

const outcome = (saved: Saved | undefined): Task | undefined => saved && edited(saved.task, saved.edits)
