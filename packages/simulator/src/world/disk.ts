import type { Store } from '@rejoin/storage'
import { journalStore } from '../disk/journal-store.ts'
import type { Fate } from '../disk/fate.ts'
import type { DiskStep } from '../disk/mount.ts'
import { VirtualDisk } from '../disk/virtual-disk.ts'
import type { FaultKind } from '../schedule/faults.ts'
import { diceOf } from './dice.ts'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './fault-counts.ts'
import type { Process } from './machine.ts'
import type { Strikes } from './strikes.ts'
import type { VirtualTime } from './time.ts'
import type { Trace } from './trace.ts'

export interface DiskDeps {
  readonly name: string
  readonly time: VirtualTime
  readonly counts: FaultCounts
  readonly trace: Trace
  readonly strikes: Strikes
  readonly conditions: {
    readonly seed: number
    readonly storeDelayMs: number
    readonly tiny: number
    readonly apartMs: number
  }
}

/** What calls of a store do for a while. */
export type Trouble = Extract<FaultKind, 'store-full' | 'store-error' | 'store-hang' | 'rot'>

const never = (): Promise<never> => new Promise(() => undefined)

/** A replica's disk: outlives its processes, is slow, and fails in the ways that disks do. */
export class SimDisk {
  readonly #deps: DiskDeps
  readonly #disk: VirtualDisk
  trouble: Trouble | undefined
  /** The process that has it open is cut off from it. */
  isLost = false
  /** Rises when something else is on it than its processes wrote. */
  age = 0
  /** How often a bit that was read was not what had been written. */
  flips = 0

  constructor(deps: DiskDeps, disk: VirtualDisk = new VirtualDisk()) {
    this.#deps = deps
    this.#disk = disk
  }

  get isLying(): boolean {
    return this.#disk.liesAbout !== undefined
  }

  /** The store of one process; `die` ends that process in the middle of a call. */
  open(process: Process, die: () => void): Promise<Store> {
    this.isLost = false
    return journalStore(this.#disk, {
      pause: (step, nth) => this.#pause(process, die, step, nth),
      fateOf: (call, nth) => this.#fate(call, nth),
      // A lie may leave a hole in what was synced; this store goes on from before it, as SQLite does.
      damage: 'cut',
      compactBytes: this.#deps.conditions.tiny > 0 ? 16 * 1024 : 128 * 1024,
    })
  }

  /** The process dies; with the power goes what was not synced. */
  crash(powerCut?: Dice): void {
    if (powerCut === undefined) this.#disk.crash('process')
    else this.#disk.crash('power', powerCut, { flip: 0.05 })
  }

  /** The process lives on, and every call of its store fails until it is opened again. False if nobody has it open. */
  lose(): boolean {
    if (!this.#disk.isOpen) return false
    this.isLost = true
    this.#disk.lose()
    return true
  }

  wipe(): void {
    this.age += 1
    this.#disk.wipe()
  }

  /** From now on a sync does nothing, and says that it has. */
  lie(): void {
    this.#disk.liesAbout = () => true
  }

  copy(): VirtualDisk {
    return this.#disk.copy()
  }

  tellTheTruth(): void {
    this.#disk.liesAbout = undefined
  }

  restore(copy: VirtualDisk): void {
    this.age += 1
    this.#disk.restore(copy)
  }

  heal(): void {
    this.trouble = undefined
    this.tellTheTruth()
  }

  #pause(process: Process, die: () => void, step: DiskStep, nth: number): Promise<void> | undefined {
    const { name, counts, strikes, conditions, time, trace } = this.#deps
    const { seed, storeDelayMs } = conditions
    if (step !== 'read') trace.note(time.elapsed, `${name} ${step}`)
    const fault = step === 'answer' ? 'crash-after-store' : 'crash-before-store'
    if (step !== 'read' && process.isAlive && strikes.at(`${name} ${step} ${nth}`, fault) !== undefined) die()
    // A dead process waits for ever: nothing that it began goes on.
    if (!process.isAlive) return never()
    if (storeDelayMs === 0) return undefined
    counts.add('store-delay')
    return process.sleep(diceOf(seed, name, step, nth).between(0, storeDelayMs))
  }

  #fate(call: string, nth: number): Fate | undefined {
    const { trouble } = this
    if (trouble === undefined) return undefined
    const { name, counts, conditions } = this.#deps
    const dice = diceOf(conditions.seed, name, trouble, call, nth)
    const fate = fateIn(trouble, call, dice)
    if (fate?.kind === 'flip') return { ...fate, flipped: () => this.#flipped() }
    if (fate !== undefined) counts.add(trouble)
    return fate
  }

  #flipped(): void {
    this.flips += 1
    this.#deps.counts.add('rot')
  }
}

function fateIn(trouble: Trouble, call: string, dice: Dice): Fate | undefined {
  switch (trouble) {
    case 'store-full':
      return call === 'commit' ? { kind: 'fail', failure: 'storage-full' } : undefined
    case 'store-error':
      return dice.chance(0.5) ? { kind: 'fail', failure: 'storage-unavailable' } : undefined
    case 'store-hang':
      return dice.chance(0.2) ? { kind: 'hang' } : undefined
    case 'rot':
      // A bad cable or bad memory; now and then what is on the disk itself.
      return call === 'get' || call === 'scan' ? flipIn(dice) : undefined
  }
}

const flipIn = (dice: Dice): Fate | undefined =>
  dice.chance(0.2) ? { kind: 'flip', dice, lasts: dice.chance(0.2) } : undefined
