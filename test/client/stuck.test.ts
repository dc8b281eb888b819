import { RejoinError } from '@rejoin/base'
import type { Receipt } from '@rejoin/client'
import { memoryStore } from '@rejoin/storage/memory'
import type { Store } from '@rejoin/storage'
import { expect, test } from 'vitest'
import { copyOf } from './disks.ts'
import { createWorld } from './world.ts'
import type { TestRejoin, World } from './world.ts'

/** A store whose n-th call is made and not answered, nor any behind it, until it is released. */
class StuckStore implements Store {
  readonly durability = 'memory'
  readonly inner: Store = memoryStore()
  readonly #nth: number
  readonly #isDone: boolean
  readonly #gate = Promise.withResolvers<void>()
  calls = 0

  /** `isDone`: the call takes effect at once, and only its answer is missing. */
  constructor(nth: number, isDone: boolean) {
    this.#nth = nth
    this.#isDone = isDone
  }

  release(): void {
    this.#gate.resolve()
  }

  get(keys: readonly string[]): ReturnType<Store['get']> {
    return this.#answer(() => this.inner.get(keys))
  }

  scan(range: Parameters<Store['scan']>[0]): ReturnType<Store['scan']> {
    return this.#answer(() => this.inner.scan(range))
  }

  commit(batch: Parameters<Store['commit']>[0]): ReturnType<Store['commit']> {
    return this.#answer(() => this.inner.commit(batch))
  }

  close(): Promise<void> {
    return this.calls < this.#nth ? this.inner.close() : this.#gate.promise.then(() => this.inner.close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #answer<T>(call: () => Promise<T>): Promise<T> {
    this.calls += 1
    if (this.calls < this.#nth) return call()
    const early = this.#isDone && this.calls === this.#nth ? call() : undefined
    await this.#gate.promise
    return early ?? call()
  }
}

/** What an app does with every answer there is: it must have one, whatever the store does. */
class App {
  readonly world: World
  readonly refusals: RejoinError[] = []
  readonly receipts: Receipt[] = []
  replica: TestRejoin | undefined
  storage = new Set<string>()
  leaving: Promise<void> = Promise.resolve()

  constructor(world: World) {
    this.world = world
  }

  async does<T>(act: () => Promise<T>): Promise<T | undefined> {
    return this.world.time.of(act(), 60_000).catch((cause: unknown) => {
      if (!(cause instanceof RejoinError)) throw cause
      this.refusals.push(cause)
      return undefined
    })
  }

  async lives(store: Store): Promise<void> {
    const { world } = this
    world.rule = ({ document }) => (document.field === 'steps' ? { kind: 'rule', message: 'No steps.' } : undefined)
    try {
      this.replica = await world.open({ store, limits: { tailRowsMax: 2 } })
    } catch (cause) {
      if (!(cause instanceof RejoinError)) throw cause
      this.refusals.push(cause)
      return
    }
    const { replica } = this
    replica.status.watch(({ storage }) => this.storage.add(storage))
    const note = await this.does(() => replica.notes.create({ title: 'one', body: 'text' }))
    for (const step of ['', 'refused', '']) {
      if (note !== undefined)
        this.receipts.push(note.edit((n) => (step === '' ? n.body.insert(0, 'more ') : n.steps.push(step))))
      await world.time.pass(3_000)
    }
    await this.does(() => replica.notes.list())
    await this.does(() => replica.flushed())
    await this.does(() => replica.join('course-8', 'course'))
    // Once it has begun to write, only the close can say that nothing more will come of it.
    this.leaving = replica.leave('course-8').then(
      () => undefined,
      () => undefined,
    )
    await world.time.pass(3_000)
  }
}

const limitMs = 25_000

test('[CL88] a call that is never answered leaves nobody waiting, at the open, while it is open and at the close', async () => {
  const whole = new StuckStore(Number.MAX_SAFE_INTEGER, false)
  const undisturbed = new App(await createWorld())
  await undisturbed.lives(whole)
  expect([whole.calls > 30, undisturbed.refusals]).toEqual([true, []])
  for (let nth = 1; nth <= whole.calls; nth++) {
    const app = new App(await createWorld())
    const { world } = app
    const store = new StuckStore(nth, false)
    await app.lives(store)
    const where = `call ${nth} of ${whole.calls}`
    if (app.replica !== undefined) {
      await world.time.pass(limitMs)
      const { replica } = app
      const isWriting = app.receipts.some(({ state }) => state === 'memory')
      if (isWriting) expect([replica.status.now.storage, replica.status.now.synced], where).toEqual(['failing', false])
      const began = world.time.elapsed
      await app.does(() => replica.close())
      expect(world.time.elapsed - began, where).toBeLessThan(2 * limitMs)
      await world.time.of(app.leaving)
      for (const receipt of app.receipts) {
        await app.does(() => receipt.device)
        await app.does(() => receipt.stored)
      }
    }
    expect(app.refusals.length, where).toBeGreaterThan(0)
    for (const { kind } of app.refusals) expect(['storage-unavailable', 'closed', 'rule']).toContain(kind)
    // Another process finds what was answered.
    const kept = app.receipts.filter(({ state }) => state !== 'memory')
    const again = await world.open({ disk: await copyOf(store.inner) })
    await world.level(again)
    for (const { id } of kept) expect(await world.time.of(again.receipts.find(id)), where).toMatch(/stored|rejected/)
  }
})

test('[CL89] a call that is answered late was never given up: all is as if it had been answered in time', async () => {
  const whole = new StuckStore(Number.MAX_SAFE_INTEGER, false)
  await new App(await createWorld()).lives(whole)
  for (let nth = 1; nth <= whole.calls; nth++)
    for (const isDone of [false, true]) {
      const app = new App(await createWorld())
      const { world } = app
      const store = new StuckStore(nth, isDone)
      world.time.after(30_000, () => store.release())
      await app.lives(store)
      const { replica } = app
      if (replica === undefined) continue
      await world.time.pass(60_000)
      await world.level(replica)
      for (const { state } of app.receipts) expect(['stored', 'rejected']).toContain(state)
      expect(replica.status.now).toMatchObject({ storage: 'ok', pending: 0 })
      const bob = await world.open()
      await world.level(bob)
      const where = `call ${nth}, ${isDone ? 'done' : 'not done'}`
      expect(await world.time.of(replica.notes.list()), where).toEqual(await world.time.of(bob.notes.list()))
      await world.time.of(replica.close())
    }
})
