import { entityId, nextStamp, writerId } from '@rejoin/base'
import { ClientIds, clientIdOf, createEntity } from '@rejoin/documents'
import type { Engine, Entity, Update } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import { collection, register } from '@rejoin/schema'
import * as Y from 'yjs'
import type { Seeded } from './seeded.ts'

/** The common small entity: eight registers, about 156 bytes as JSON. */
export const tasks = collection('tasks', {
  title: register(),
  status: register(),
  priority: register(),
  assignee: register(),
  due: register(),
  done: register(),
  estimate: register(),
  notes: register(),
})

export type TaskEntity = Entity<typeof tasks>
export type Task = Readonly<Record<TaskField, string | number | boolean>>
export type TaskField = 'title' | 'status' | 'priority' | 'assignee' | 'due' | 'done' | 'estimate' | 'notes'

/** Some fields of a task anew, in one transaction. */
export type TaskEdit = readonly (readonly [field: TaskField, value: string | number | boolean])[]

export const registers = { part: 'shared', field: '' } as const
const fields = Object.keys(tasks.fields) as readonly TaskField[]
export const writer = writerId('e8'.repeat(16))
/** The same on both sides: how many bytes an id takes depends on the id. */
export const clientId = clientIdOf(writer, 0)

export const taskId = (index: number): ReturnType<typeof entityId> => entityId(`task-${index}`)

export const randomTask = (random: Seeded): Task =>
  Object.fromEntries(fields.map((field) => [field, randomValue(field, random)])) as Record<TaskField, string>

/** Edits of `width` different fields each. */
export const randomEdits = (random: Seeded, count: number, width: number): TaskEdit[] =>
  Array.from({ length: count }, () => {
    const from = random.integer(fields.length)
    return Array.from({ length: width }, (_, i) => fields[(from + 3 * i) % fields.length] ?? 'title').map(
      (field) => [field, randomValue(field, random)] as const,
    )
  })

/** What people do most. */
export const statusEdits = (random: Seeded, count: number): TaskEdit[] =>
  Array.from({ length: count }, () => [['status', randomValue('status', random)] as const])

function randomValue(field: TaskField, random: Seeded): string | number | boolean {
  switch (field) {
    case 'title':
      return `${random.word(8)} ${random.word(11)} ${random.word(7)}`
    case 'status':
      return ['open', 'doing', 'review', 'done', 'later'][random.integer(5)] ?? 'open'
    case 'priority':
      return random.integer(5)
    case 'assignee':
      return `user-${random.word(6)}`
    case 'due':
      return `2026-${10 + random.integer(3)}-${10 + random.integer(19)}`
    case 'done':
      return random.integer(2) === 1
    case 'estimate':
      return random.integer(480)
    case 'notes':
      return `${random.word(4)} ${random.word(5)}`
  }
}

/** The task after the edits, without any CRDT. */
export const edited = (task: Task, edits: readonly TaskEdit[]): Task => ({
  ...task,
  ...Object.fromEntries(edits.flat()),
})

/** Nothing is written yet; documents of one id share no `clientIds`. Each edit comes up to a second after the one before, by the entity's own clock. */
export function openTask(
  index: number,
  clientIds: ClientIds = new ClientIds(writer),
  engine: Engine = yjs,
): TaskEntity {
  const id = taskId(index)
  let stamp = 0
  let wallMs = Date.UTC(2026, 10, 20)
  return createEntity({
    collection: tasks,
    id,
    engine,
    writer,
    clientIds,
    key: () => id,
    nextStamp: () => {
      wallMs += 1 + ((wallMs * 7919) % 1000)
      return (stamp = nextStamp(stamp, wallMs))
    },
  })
}

export function createTask(index: number, task: Task, engine: Engine = yjs): TaskEntity {
  const entity = openTask(index, undefined, engine)
  const { error } = entity.create(task)
  if (error !== undefined) throw error
  return entity
}

/** The updates of one edit, to be stored and sent. */
export function editTask(entity: TaskEntity, edit: TaskEdit): readonly { readonly update: Update }[] {
  const result = entity.edit('user', (draft) => {
    for (const [field, value] of edit) draft[field].set(value)
  })
  if (result.error !== undefined) throw result.error
  return result.updates
}

/** The same by hand on bare Yjs: one map, and the bytes kept of what happens to it. */
export interface BareTask {
  readonly doc: Y.Doc
  readonly map: Y.Map<unknown>
  updates: Uint8Array[]
}

/** With a guid of its own: to make a random one takes longer than all else (and Yjs makes one if it is given none). */
export function openBareTask(index: number): BareTask {
  const doc = new Y.Doc({ guid: taskId(index) })
  return { doc, map: doc.getMap('task'), updates: [] }
}

export function createBareTask(index: number, task: Task): BareTask {
  const bare = openBareTask(index)
  bare.doc.clientID = clientId
  bare.doc.on('update', (update: Uint8Array) => void bare.updates.push(update))
  editBareTask(bare, Object.entries(task) as [TaskField, string][])
  return bare
}

export function editBareTask({ doc, map }: BareTask, edit: TaskEdit): void {
  doc.transact(() => {
    for (const [field, value] of edit) map.set(field, value)
  })
}
