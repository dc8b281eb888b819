import assert from 'node:assert/strict'
import { createLoroTask, editLoroTask, loadLoro, readLoroTask } from '../bare-loro.ts'
import type { BareLoro } from '../bare-loro.ts'
import type { Contestant } from '../bench.ts'
import { mean } from '../statistics.ts'
import { outcomes } from './documents-edit.ts'
import type { Script } from './documents-edit.ts'

/** Each edit a commit of its own, its bytes kept, and the whole read as JSON after it. */
export function byLoro(scripts: readonly Script[]): Contestant {
  let ready: readonly BareLoro[] = []
  return {
    name: 'bare Loro: set, commit, toJSON',
    settings: 'LoroMap; subscribeLocalUpdates',
    role: 'peer',
    before() {
      for (const bare of ready) bare.dispose()
      ready = scripts.map(({ task }) => createLoroTask(task))
    },
    run: () =>
      ready.map((bare, index) => {
        let view: unknown
        for (const edit of scripts[index]?.edits ?? []) {
          editLoroTask(bare, edit)
          view = readLoroTask(bare.doc)
        }
        return view
      }),
    verify(views) {
      assert.deepEqual(views, outcomes(scripts))
      for (const [index, { updates }] of ready.entries()) {
        const [first = new Uint8Array(0), ...others] = updates
        const copy = loadLoro(first)
        copy.importBatch(others)
        assert.deepEqual(readLoroTask(copy), outcomes(scripts)[index])
        copy.free()
      }
    },
    // A write of the value that is there is none, and has no update.
    figures: () => ({
      'B an update': mean(ready.flatMap(({ updates }) => updates.slice(1).map(({ length }) => length))),
    }),
  }
}

/** With its past, as everybody who may merge needs it, and beside it without. */
export function loadingLoro(scripts: readonly Script[]): Contestant {
  const saved = scripts.map(({ task, edits }) => {
    const bare = createLoroTask(task)
    for (const edit of edits) editLoroTask(bare, edit)
    const { doc, updates } = bare
    const bytes = doc.export({ mode: 'snapshot' })
    const shallow = doc.export({ mode: 'shallow-snapshot', frontiers: doc.frontiers() })
    const inOne = doc.export({ mode: 'update' })
    bare.dispose()
    return { bytes, updates, shallow, inOne }
  })
  return {
    name: 'bare Loro: import, toJSON',
    settings: "export 'snapshot'",
    role: 'peer',
    run: () =>
      saved.map(({ bytes }) => {
        const doc = loadLoro(bytes)
        const view = readLoroTask(doc)
        doc.free()
        return view
      }),
    verify: (read) => assert.deepEqual(read, outcomes(scripts)),
    figures: () => ({
      'B': mean(saved.map(({ bytes }) => bytes.length)),
      'B as updates': mean(saved.map(({ updates }) => updates.reduce((sum, { length }) => sum + length, 0))),
      'B in one': mean(saved.map(({ inOne }) => inOne.length)),
      'B without its past': mean(saved.map(({ shallow }) => shallow.length)),
    }),
    costs: () => ({}),
  }
}
