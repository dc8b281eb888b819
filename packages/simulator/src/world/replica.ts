import { silent } from '@rejoin/base'
import type { Lane } from '@rejoin/base'
import { lanes } from '@rejoin/base'
import { openRejoin } from '@rejoin/client'
import type { Rejoin } from '@rejoin/client'
import { yjs } from '@rejoin/documents/yjs'
import { MemoryDisk, memoryStore } from '@rejoin/storage/memory'
import type { Oracle } from '../oracle.ts'
import { collections, theSpace } from './app.ts'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './faults.ts'
import type { VirtualNetwork } from './network.ts'
import type { VirtualTime } from './time.ts'

export interface ReplicaDeps {
  readonly name: string
  readonly user: string
  readonly time: VirtualTime
  readonly dice: Dice
  readonly network: VirtualNetwork
  readonly oracle: Oracle
  readonly counts: FaultCounts
  /** Longest time that a store call takes, in milliseconds. */
  readonly storeDelayMs: number
}

/** One life of the process: what belongs to a dead one never happens. */
interface Life {
  alive: boolean
  rejoin: Rejoin<typeof collections> | undefined
}

/** A device: its disk outlives its processes. */
export class SimReplica {
  readonly name: string
  readonly #deps: ReplicaDeps
  readonly #disk = new MemoryDisk()
  #life: Life = { alive: false, rejoin: undefined }
  #clockOffsetMs = 0

  constructor(deps: ReplicaDeps) {
    this.name = deps.name
    this.#deps = deps
  }

  get rejoin(): Rejoin<typeof collections> | undefined {
    return this.#life.alive ? this.#life.rejoin : undefined
  }

  /** Opens the store with a new process, unless one is alive. */
  async start(): Promise<void> {
    if (this.#life.alive) return
    const { time, dice, network, user } = this.#deps
    const life: Life = { alive: true, rejoin: undefined }
    this.#life = life
    const isAlive = (): boolean => life.alive
    const store = memoryStore(this.#disk, { pause: () => this.#pause(life) })
    const clock = time.clock(() => this.#clockOffsetMs)
    const timers = time.timersOf(isAlive)
    const transport = network.transportOf(this, isAlive)
    const ports = { clock, elapsed: () => time.elapsed, timers, random: dice.fork(), transport, engine: yjs }
    life.rejoin = await openRejoin({ collections, spaces: { world: theSpace }, server: 'sim://server', user, store, log: silent, ports })
  }

  /** The process dies here and now: memory is gone, what the disk has stays. */
  crash(): boolean {
    if (!this.#life.alive) return false
    this.#deps.counts.add('replica-crash')
    this.#life.alive = false
    this.#disk.crash()
    this.#deps.network.breakAll(this)
    return true
  }

  setClock(offsetMs: number): void {
    this.#clockOffsetMs = offsetMs
  }

  /** One edit by a person, chosen by the dice. */
  async edit(): Promise<void> {
    const { rejoin } = this
    const { dice, oracle } = this.#deps
    if (rejoin === undefined) return
    const lane: Lane = dice.chance(0.7) ? 'normal' : dice.pick(lanes)
    const known = oracle.notes
    if (known.length === 0 || dice.chance(0.1)) return this.#create(rejoin, lane)
    const id = dice.pick(known)
    const note = await rejoin.notes.open(id)
    if (note === undefined) return
    for (let left = 1 + dice.below(4); left > 0; left--) {
      const mark = oracle.nextMark()
      const receipt = note.edit(
        (n) => {
          n.marks.add(mark)
          n.count.add(1)
          if (dice.chance(0.6)) n.title.set(`title ${mark}`)
          if (dice.chance(0.7)) n.body.insert(dice.below(n.body.length + 1), `<${mark}>`)
          if (dice.chance(0.2) && n.steps.length > 0) n.steps.delete(dice.below(n.steps.length), 1)
          if (dice.chance(0.3)) n.steps.insert(dice.below(n.steps.length + 1), mark)
        },
        { lane },
      )
      oracle.made(this.name, id, mark, receipt)
    }
    await note.close()
  }

  async #create(rejoin: Rejoin<typeof collections>, lane: Lane): Promise<void> {
    const { oracle } = this.#deps
    const note = await rejoin.notes.create({ title: 'new' }, { lane })
    oracle.created(note.id)
    await note.close()
  }

  async #pause(life: Life): Promise<void> {
    const { time, dice, storeDelayMs, counts } = this.#deps
    if (storeDelayMs === 0) return
    counts.add('store-delay')
    await time.sleep(dice.between(0, storeDelayMs))
    // A dead process waits for ever: nothing that it began goes on.
    if (!life.alive) await new Promise(() => undefined)
  }
}
