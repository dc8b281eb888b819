import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import { describe, expect, test } from 'vitest'
import { createWorld } from './world.ts'

/** What a JWT of this user looks like to a client, which never checks it. */
const tokenOf = (user: string, mark = 'x'): string =>
  `e30.${btoa(JSON.stringify({ sub: user })).replaceAll('=', '')}.${mark}`

describe('receipts and status', () => {
  test('[CL50] a receipt says memory, device and stored in that order, and its promises follow', async () => {
    const world = await createWorld()
    const ana = await world.open()
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    const receipt = note.edit((n) => n.body.insert(0, 'text'))
    expect(receipt.state).toBe('memory')
    await world.time.of(receipt.device)
    expect(receipt.state).toBe('device')
    await world.time.of(receipt.stored)
    expect(receipt.state).toBe('stored')
    const none = note.edit(() => undefined)
    await none.stored
    expect(await world.time.of(ana.receipts.find(none.id))).toBe('stored')
  })

  test('[CL51] after a restart a receipt is found by its id, and settles with the answer', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    const receipt = note.edit((n) => n.body.insert(0, 'text'))
    const stored = receipt.stored
    await world.time.of(ana.close())
    await expect(stored).rejects.toMatchObject({
      kind: 'closed',
      message: expect.stringMatching(/kept on this device/),
    })
    await expect(receipt.stored).rejects.toMatchObject({ kind: 'closed' })
    await receipt.device
    const again = await world.open({ disk, offline: true })
    expect(await world.time.of(again.receipts.find(receipt.id))).toBe('pending')
    expect(await world.time.of(again.receipts.find(`${'0'.repeat(32)}-1`))).toBeUndefined()
    again.goOnline()
    await world.level(again)
    expect(await world.time.of(again.receipts.find(receipt.id))).toBe('stored')
    await world.time.of(again.close())
    const third = await world.open({ disk, offline: true })
    expect(await world.time.of(third.receipts.find(receipt.id))).toBe('stored')
  })

  test('[CL52] pending and rejected count writes: what one edit does to one document', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, offline: true })
    const note = await world.time.of(ana.notes.create({ title: 'one' }))
    note.edit((n) => {
      n.body.insert(0, 'text')
      n.minutes.add(1)
    })
    expect(ana.status.now.pending).toBe(3)
    await world.time.of(ana.flushed())
    expect(ana.status.now.pending).toBe(3)
    world.rule = () => ({ kind: 'rule', message: 'Nothing today.' })
    ana.goOnline()
    await world.level(ana)
    expect(ana.status.now).toMatchObject({ pending: 0, rejected: 3 })
    expect(await world.time.of(ana.quarantine.list())).toHaveLength(3)
    await world.time.of(ana.close())
    const again = await world.open({ disk, offline: true })
    expect(again.status.now.rejected).toBe(3)
  })

  test('[CL53] nobody waits for ever on a replica that was closed', async () => {
    const world = await createWorld()
    const ana = await world.open({ offline: true })
    const settled = ana.settled()
    settled.catch(() => undefined)
    await world.time.of(ana.close())
    await expect(settled).rejects.toMatchObject({ kind: 'closed' })
    await expect(ana.flushed()).rejects.toMatchObject({ kind: 'closed' })
    await expect(ana.notes.list()).rejects.toMatchObject({ kind: 'closed' })
    await ana.close()
  })

  test("[CL54] what an app's own function throws disturbs nothing", async () => {
    const world = await createWorld()
    const thrown: unknown[] = []
    const { time } = world
    const timers = {
      after: (ms: number, fire: () => void) =>
        time.after(ms, () => {
          try {
            fire()
          } catch (cause) {
            thrown.push(cause)
          }
        }),
    }
    const broken = (): never => {
      throw new Error('of the app')
    }
    const ana = await world.open({ acknowledged: broken, ports: { timers } })
    const bob = await world.open()
    let shown = 0
    ana.notes.watch({}, broken)
    ana.notes.watch({}, () => void (shown += 1))
    const note = await world.time.of(bob.notes.create({ title: 'one' }))
    await world.level(ana, bob)
    const opened = await world.time.of(ana.notes.open(note.id))
    let calls = 0
    opened?.watch(() => {
      if (calls++ > 0) broken()
    })
    await world.time.of(note.edit((n) => n.body.insert(0, 'text')).stored)
    await world.time.of(opened?.edit((n) => n.minutes.add(1)).stored ?? Promise.reject(new Error('not there')))
    await world.level(ana, bob)
    expect(opened?.view()).toMatchObject({ body: 'text', minutes: 1 })
    expect(shown).toBeGreaterThan(1)
    expect(thrown.length).toBeGreaterThan(2)
  })
})

