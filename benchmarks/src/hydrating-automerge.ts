import * as A from '@automerge/automerge'
import { createAutomergeTask, editAutomergeTask, readAutomergeTask } from './bare-automerge.ts'
import type { AutomergeTask } from './bare-automerge.ts'
import type { Subject } from './hydrating-process.ts'

export const bareAutomerge: Subject = {
  save(_index, task, edits) {
    const bare = createAutomergeTask(task)
    for (const edit of edits) editAutomergeTask(bare, edit)
    const bytes = A.save(bare.doc)
    A.free(bare.doc)
    return { encoding: 'automerge', bytes }
  },
  hydrate(_index, { bytes }) {
    const doc = A.load<AutomergeTask>(bytes)
    return { status: readAutomergeTask(doc).status, dispose: () => A.free(doc) }
  },
}
