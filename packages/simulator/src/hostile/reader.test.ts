import { clientIdOf } from '@rejoin/documents'
import { expect, test } from 'vitest'
import { Dice } from '../world/dice.ts'
import { writeOwn } from './hands.ts'
import { payloads } from './payloads/payloads.ts'
import { Rig } from './rig.test.helper.ts'

const cases = (['yjs', 'automerge'] as const).flatMap((engine) =>
  Object.keys(payloads[engine].spoils).map((kind) => [kind, engine] as const),
)

/** Of no update can be made anything; what can be read, and waits or does not fit, is no damage. */
const unreadable = {
  yjs: /junk|cut off|30,000,000|run of|deep/,
  automerge: /junk|cut off|flipped|behind the end|twice|far away|no client|on nothing|run of/,
} as const

test.each(cases)('[SI50] a reader of %s in %s loses that document at most', async (kind, engine) => {
  const { making, text, spoils } = payloads[engine]
  const rig = await Rig.open({ engine })
  const ana = await rig.honest('earth', 'pluto')
  const shown: string[][] = []
  ana.notes.watch({ space: 'pluto' }, (views) => shown.push(views.map(({ id }) => id)))
  const mine = await rig.of(ana.notes.create({ title: 'mine' }, { space: 'pluto' }))
  await rig.level(ana)
  await rig.begin()
  const { hostile } = rig
  const line = hostile.line
  if (line === undefined) throw new Error('no line')
  const target = { collection: 'notes', entity: 'theirs', field: '' }
  writeOwn(hostile, line, target, making(hostile.writer, 5))
  await rig.pass(1000)
  const open = await rig.of(ana.notes.open('theirs', { space: 'pluto' }))
  for (const field of ['', 'body'])
    for (let seed = 1; seed <= 3; seed++)
      writeOwn(hostile, line, { ...target, field }, spoils[kind]?.(new Dice(seed)) ?? text(1, ''))
  // And into the note of an honest person.
  writeOwn(
    hostile,
    line,
    { collection: 'notes', entity: mine.id, field: 'body' },
    spoils[kind]?.(new Dice(9)) ?? text(1, ''),
  )
  await rig.pass(5000)
  await rig.level(ana)
  expect(open?.view()).toBeDefined()
  await rig.of(mine.edit((n) => n.body.insert(0, 'still')).stored)
  const elsewhere = await rig.of(ana.notes.create({ title: 'elsewhere' }, { space: 'earth' }))
  await rig.of(elsewhere.edit((n) => n.body.insert(0, 'text')).stored)
  expect(mine.view().body).toContain('still')
  expect(shown.at(-1)).toContain(mine.id)
  const bea = await rig.honest('earth', 'pluto')
  expect((await rig.of(bea.notes.list({ space: 'pluto' }))).map(({ id }) => id)).toContain(mine.id)
  expect((await rig.of(bea.notes.open(mine.id, { space: 'pluto' })))?.view().body).toContain('still')
  expect(ana.status.now.unreadable > 0).toBe(unreadable[engine].test(kind))
  expect((await rig.of(rig.server.fold())).spacesFailed).toBe(0)
  const cleo = await rig.honest('earth', 'pluto')
  expect((await rig.of(cleo.notes.open(mine.id, { space: 'pluto' })))?.view().body).toContain('still')
  await rig.of(ana.leave('pluto'))
  await rig.level(ana, bea, cleo)
  expect(ana.status.now).toMatchObject({ synced: true, pending: 0, rejected: 0, unreadable: 0 })
})

test('[SI50] a reader of an entity in an engine that it does not have loses that entity at most', async () => {
  const rig = await Rig.open()
  const ana = await rig.honest('earth', 'pluto')
  const mine = await rig.of(ana.notes.create({ title: 'mine' }, { space: 'pluto' }))
  await rig.level(ana)
  await rig.begin()
  const { hostile } = rig
  if (hostile.line === undefined) throw new Error('no line')
  const foreign = { encoding: 'automerge', bytes: Uint8Array.of(1, 2, 3) } as const
  for (const field of ['', 'body'])
    writeOwn(hostile, hostile.line, { collection: 'notes', entity: 'theirs', field }, foreign)
  writeOwn(hostile, hostile.line, { collection: 'notes', entity: mine.id, field: 'body' }, foreign)
  await rig.pass(5000)
  await rig.level(ana)
  expect(rig.errors).toEqual(new Set(['undecodable']))
  await rig.of(mine.edit((n) => n.body.insert(0, 'still')).stored)
  const bea = await rig.honest('earth', 'pluto')
  for (const replica of [ana, bea]) {
    const listed = await rig.of(replica.notes.list({ space: 'pluto' }))
    expect(listed.map(({ id, body }) => [id, body])).toEqual([[mine.id, 'still']])
    expect(await rig.of(replica.notes.open('theirs', { space: 'pluto' }))).toBeUndefined()
    await rig.level(replica)
    expect(replica.status.now).toMatchObject({ unreadable: 1, rejected: 0, damaged: 0, synced: true })
  }
  expect((await rig.of(rig.server.fold())).spacesFailed).toBe(0)
})

test.each(['yjs', 'automerge'] as const)(
  '[SI50] a document in %s under every name that a writer could take costs that writer one name',
  async (engine) => {
    const { making, crowd } = payloads[engine]
    const rig = await Rig.open({ engine })
    const ana = await rig.honest('earth', 'pluto')
    await rig.of(ana.notes.create({ title: 'known by its writer' }, { space: 'earth' }))
    await rig.begin()
    const { line, memory, writer } = rig.hostile
    const [victim] = [...memory.others.keys()]
    if (line === undefined || victim === undefined) throw new Error('nobody is there')
    const at = { collection: 'notes', entity: 'theirs', field: '' }
    writeOwn(rig.hostile, line, at, making(writer, 5))
    writeOwn(
      rig.hostile,
      line,
      { ...at, field: 'body' },
      crowd(Array.from({ length: 4200 }, (_, k) => clientIdOf(victim, k))),
    )
    await rig.pass(1000)
    const note = await rig.of(ana.notes.open('theirs', { space: 'pluto' }))
    const receipt = note?.edit((n) => n.body.insert(0, 'mine'))
    const elsewhere = await rig.of(ana.notes.create({ title: 'elsewhere' }, { space: 'earth' }))
    await rig.of(elsewhere.edit((n) => n.body.insert(0, 'text')).stored)
    await rig.level(ana)
    expect(receipt?.state).toBe('stored')
    expect(ana.status.now).toMatchObject({ synced: true, pending: 0, rejected: 0, problem: undefined })
  },
)
