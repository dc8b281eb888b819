import { RejoinError } from '@rejoin/base'
import type { EntityHandle, Rejoin, Status } from '@rejoin/client'
import { fragile, otherEngine } from '@rejoin/documents/testing'
import { yjs } from '@rejoin/documents/yjs'
import { collection, counter, ref, register, text } from '@rejoin/schema'
import type { Batch, Store } from '@rejoin/storage'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { describe, expect, test } from 'vitest'
import { World } from './world.ts'

const fields = { title: register().conflicts('manual'), body: text(), minutes: counter() }
const options = { space: 'course' }
const notes = collection('notes', fields, options)
const sketches = collection('sketches', fields, { ...options, engine: 'other-engine' })
const comments = collection(
  'comments',
  { text: register(), sketch: ref(sketches, { whenGone: 'hide' }) },
  { space: 'course' },
)
const known = { notes, sketches, comments }
type Replica = Rejoin<typeof known>
type Sketch = EntityHandle<typeof sketches>

const lost = { name: 'RejoinError', kind: 'engine-lost' }
const sentence =
  'The engine other-engine has failed: what it holds can neither be read nor edited until the replica is opened again ' +
  'with a fresh one. What is on the disk is whole.'

/** A replica whose second engine can fail, beside one that is sound; both have a note, a sketch and a comment. */
async function scene(wrap: (store: Store) => Store = (store) => store) {
  const world = new World()
  world.serverOptions = { engines: [otherEngine(yjs)] }
  await world.start()
  const { engine, fail } = fragile(otherEngine(yjs))
  const disk = new MemoryDisk()
  const limits = { tailRowsMax: 3 }
  const ana = await world.as('ana', known, { engines: [engine], store: wrap(memoryStore(disk)), limits })
  const ben = await world.as('ben', known, { engines: [otherEngine(yjs)] })
  const [note, sketch] = [
    await world.time.of(ana.notes.create({ title: 'note', body: 'n' }, { id: 'n', undo: true })),
    await world.time.of(ana.sketches.create({ title: 'sketch', body: 's' }, { id: 's', undo: true })),
  ]
  await world.time.of((await world.time.of(ana.comments.create({ text: 'said', sketch: 's' }, { id: 'c' }))).close())
  await world.level(ana, ben)
  const theirs = {
    note: await opened(world, ben.notes.open('n')),
    sketch: await opened(world, ben.sketches.open('s')),
  }
  const reopen = async (): Promise<Replica> => {
    await world.time.of(ana.close())
    const again = await world.as('ana', known, { engines: [otherEngine(yjs)], disk, limits })
    await world.level(again, ben)
    return again
  }
  return { world, ana, ben, note, sketch, theirs, fail, disk, reopen }
}

async function opened<T>(world: World, opening: Promise<T | undefined>): Promise<T> {
  const found = await world.time.of(opening)
  if (found === undefined) throw new Error('it is not there')
  return found
}

/** Everything that the two say, of every collection, and that of the sketch and the note in memory. */
async function told(world: World, replica: Replica): Promise<unknown> {
  const of = async (id: 'n' | 's', handle: Promise<{ hash(): string } | undefined>): Promise<string> =>
    `${id} ${(await opened(world, handle)).hash()}`
  return [
    await world.time.of(replica.notes.list()),
    await world.time.of(replica.sketches.list()),
    await world.time.of(replica.comments.list()),
    await of('n', replica.notes.open('n')),
    await of('s', replica.sketches.open('s')),
  ]
}

const unharmed: Partial<Status> = { damaged: 0, lost: 0, unreadable: 0, rejected: 0, storage: 'ok' }

