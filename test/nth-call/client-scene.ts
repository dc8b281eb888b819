import { RejoinError } from '@rejoin/base'
import type { Lane } from '@rejoin/base'
import type { EntityHandle, Receipt } from '@rejoin/client'
import { sqliteStore } from '@rejoin/storage/sqlite'
import { failingStore } from '@rejoin/storage/testing'
import type { FailingStore, FailurePlan } from '@rejoin/storage/testing'
import { createWorld } from '../client/world.ts'
import type { notes, OpenOptions, TestRejoin, World } from '../client/world.ts'

export type Note = EntityHandle<typeof notes>

/** When the calls work again: after one, when the app can do nothing more without, or with another process. */
export type Mending = 'after one call' | 'when told' | 'by a restart'

export interface Disturbance {
  readonly nth: number
  readonly kind: NonNullable<FailurePlan['kind']>
  readonly mending: Mending
}

/** What an app does when the store fails it: says so, waits, has it repaired at last, and asks again. */
const patienceMs = 3_000

/** One device on a real SQLite file whose n-th call fails, a server, and whoever else writes. */
export class ClientScene {
  readonly world: World
  readonly #file: string
  readonly #disturbance: Disturbance
  #store: FailingStore | undefined
  #countedBefore = 0
  #failedBefore = 0
  #isRepaired = false
  #replica: TestRejoin | undefined
  /** Of the replica that is open, or was last. */
  receipts: Receipt[] = []
  /** Ids of the receipts of those before it, which every later one must know. */
  readonly kept: string[] = []
  /** The store's trouble as the app saw it: in the status, or as the reason of a rejection. */
  readonly complaints: string[] = []

  private constructor(world: World, file: string, disturbance: Disturbance) {
    this.world = world
    this.#file = file
    this.#disturbance = disturbance
  }

  static async begin(file: string, disturbance: Disturbance): Promise<ClientScene> {
    return new ClientScene(await createWorld(), file, disturbance)
  }

  /** Calls to the store so far. */
  get counted(): number {
    return this.#countedBefore + (this.#store?.counted ?? 0)
  }

  get failed(): number {
    return this.#failedBefore + (this.#store?.failed ?? 0)
  }

  get replica(): TestRejoin {
    if (this.#replica === undefined) throw new Error('the replica is not open')
    return this.#replica
  }

  repair(): void {
    this.#isRepaired = true
    this.#store?.repair()
  }

  /** Opens the replica, again and again if need be, and lets it go online. */
  async open(options: OpenOptions = {}): Promise<TestRejoin> {
    return this.#again(async () => {
      const store = failingStore(await sqliteStore(this.#file), this.#plan())
      this.#store = store
      try {
        this.#replica = await this.world.open({ ...options, store })
        this.kept.push(...this.receipts.filter(({ state }) => state !== 'memory').map(({ id }) => id))
        this.receipts = []
      } catch (cause) {
        this.#forgetStore()
        throw cause
      }
      this.#replica.status.watch(({ storage }) => void (storage === 'failing' && this.complaints.push('status')))
      return this.#replica
    })
  }

  /** Does it, and again after the store has refused. Nothing but the store's own kinds may come in between. */
  attempt<T>(act: () => Promise<T>): Promise<T> {
    return this.#again(() => this.world.time.of(act()))
  }

  async #again<T>(act: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++) {
      try {
        return await act()
      } catch (cause) {
        if (!(cause instanceof RejoinError) || !cause.kind.startsWith('storage-') || tries > 20) throw cause
        this.complaints.push(cause.kind)
        await this.world.time.pass(patienceMs)
        if (tries > 1) this.repair()
      }
    }
  }

  /** Writes, and keeps the receipt. */
  edit(note: Note, change: Parameters<Note['edit']>[0], lane: Lane = 'normal'): Receipt {
    const receipt = note.edit(change, { lane })
    this.receipts.push(receipt)
    return receipt
  }

  create(id: string, initial: Parameters<TestRejoin['notes']['create']>[0], space?: string): Promise<Note> {
    return this.attempt(() => this.replica.notes.create(initial, { id, ...(space !== undefined && { space }) }))
  }

  async note(id: string): Promise<Note> {
    const note = await this.attempt(() => this.replica.notes.open(id))
    if (note === undefined) throw new Error(`there is no note ${id}`)
    return note
  }

  pass(ms: number): Promise<void> {
    return this.world.time.pass(ms)
  }

  /** Everything that can come to rest does: at once, or not before the store works again. */
  async rest(): Promise<void> {
    if (await this.world.time.until(() => this.replica.status.now.synced, 60_000)) return
    this.repair()
    await this.world.level(this.replica)
  }

  async close(): Promise<void> {
    const { replica } = this
    this.#replica = undefined
    await this.world.time.of(replica.close()).catch((cause: unknown) => {
      if (!(cause instanceof RejoinError) || !cause.kind.startsWith('storage-')) throw cause
      this.complaints.push(cause.kind)
    })
    this.#forgetStore()
  }

  #forgetStore(): void {
    this.#countedBefore = this.counted
    this.#failedBefore = this.failed
    this.#store = undefined
  }

  #plan(): FailurePlan {
    const { nth, kind, mending } = this.#disturbance
    const left = nth - this.#countedBefore
    if (mending === 'after one call') return { nth: left >= 1 ? left : Number.MAX_SAFE_INTEGER, kind }
    if (this.#isRepaired) return { nth: Number.MAX_SAFE_INTEGER }
    return { nth: Math.max(1, left), times: Number.POSITIVE_INFINITY, kind }
  }
}
