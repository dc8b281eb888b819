import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entityId, writerId } from '@rejoin/base'
import type { UserId } from '@rejoin/base'
import { ClientIds, createEntity } from '@rejoin/documents'
import type { DocumentUpdate, Entity } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import * as schema from '@rejoin/schema'
import { expect, test } from 'vitest'

const page = readFileSync(join(import.meta.dirname, '../../docs/merging.md'), 'utf8')

/** A line of a table, and the declarations of the block above it. */
interface Example {
  readonly section: string
  readonly declared: string
  readonly before: string
  readonly phone: string
  readonly laptop: string
  readonly both: string
}

const examples = examplesIn(page)

test('the page has an example of every kind and policy', () => {
  const declared = examples.map((example) => example.declared).join('\n')
  const kinds = ['register', 'text', 'richText', 'counter', 'set', 'growSet', 'map', 'list', 'movableList']
  const policies = ['manual', 'max', 'min', 'first-write-wins', 'order', 'transitions', 'resolve', 'owner', 'edit-wins']
  expect(kinds.filter((kind) => !declared.includes(`${kind}(`))).toEqual([])
  expect(policies.filter((policy) => !declared.includes(policy))).toEqual([])
  expect(examples.length).toBeGreaterThan(25)
})

test.each(examples)('$section: $phone, $laptop', ({ declared, before, phone, laptop, both }) => {
  for (const order of ['phone first', 'laptop first'] as const) {
    const devices = [open(declared, 1, 'ana'), open(declared, 2, 'bo')] as const
    const [ana, bo] = devices
    if (!/ensure/.test(phone)) send(ana.entity.create({}), bo.entity)
    for (const update of run(ana, before)) deliver(bo.entity, update)
    const [ours, theirs] = [run(ana, phone), run(bo, laptop)]
    if (order === 'laptop first') for (const update of theirs) deliver(ana.entity, update)
    for (const update of ours) deliver(bo.entity, update)
    if (order === 'phone first') for (const update of theirs) deliver(ana.entity, update)
    expect(bo.entity.canonical()).toBe(ana.entity.canonical())
    for (const { entity } of devices) {
      if (both.startsWith('gone')) expect(entity.life()).toBe('deleted')
      else expect({ ...entity.view() }).toMatchObject(evaluate(codeIn(both), {}) as object)
      expect(entity.conflicts().length > 0).toBe(/conflict/.test(both))
    }
  }
})

interface Device {
  readonly entity: Entity
  readonly fields: readonly string[]
}

let stamp = 0

function open(declared: string, n: number, user: string): Device {
  const lines = declared.trim().split('\n').join(',\n')
  const { deletion, ...fields } = evaluate(`({ ${lines} })`, schema) as Record<string, schema.FieldDeclaration>
  const options = deletion === undefined ? {} : { deletion: 'edit-wins' as const }
  const collection = schema.collection('examples', fields, options)
  const writer = writerId(`${n}`.padStart(32, '0'))
  const entity = createEntity({
    collection,
    id: entityId('e1'),
    engine: yjs,
    writer,
    user: user as UserId,
    clientIds: new ClientIds(writer),
    key: ({ part, field }) => `${part}/${field}`,
    nextStamp: () => ++stamp,
  })
  return { entity, fields: Object.keys(fields) }
}

/** Each statement is an edit of its own, or what is done to the entity as a whole. */
function run({ entity, fields }: Device, cell: string): readonly DocumentUpdate[] {
  const statements = codeIn(cell)
    .split('; ')
    .filter((statement) => statement !== '')
  return statements.flatMap((statement) => {
    const result = statement.startsWith('entity.')
      ? (evaluate(statement, { entity }) as ReturnType<Entity['delete']>)
      : entity.edit('user', (draft) => {
          evaluate(statement, Object.fromEntries(fields.map((field) => [field, draft[field]])))
        })
    if ('error' in result) throw result.error
    return result.updates
  })
}

function send(result: ReturnType<Entity['delete']>, to: Entity): void {
  for (const update of result.updates) deliver(to, update)
}

const deliver = (to: Entity, update: DocumentUpdate): void => to.apply(update, [update.update])

/** The page is ours: what it says is run as it stands. */
function evaluate(code: string, names: object): unknown {
  const known = Object.entries(names).filter(([name]) => name !== 'default')
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function(...known.map(([name]) => name), `return (${code})`)(...known.map(([, value]) => value))
}

const codeIn = (cell: string): string => [...cell.matchAll(/`([^`]*)`/g)].map((match) => match[1] ?? '').join('; ')

function examplesIn(text: string): Example[] {
  const found: Example[] = []
  let section = ''
  let declared = ''
  for (const part of text.split(/^(?=#{2,3} |```ts)/m)) {
    if (part.startsWith('#')) section = /^#+ (.*)/.exec(part)?.[1] ?? ''
    const block = /^```ts\n([\s\S]*?)```/.exec(part)
    if (block !== null) declared = block[1] ?? ''
    for (const line of part.split('\n')) {
      const cells = /^\|(.*)\|$/
        .exec(line)?.[1]
        ?.split('|')
        .map((cell) => cell.trim())
      const [before, phone, laptop, both] = cells ?? []
      if (cells?.length !== 4 || before === undefined || phone === undefined) continue
      if (laptop === undefined || both === undefined || before === 'before' || before.startsWith('---')) continue
      found.push({ section, declared, before, phone, laptop, both })
    }
  }
  return found
}
