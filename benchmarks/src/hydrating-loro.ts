import { createLoroTask, editLoroTask, loadLoro, readLoroTask } from './bare-loro.ts'
import type { Subject } from './hydrating-process.ts'

export const bareLoro: Subject = {
  save(_index, task, edits) {
    const bare = createLoroTask(task)
    for (const edit of edits) editLoroTask(bare, edit)
    const bytes = bare.doc.export({ mode: 'snapshot' })
    bare.dispose()
    return { encoding: 'other', bytes }
  },
  hydrate(_index, { bytes }) {
    const doc = loadLoro(bytes)
    return { status: readLoroTask(doc).status, dispose: () => doc.free() }
  },
}