describe('an engine that fails', () => {
  test('[CL167] refuses edits, looks and loads of its entities, and the status says why', async () => {
    const { world, ana, ben, sketch, fail } = await scene()
    const second = await world.time.of(ana.sketches.create({ title: 'second' }))
    await world.level(ana)
    fail()
    expect(() => sketch.edit((draft) => draft.title.set('lost'))).toThrow(expect.objectContaining(lost))
    expect(ana.status.now.problem).toEqual({ kind: 'engine-lost', message: sentence })
    const calls: readonly (() => unknown)[] = [
      () => sketch.edit((draft) => draft.title.set('lost')),
      () => second.view(),
      () => second.delete(),
      () => sketch.undo(),
      () => sketch.hash(),
      () => sketch.conflicts(),
      () => sketch.watch(() => undefined),
      () => sketch.bind('body', () => undefined),
    ]
    for (const call of calls) expect(call).toThrow(expect.objectContaining(lost))
    await world.time.of(second.close())
    for (const load of [
      () => ana.sketches.open('s'),
      () => ana.sketches.create({ title: 'third' }),
      () => ana.sketches.ensure('third', { title: 'third' }),
    ])
      await expect(world.time.of<unknown>(load())).rejects.toMatchObject(lost)
    await world.stop()
    await world.time.pass(1000)
    expect(ben.status.now.problem).toMatchObject({ kind: 'unavailable' })
    expect(ana.status.now.problem).toMatchObject({ kind: 'engine-lost' })
    await world.start()
    await world.level(ana)
    expect(ana.status.now).toMatchObject({ ...unharmed, problem: { kind: 'engine-lost' }, pending: 0 })
  })

  test('[CL167] refuses a look at what is not in memory, and takes it for no damage', async () => {
    const { world, ana, sketch, theirs, fail } = await scene()
    await world.time.of(sketch.close())
    theirs.sketch.edit((draft) => draft.body.insert(0, 'theirs '))
    await world.time.pass(1000)
    fail()
    await expect(world.time.of(ana.sketches.list())).rejects.toMatchObject(lost)
    expect(ana.status.now).toMatchObject({ ...unharmed, problem: { kind: 'engine-lost' } })
  })

  test('[CL167] fails no edit of another engine that asks it', async () => {
    const { ana, note, sketch, fail } = await scene()
    fail()
    const copy = (): unknown => note.edit((draft) => draft.body.insert(0, sketch.view().body))
    for (const again of [copy, copy]) expect(again).toThrow(expect.objectContaining(lost))
    note.edit((draft) => draft.body.insert(0, 'my '))
    expect(note.view().body).toBe('my n')
    expect(ana.status.now.problem?.message).toBe(sentence)
  })

  test('[CL167] leaves entities of other engines alone, lists that refer to it too', async () => {
    const { world, ana, ben, note, sketch, theirs, fail } = await scene()
    const shown: unknown[] = []
    const disputed: unknown[] = []
    fail()
    theirs.sketch.edit((draft) => draft.body.insert(0, 'theirs '))
    await world.level(ana, ben)
    expect(() => sketch.view()).toThrow(expect.objectContaining(lost))
    ana.comments.watch({}, (views) => shown.push(views.map(({ text: said }) => said)))
    ana.conflicts.watch((conflicts) => disputed.push(conflicts.length))
    note.edit((draft) => draft.body.insert(0, 'mine '))
    theirs.note.edit((draft) => draft.body.insert(0, 'theirs '))
    await world.level(ana, ben)
    expect(note.view()).toEqual(theirs.note.view())
    expect(await world.time.of(ana.notes.list())).toMatchObject([{ title: 'note' }])
    expect(await world.time.of(ana.comments.list())).toMatchObject([{ text: 'said', sketch: 's' }])
    const comment = await opened(world, ana.comments.open('c'))
    comment.edit((draft) => draft.text.set('said again'))
    await world.level(ana, ben)
    expect([shown.at(-1), disputed.at(-1)]).toEqual([['said again'], 0])
    await expect(world.time.of(ana.sketches.list())).rejects.toMatchObject(lost)
    expect(await world.time.of(ana.conflicts.list())).toEqual([])
    expect(ana.status.now).toMatchObject({ ...unharmed, pending: 0, synced: true })
  })

  test('[CL168] harms nothing on the disk: what comes is stored, what waits is sent, and a fresh engine has all', async () => {
    const { world, ana, ben, sketch, theirs, fail, reopen } = await scene()
    world.swallow = (from) => from === 'client'
    const receipt = sketch.edit((draft) => draft.body.insert(1, 'ketched'))
    sketch.edit((draft) => draft.minutes.add(1))
    await world.time.of(ana.flushed())
    fail()
    expect(() => sketch.edit((draft) => draft.minutes.add(1))).toThrow(expect.objectContaining(lost))
    world.swallow = () => false
    for (let i = 0; i < 9; i++) {
      theirs.sketch.edit((draft) => draft.body.insert(0, `${i} `))
      await world.time.pass(1000)
    }
    await world.level(ana, ben)
    expect(receipt.state).toBe('stored')
    expect(ana.status.now).toMatchObject({ ...unharmed, pending: 0 })
    const again = await reopen()
    expect(again.status.now).toMatchObject({ ...unharmed, problem: undefined })
    expect(await told(world, again)).toEqual(await told(world, ben))
    expect((await opened(world, again.sketches.open('s'))).view()).toMatchObject({
      body: '8 7 6 5 4 3 2 1 0 sketched',
      minutes: 1,
    })
  })

  test('[CL168] quarantines nothing by itself: a refusal of what it wrote is settled after the next open', async () => {
    const { world, ana, ben, sketch, fail, reopen } = await scene()
    world.rule = ({ document }) =>
      document.collection === 'sketches' && document.field === 'body' ? { kind: 'rule', message: 'No.' } : undefined
    const receipt = sketch.edit((draft) => draft.body.insert(1, 'refused'))
    fail()
    await world.time.pass(60_000)
    expect(ana.status.now).toMatchObject({ ...unharmed, synced: false })
    expect(await world.time.of(ana.quarantine.list())).toEqual([])
    expect(world.logged.filter(({ event }) => event === 'store.task-failed')).toHaveLength(1)
    expect(receipt.state).toBe('device')
    await expect(world.time.of(ana.leave('course-7'))).rejects.toMatchObject(lost)
    const again = await reopen()
    expect(await world.time.of(again.quarantine.list())).toMatchObject([
      { kind: 'rule', message: 'No.', changes: [{ field: 'body' }] },
    ])
    expect(await told(world, again)).toEqual(await told(world, ben))
  })
})

