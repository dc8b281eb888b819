import * as A from '@automerge/automerge'
import type { Task, TaskEdit, TaskField } from './e8.ts'
import type { Patch } from '@rejoin/lab/trace'

/** What an app on Automerge alone would have: a document by hand, and the bytes kept of what happens to it. */
export interface BareAutomerge<T> {
  doc: A.Doc<T>
  readonly updates: Uint8Array[]
}

/** Text is a scalar, as in a register: a plain string would be a text that merges by character. */
export type AutomergeTask = Record<TaskField, A.ImmutableString | number | boolean>

const actor = 'e8e8e8e8'

/** As long as those that Automerge draws. */
export const actorOf = (id: number): string => 'e8'.repeat(12) + id.toString(16).padStart(8, '0')

export function createAutomergeTask(task: Task): BareAutomerge<AutomergeTask> {
  const bare = { doc: A.init<AutomergeTask>({ actor }), updates: [] }
  editAutomergeTask(bare, Object.entries(task) as [TaskField, string][])
  return bare
}

export function editAutomergeTask(bare: BareAutomerge<AutomergeTask>, edit: TaskEdit): void {
  change(bare, (draft) => {
    for (const [field, value] of edit) draft[field] = typeof value === 'string' ? new A.ImmutableString(value) : value
  })
}

export const readAutomergeTask = (doc: A.Doc<AutomergeTask>): Task =>
  Object.fromEntries(
    Object.entries(doc).map(([field, value]) => [field, A.isImmutableString(value) ? value.val : value]),
  ) as Task

export interface AutomergeNote {
  body: string
}

export function createAutomergeNote(): BareAutomerge<AutomergeNote> {
  const bare = { doc: A.init<AutomergeNote>({ actor }), updates: [] }
  change(bare, (draft) => void (draft.body = ''))
  return bare
}

export function typeAutomergeNote(bare: BareAutomerge<AutomergeNote>, patches: readonly Patch[]): void {
  change(bare, (draft) => {
    for (const [position, deleted, inserted] of patches) A.splice(draft, ['body'], position, deleted, inserted)
  })
}

function change<T>(bare: BareAutomerge<T>, write: (draft: T) => void): void {
  bare.doc = A.change(bare.doc, { time: 0 }, write)
  const update = A.getLastLocalChange(bare.doc)
  if (update !== undefined) bare.updates.push(update)
}