describe('credentials', () => {
  test('[CL55] a token function is asked again after the server refused its token', async () => {
    const world = await createWorld()
    let asked = 0
    const token = (): string => tokenOf('ana', `t${asked++}`)
    world.refusedTokens.set(tokenOf('ana', 't0'), 'token-expired')
    world.refusedTokens.set(tokenOf('ana', 't1'), 'unauthenticated')
    const problems: (string | undefined)[] = []
    const ana = await world.open({ token })
    ana.status.watch(({ problem }) => problems.push(problem?.kind))
    await world.level(ana)
    expect(asked).toBe(3)
    expect(problems).toEqual(expect.arrayContaining(['token-expired', 'unauthenticated']))
    expect(ana.status.now.problem).toBeUndefined()
  })

  test('[CL56] a replica opens without waiting for a token, and never connects under another name', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const first = await world.open({ store: memoryStore(disk), token: tokenOf('ana'), user: undefined as never })
    await world.time.of(first.notes.create({ title: 'of ana' }))
    await world.level(first)
    await world.time.of(first.close())
    let answer = (): string | Promise<string> => new Promise<string>(() => undefined)
    const ana = await world.open({ disk, token: () => answer(), user: undefined as never })
    expect(ana.status.now.online).toBe(false)
    expect(await world.time.of(ana.notes.list())).toHaveLength(1)
    answer = () => tokenOf('ana')
    await world.level(ana)
    await world.time.of(ana.close())

    answer = () => tokenOf('ana')
    const again = await world.open({ disk, token: () => answer(), user: undefined as never, offline: true })
    answer = () => tokenOf('bob')
    again.goOnline()
    await world.time.pass(5_000)
    expect(again.status.now).toMatchObject({ online: false, problem: { kind: 'bad-config' } })
  })

  test('[CL56] nor under the name of a token that came late, or that is not of the user who was told', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const ana = await world.open({ disk, offline: true })
    await world.time.of(ana.notes.create({ title: 'of ana' }))
    await world.time.of(ana.close())
    let answer = (): string => {
      throw new Error('no network')
    }
    const late = await world.open({ disk, user: undefined as never, token: () => answer() })
    answer = () => tokenOf('bob')
    await world.time.pass(60_000)
    expect(late.status.now).toMatchObject({ online: false, pending: 1, problem: { kind: 'bad-config' } })
    expect(late.status.now.problem?.message).toContain('The token is of bob, and this replica was opened for ana.')
    answer = () => tokenOf('ana')
    await world.level(late)
    const told = await world.open({ token: tokenOf('bob') })
    await world.time.pass(60_000)
    expect(told.status.now).toMatchObject({ online: false, problem: { kind: 'bad-config' } })
    const opaque = await world.open({ token: 'a token that is no JWT' })
    await world.level(opaque)
  })

  test('[CL57] what was written before anybody was known goes under the first name', async () => {
    const world = await createWorld()
    const disk = new MemoryDisk()
    const nobody = await world.open({ disk, user: undefined as never, offline: true })
    await world.time.of(nobody.notes.create({ title: 'early' }))
    await world.time.of(nobody.close())
    const ana = await world.open({ disk, user: undefined as never, token: tokenOf('ana') })
    await world.level(ana)
    expect(ana.status.now.pending).toBe(0)
  })

  test('[CL58] a wall clock that jumps while the server is heard moves no stamp, and one that was far ahead is forgotten', async () => {
    const world = await createWorld()
    const ana = await world.open()
    await world.level(ana)
    world.offsetMs = 3_600_000
    const note = await world.time.of(ana.notes.create({ title: 'in time' }))
    await world.level(ana)
    expect(ana.status.now.rejected).toBe(0)
    ana.goOffline()
    await world.time.pass(10)
    const early = note.edit((n) => n.title.set('an hour ahead'))
    await world.time.of(early.device)
    world.offsetMs = 0
    ana.goOnline()
    await world.time.of(early.stored)
    await world.time.of(note.edit((n) => n.title.set('corrected')).stored)
    expect(note.view().title).toBe('corrected')
  })
})
