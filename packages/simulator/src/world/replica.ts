import { RejoinError, silent } from '@rejoin/base'
import { openRejoin } from '@rejoin/client'
import type { Receipt, ReplicaLimits, Status } from '@rejoin/client'
import { yjs } from '@rejoin/documents/yjs'
import { collections, home, spaceKind } from './app.ts'
import type { Dice } from './dice.ts'
import { SimDisk } from './disk.ts'
import type { DiskFaults } from './disk.ts'
import type { OpenEntity, Page, Replica } from './entity.ts'
import type { FaultCounts } from './faults.ts'
import type { VirtualNetwork } from './network.ts'
import type { VirtualTime } from './time.ts'
import type { Trace } from './trace.ts'

export interface ReplicaDeps {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly network: VirtualNetwork
  readonly counts: FaultCounts
  readonly trace: Trace
  readonly limits: Partial<ReplicaLimits>
  readonly acknowledged: (entry: { readonly space: string; readonly writer: string; readonly n: number }) => void
  /** The app was told of a new status. */
  readonly said: (status: Status) => void
  /** The process died in the middle of something. */
  readonly died: (replica: SimReplica) => void
}

/** One life of the process: what belongs to a dead one never happens. */
export class Life {
  alive = true
  rejoin: Replica | undefined
  /** Entities that the app keeps open, by name. */
  readonly kept = new Map<string, OpenEntity>()
  /** What the app's list of the notes at home shows. */
  list: readonly (Page & { readonly id: string })[] | undefined
  /** Receipts of this life whose end is not known. */
  unsettled: Receipt[] = []
}

/** A device: its disk outlives its processes. */
export class SimReplica {
  readonly name: string
  readonly disk: SimDisk
  readonly #deps: ReplicaDeps
  #life: Life | undefined
  #clockOffsetMs = 0

  constructor(name: string, deps: ReplicaDeps, faults: DiskFaults) {
    this.name = name
    this.#deps = deps
    this.disk = new SimDisk({ ...deps, name, dice: deps.dice.fork() }, faults)
  }

  /** The process that is alive and has opened its store. */
  get life(): (Life & { readonly rejoin: Replica }) | undefined {
    return this.#life?.rejoin === undefined ? undefined : (this.#life as Life & { rejoin: Replica })
  }

  /** Starts a process, unless one is alive. It fails if the disk is full when it matters. */
  async start(): Promise<void> {
    if (this.#life !== undefined) return
    const { time, dice, network, limits, acknowledged, said } = this.#deps
    const life = new Life()
    this.#life = life
    const isAlive = (): boolean => life.alive
    const store = this.disk.open(isAlive, () => this.#die(life))
    const ports = {
      clock: time.clock(() => this.#clockOffsetMs),
      elapsed: () => time.elapsed,
      timers: time.timersOf(isAlive),
      random: dice.fork(),
      transport: network.transportOf({ name: this.name, isAlive }),
      engine: yjs,
    }
    const spaces = { [spaceKind]: home }
    const options = {
      collections,
      spaces,
      server: 'sim://server',
      user: 'somebody',
      store,
      log: silent,
      limits,
      ports,
      acknowledged,
    }
    try {
      const rejoin = await openRejoin(options)
      rejoin.notes.watch({}, (views) => (life.list = views))
      life.rejoin = rejoin
      rejoin.status.watch(said)
    } catch (cause) {
      this.#end(life)
      throw cause
    }
  }

  /** The process dies here and now: memory is gone, what the disk has stays. */
  crash(): boolean {
    if (this.#life === undefined) return false
    this.#end(this.#life)
    this.#deps.counts.add('replica-crash')
    return true
  }

  setClock(offsetMs: number): void {
    this.#clockOffsetMs = offsetMs
  }

  #die(life: Life): void {
    this.#end(life)
    this.#deps.died(this)
  }

  #end(life: Life): void {
    life.alive = false
    if (this.#life === life) this.#life = undefined
    this.disk.crash()
    this.#deps.network.clientDied(this.name)
    this.#deps.trace.note(this.#deps.time.elapsed, `${this.name} dies`)
  }
}

/** Whether an action of the app failed as it may: the disk is full, or the space was left meanwhile. */
export const isExpected = (cause: unknown): boolean =>
  cause instanceof RejoinError && ['storage-full', 'not-found', 'closed'].includes(cause.kind)
