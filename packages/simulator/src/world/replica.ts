import { RejoinError } from '@rejoin/base'
import type { Clock, Log } from '@rejoin/base'
import { openRejoin } from '@rejoin/client'
import type { Receipt, ReplicaLimits, Status } from '@rejoin/client'
import type { Engine } from '@rejoin/documents'
import type { VirtualDisk } from '../disk/virtual-disk.ts'
import { home, spaceKind } from './app.ts'
import type { Collections } from './app.ts'
import { diceOf } from './dice.ts'
import type { Dice } from './dice.ts'
import { SimDisk } from './disk.ts'
import type { DiskDeps } from './disk.ts'
import type { OpenEntity, Page, Replica } from './entity.ts'
import { Machine } from './machine.ts'
import type { Process } from './machine.ts'
import type { VirtualNetwork } from './network.ts'

export interface ReplicaDeps extends Omit<DiskDeps, 'name'> {
  readonly network: VirtualNetwork
  /** What its clock is wrong by at best. */
  readonly clockOffsetMs: number
  readonly limits: Partial<ReplicaLimits>
  readonly collections: Collections
  readonly engines: readonly Engine[]
  readonly acknowledged: (entry: { readonly space: string; readonly writer: string; readonly n: number }) => void
  /** The app was told of a new status. */
  readonly said: (status: Status) => void
  /** The process died in the middle of something. */
  readonly died: () => void
}

/** One life of the app: what belongs to a dead one never happens. */
export class Life {
  readonly process: Process
  rejoin: Replica | undefined
  /** Entities that the app keeps open, by name. */
  readonly kept = new Map<string, OpenEntity>()
  /** What the app's list of the notes at home shows. */
  list: readonly (Page & { readonly id: string })[] | undefined
  /** Receipts of this life whose end is not known. */
  unsettled: Receipt[] = []

  constructor(process: Process) {
    this.process = process
  }

  get isAlive(): boolean {
    return this.process.isAlive
  }
}

/** A device: its disk outlives its processes. */
export class SimReplica {
  readonly machine: Machine
  readonly disk: SimDisk
  readonly #deps: ReplicaDeps
  #life: Life | undefined
  /** The process is ending in order: its store is open, or open no more. */
  #isClosing = false

  readonly #user: string

  /** A clone has the user and a copy of the disk of another. */
  constructor(name: string, deps: ReplicaDeps, clone?: { readonly user: string; readonly disk: VirtualDisk }) {
    this.#deps = deps
    this.#user = clone?.user ?? name
    this.machine = new Machine(name, deps.time, deps.counts, deps.clockOffsetMs)
    this.disk = new SimDisk({ ...deps, name }, clone?.disk)
  }

  /** Who works on it. */
  get user(): string {
    return this.#user
  }

  get name(): string {
    return this.machine.name
  }

  /** The process that is alive and has opened its store. */
  get life(): (Life & { readonly rejoin: Replica }) | undefined {
    return this.#life?.rejoin === undefined ? undefined : (this.#life as Life & { rejoin: Replica })
  }

  /** Starts a process, unless one is alive. It fails if the disk is full when it matters. */
  async start(): Promise<void> {
    if (this.#life !== undefined) return
    const { network, limits, collections, engines, acknowledged, said, conditions, counts } = this.#deps
    const { machine } = this
    const process = machine.boot()
    const life = new Life(process)
    this.#life = life
    const ports = {
      clock: this.#clockOf(process),
      elapsed: () => machine.elapsed,
      timers: process.timers,
      random: diceOf(conditions.seed, this.name, 'process', process.nth),
      transport: network.transportOf(process),
    }
    const log: Log = (_level, event, fields) => {
      if (event === 'refusal.settled') counts.add('remade', Number(fields?.['remade']))
    }
    try {
      const rejoin = await openRejoin({
        collections,
        engines,
        spaces: { [spaceKind]: home },
        server: 'sim://server',
        user: this.#user,
        token: this.#user,
        store: this.disk.open(process, () => this.#die(life)),
        log,
        limits,
        ports,
        acknowledged,
      })
      rejoin.notes.watch({}, (views) => (life.list = views))
      life.rejoin = rejoin
      rejoin.status.watch(said)
    } catch (cause) {
      this.#end(life)
      throw cause
    }
  }

  /** The process dies here and now: memory is gone, what the disk has stays; with the power goes what was not synced. */
  kill(powerCut?: Dice): boolean {
    if (this.#life === undefined) return false
    this.#end(this.#life, powerCut)
    return true
  }

  /** Nothing is wrong with the machine any more. */
  heal(): void {
    this.disk.heal()
    this.machine.clock.putRight()
  }

  /** The process ends in order. Returns it. */
  async close(): Promise<Process | undefined> {
    const life = this.#life
    if (life?.rejoin === undefined || this.#isClosing) return undefined
    this.#isClosing = true
    try {
      await life.rejoin.close()
      // What it had put off to the next turn of its loop.
      await life.process.sleep(1)
    } finally {
      this.#isClosing = false
      // Whatever it said: the process is gone then.
      if (this.#life === life) this.#end(life)
    }
    return life.process
  }

  /** A second process tries to open the store that one has open. It must be refused, and harm nothing. */
  async intrude(): Promise<void> {
    if (this.disk.isLost || this.#isClosing) return
    const process = this.machine.boot()
    try {
      const store = await this.disk.open(process, () => undefined)
      await store.close()
    } catch (cause) {
      if (cause instanceof RejoinError && cause.kind === 'storage-unavailable') return
      throw cause
    }
    throw new Error(`${this.name} has a store that two processes opened`)
  }

  /** What a process takes for the time: of two on one machine not always the same. */
  #clockOf({ nth }: Process): Clock {
    const { seed, apartMs } = this.#deps.conditions
    if (apartMs === 0 || nth === 1) return this.machine.clock
    this.#deps.counts.add('clock-apart')
    const apart = Math.round(diceOf(seed, this.name, 'clock', nth).between(-apartMs, apartMs))
    return { now: () => this.machine.clock.now() + apart }
  }

  #die(life: Life): void {
    this.#end(life)
    this.#deps.died()
  }

  #end(life: Life, powerCut?: Dice): void {
    life.process.die()
    this.#isClosing = false
    if (this.#life === life) this.#life = undefined
    this.disk.crash(powerCut)
    this.#deps.network.clientDied(life.process)
    this.#deps.trace.note(this.#deps.time.elapsed, `${this.name} dies`)
  }
}

/** Whether an action of the app failed as it may: the disk fails, or the space was left meanwhile. */
export const isExpected = (cause: unknown): boolean =>
  cause instanceof RejoinError && ['storage-full', 'storage-unavailable', 'not-found', 'closed'].includes(cause.kind)

/** Whether a store was refused because it is damaged. */
export const isDamaged = (cause: unknown): boolean => cause instanceof RejoinError && cause.kind === 'storage-corrupt'

/** Whether it is a store that failed. */
export const isStorage = (cause: unknown): boolean =>
  cause instanceof RejoinError && ['storage-full', 'storage-unavailable'].includes(cause.kind)