test('[CL168] failing while a refusal is settled, it leaves what was edited meanwhile in quarantine, whole', async () => {
  let meanwhile: (batch: Batch) => void = () => undefined
  const { world, ana, ben, sketch, fail, reopen } = await scene((inner) => ({
    durability: inner.durability,
    get: (keys) => inner.get(keys),
    scan: (range) => inner.scan(range),
    close: () => inner.close(),
    [Symbol.asyncDispose]: () => inner.close(),
    commit: async (batch) => {
      meanwhile(batch)
      return inner.commit(batch)
    },
  }))
  world.rule = () => ({ kind: 'rule', message: 'No.' })
  meanwhile = ({ put = [] }) => {
    if (!put.some(([key]) => key.startsWith('quarantine'))) return
    meanwhile = () => undefined
    sketch.edit((draft) => draft.body.insert(0, 'meanwhile '))
    fail()
  }
  const refused = sketch.edit((draft) => draft.body.insert(0, 'refused '))
  await expect(world.time.of(refused.stored)).rejects.toMatchObject({ kind: 'rule' })
  world.rule = () => undefined
  await world.time.of(ana.notes.create({ title: 'on' }))
  await world.level(ana, ben)
  const again = await reopen()
  expect(await world.time.of(again.quarantine.list())).toMatchObject([
    { kind: 'rule', changes: [{ field: 'body' }] },
    { kind: 'depends', omitted: 'unreadable' },
  ])
  expect(await told(world, again)).toEqual(await told(world, ben))
})

/** What an app does beside: whatever fails with the engine is passed over, anything else is a mistake. */
const attempt = async (world: World, act: () => unknown): Promise<void> => {
  try {
    await world.time.of(Promise.resolve(act()))
  } catch (cause) {
    if (!(cause instanceof RejoinError) || cause.message !== sentence) throw cause
  }
}

test('[CL168] wherever it fails, nothing else does, and the next open has all that was made durable', async () => {
  let calls = 0
  for (let hasFailed = true; hasFailed; calls += 4) {
    const { world, ana, ben, note, sketch, theirs, fail, reopen } = await scene()
    const body = (handle: Sketch, words: string): unknown =>
      handle.edit((draft) => {
        draft.body.insert(0, words)
        draft.minutes.add(1)
      })
    sketch.watch(() => undefined)
    ana.sketches.watch({}, () => undefined)
    ana.conflicts.watch(() => undefined)
    await world.level(ana)
    fail(calls)
    ana.goOffline()
    await attempt(world, () => sketch.edit((draft) => draft.title.set('mine')))
    await attempt(world, () => body(sketch, 'mine '))
    theirs.sketch.edit((draft) => draft.title.set('theirs'))
    body(theirs.sketch, 'theirs ')
    theirs.note.edit((draft) => draft.body.insert(0, 'theirs '))
    await world.level(ben)
    world.rule = ({ document }) =>
      document.part === 'shared' && document.field === 'body' ? { kind: 'rule', message: 'No.' } : undefined
    ana.goOnline()
    await world.time.pass(3_000)
    world.rule = () => undefined
    await attempt(world, () => body(sketch, 'more '))
    await attempt(world, () => sketch.undo())
    await attempt(world, async () => ana.sketches.list())
    await attempt(world, async () => (await ana.sketches.open('s'))?.close())
    note.edit((draft) => draft.body.insert(0, 'mine '))
    await world.time.pass(3_000)
    await world.level(ben)
    hasFailed = ana.status.now.problem?.kind === 'engine-lost'
    expect(note.view()).toEqual(theirs.note.view())
    expect(ana.status.now).toMatchObject({ damaged: 0, lost: 0, unreadable: 0, storage: 'ok', online: true })
    const again = await reopen()
    expect(again.status.now).toMatchObject({ damaged: 0, lost: 0, unreadable: 0, problem: undefined })
    expect(await told(world, again)).toEqual(await told(world, ben))
    // Refused by the rule, or not made; never set aside for the engine's sake.
    const kinds = (await world.time.of(again.quarantine.list())).map(({ kind, omitted }) => `${kind} ${omitted}`)
    expect(kinds.filter((kind) => !['rule undefined', 'depends undefined'].includes(kind))).toEqual([])
    await world.stop()
  }
  expect(calls).toBeGreaterThan(100)
})
