import assert from 'node:assert/strict'
import * as A from '@automerge/automerge'
import type { Engine } from '@rejoin/documents'
import * as Y from 'yjs'
import { createAutomergeTask, editAutomergeTask, readAutomergeTask } from '../bare-automerge.ts'
import { createLoroTask, editLoroTask, loadLoro, readLoroTask } from '../bare-loro.ts'
import type { Case, Contestant, Role } from '../bench.ts'
import { createBareTask, editBareTask, editTask, openBareTask, openTask, registers, taskId } from '../e8.ts'
import type { Seeded } from '../seeded.ts'
import { mean } from '../statistics.ts'
import { outcomes, randomScripts } from './documents-edit.ts'
import type { Script } from './documents-edit.ts'

/** One document of a library, and what it was told to send. */
interface Made {
  view(): unknown
  /** What a replica reads that got only what was sent. */
  copied(): unknown
  readonly bytes: number
  edit(script: Script): void
  dispose(): void
}

interface Maker {
  readonly name: string
  readonly role: Role
  readonly settings?: string
  make(script: Script, index: number): Made
  /** How a view of it looks. */
  seen(task: unknown, index: number): unknown
}

const times = 20

/** From nothing to eight fields written, and the update that says so. */
export function creating(engines: readonly Engine[], random: Seeded, count: number): Case {
  const scripts = randomScripts(random, count, 1)
  return {
    name: 'small: create with eight fields',
    count,
    unit: 'entities',
    contestants: makersOf(engines).map((maker) => creatingBy(maker, scripts)),
  }
}

/** Open ones, after 20 edits, read as JSON again and again. */
export function viewing(engines: readonly Engine[], random: Seeded, count: number): Case {
  const scripts = randomScripts(random, count, 1)
  return {
    name: 'small: view an open one',
    count: count * times,
    unit: 'views',
    contestants: makersOf(engines).map((maker) => viewingBy(maker, scripts)),
  }
}

const makersOf = (engines: readonly Engine[]): readonly Maker[] => [
  ...engines.map(entityOn),
  bareYjs,
  bareAutomerge,
  bareLoro,
]

function creatingBy({ name, role, settings, make, seen }: Maker, scripts: readonly Script[]): Contestant {
  let made: readonly Made[] = []
  return {
    name,
    role,
    ...(settings !== undefined && { settings }),
    before: () => made.forEach((each) => each.dispose()),
    run: () => (made = scripts.map(make)),
    verify() {
      const wanted = scripts.map(({ task }, index) => seen(task, index))
      assert.deepEqual(
        made.map((each) => each.view()),
        wanted,
      )
      assert.deepEqual(
        made.map((each) => each.copied()),
        wanted,
      )
    },
    figures: () => ({ 'B an update': mean(made.map(({ bytes }) => bytes)) }),
  }
}

function viewingBy({ name, role, settings, make, seen }: Maker, scripts: readonly Script[]): Contestant {
  let made: readonly Made[] | undefined
  return {
    name,
    role,
    ...(settings !== undefined && { settings }),
    before() {
      made ??= scripts.map((script, index) => {
        const one = make(script, index)
        one.edit(script)
        return one
      })
    },
    run() {
      let views: unknown
      for (let i = 0; i < times; i++) views = made?.map((each) => each.view())
      return views
    },
    verify: (views) => assert.deepEqual(views, outcomes(scripts).map(seen)),
  }
}

const asItIs = (task: unknown): unknown => task

const entityOn = (engine: Engine): Maker => ({
  name: `entity, ${engine.name}`,
  role: 'subject',
  make({ task }, index) {
    const entity = openTask(index, undefined, engine)
    const { updates, error } = entity.create(task)
    if (error !== undefined) throw error
    return {
      view: () => entity.view(),
      copied() {
        const copy = openTask(index, undefined, engine)
        copy.load(
          registers,
          updates.map(({ update }) => update),
        )
        return copy.view()
      },
      bytes: updates.reduce((sum, { update }) => sum + update.bytes.length, 0),
      edit: ({ edits }) => edits.forEach((edit) => editTask(entity, edit)),
      dispose: () => entity.dispose(),
    }
  },
  seen: (task, index) => ({ id: taskId(index), ...(task as object) }),
})

const bareYjs: Maker = {
  name: 'bare Y.Map',
  settings: 'V1; toJSON',
  role: 'limit',
  make({ task }, index) {
    const bare = createBareTask(index, task)
    const [update = new Uint8Array(0)] = bare.updates
    return {
      view: () => bare.map.toJSON(),
      copied() {
        const copy = openBareTask(index)
        Y.applyUpdate(copy.doc, update)
        return copy.map.toJSON()
      },
      bytes: update.length,
      edit: ({ edits }) => edits.forEach((edit) => editBareTask(bare, edit)),
      dispose: () => bare.doc.destroy(),
    }
  },
  seen: asItIs,
}

const bareAutomerge: Maker = {
  name: 'bare Automerge',
  settings: 'change; strings as scalars',
  role: 'peer',
  make({ task }) {
    const bare = createAutomergeTask(task)
    const [update = new Uint8Array(0)] = bare.updates
    return {
      view: () => readAutomergeTask(bare.doc),
      copied: () => readAutomergeTask(A.applyChanges(A.init<typeof bare.doc>(), [update])[0]),
      bytes: update.length,
      edit: ({ edits }) => edits.forEach((edit) => editAutomergeTask(bare, edit)),
      dispose: () => A.free(bare.doc),
    }
  },
  seen: asItIs,
}

const bareLoro: Maker = {
  name: 'bare Loro',
  settings: 'LoroMap; commit; toJSON',
  role: 'peer',
  make({ task }) {
    const bare = createLoroTask(task)
    const [update = new Uint8Array(0)] = bare.updates
    return {
      view: () => readLoroTask(bare.doc),
      copied: () => readLoroTask(loadLoro(update)),
      bytes: update.length,
      edit: ({ edits }) => edits.forEach((edit) => editLoroTask(bare, edit)),
      dispose: () => bare.dispose(),
    }
  },
  seen: asItIs,
}
