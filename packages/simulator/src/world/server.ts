import { RejoinError, silent } from '@rejoin/base'
import type { Engine } from '@rejoin/documents'
import { decodeServerFrame } from '@rejoin/protocol'
import { createServer, hashes, inlineFolder } from '@rejoin/server'
import type { Folder, PartialLimits, RejoinServer, Rule } from '@rejoin/server'
import type { Tape } from '../oracle/tape.ts'
import type { StrikeKind } from '../schedule/faults.ts'
import type { Collections } from './app.ts'
import { diceOf } from './dice.ts'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './fault-counts.ts'
import { Machine } from './machine.ts'
import type { Process } from './machine.ts'
import { ServerDisk } from './server-disk.ts'
import type { LogTrouble } from './server-disk.ts'
import type { ServerEnd, ServerLine, VirtualNetwork } from './network.ts'
import { authenticate } from './principals.ts'
import type { Strikes } from './strikes.ts'
import type { VirtualTime } from './time.ts'
import type { Trace } from './trace.ts'

export interface SimServerDeps {
  readonly time: VirtualTime
  readonly network: VirtualNetwork
  /** What its clock is wrong by at best. */
  readonly clockOffsetMs: number
  readonly counts: FaultCounts
  readonly trace: Trace
  readonly strikes: Strikes
  readonly tape: Tape
  readonly rule: Rule
  readonly limits: PartialLimits
  readonly collections: Collections
  readonly engines: readonly Engine[]
  readonly conditions: { readonly seed: number; readonly logDelayMs: number }
  /** The process died in the middle of something. */
  readonly died: () => void
  readonly wrong: (sentences: readonly string[]) => void
}

interface Life {
  readonly process: Process
  server: RejoinServer<Collections> | undefined
}

/** The server's machine: the log outlives its processes. */
export class SimServer {
  readonly machine: Machine
  readonly #deps: SimServerDeps
  readonly #disk: ServerDisk
  #life: Life | undefined
  /** How often each step was taken, over all lives. */
  readonly #steps = new Map<string, number>()

  constructor(deps: SimServerDeps) {
    this.#deps = deps
    this.#disk = new ServerDisk({
      ...deps,
      committed: () => {
        this.#perhapsLoseAnswers()
      },
    })
    this.machine = new Machine('server', deps.time, deps.counts, deps.clockOffsetMs)
  }

  get server(): RejoinServer<Collections> | undefined {
    return this.#life?.server
  }

  get process(): Process | undefined {
    return this.#life?.process
  }

  /** How calls of the log fail for now. */
  set trouble(trouble: LogTrouble | undefined) {
    this.#disk.trouble = trouble
  }

  get trouble(): LogTrouble | undefined {
    return this.#disk.trouble
  }

  /** Starts a process, unless one is alive. */
  async start(): Promise<void> {
    if (this.#life !== undefined) return
    const { network, limits, conditions, collections, engines } = this.#deps
    const process = this.machine.boot()
    const life: Life = { process, server: undefined }
    this.#life = life
    const { timers } = process
    const soon = (fire: () => void): void => void timers.after(0, fire)
    const random = diceOf(conditions.seed, 'server', 'process', process.nth)
    const ports = { clock: this.machine.clock, timers, random, log: silent, hashes, soon }
    const options = { authenticate, ports, limits, collections, engines }
    const store = this.#disk.open({
      process,
      diesAt: (step, fault) => this.#diesAt(life, step, fault),
    })
    const server = await createServer({
      ...options,
      store,
      rules: this.#ruleOf(life),
      folder: this.#folderOf(life),
    }).catch((cause: unknown) => {
      this.#end(life)
      throw cause
    })
    life.server = server
    network.accept = (line) => (process.isAlive ? this.#accept(life, server, line) : undefined)
  }

  /** The process dies here and now; with the power goes what was not synced. */
  kill(powerCut?: Dice): boolean {
    if (this.#life === undefined) return false
    this.#end(this.#life, powerCut)
    return true
  }

  /** Nothing is wrong with the machine any more. */
  heal(): void {
    this.#disk.trouble = undefined
    this.machine.clock.putRight()
  }

  /** The process ends in order. */
  async close(): Promise<void> {
    const life = this.#life
    if (life?.server === undefined) return
    this.#deps.network.accept = () => undefined
    await life.server.close()
    // What it had put off to the next turn of its loop.
    await life.process.sleep(1)
    // Whatever still reaches it reaches nobody.
    life.process.die()
    if (this.#life === life) this.#life = undefined
  }

  #end(life: Life, powerCut?: Dice): void {
    const { network, trace, time } = this.#deps
    life.process.die()
    this.#disk.crash(powerCut)
    if (this.#life === life) this.#life = undefined
    network.serverDied()
    trace.note(time.elapsed, 'server dies')
  }

  /** Whether the process dies at this step. What it still does in this turn of its loop has no effect. */
  #diesAt(life: Life, step: string, fault: StrikeKind): boolean {
    const nth = (this.#steps.get(step) ?? 0) + 1
    this.#steps.set(step, nth)
    const dice = life.process.isAlive ? this.#deps.strikes.at(`server ${step} ${nth}`, fault) : undefined
    if (dice === undefined) return false
    this.#end(life, dice.chance(0.5) ? dice : undefined)
    this.#deps.died()
    return true
  }

  #accept(life: Life, server: RejoinServer<Collections>, line: ServerLine): ServerEnd {
    let end: ServerEnd | undefined
    const ours: ServerLine = {
      send: (frame) => {
        if (!this.#diesSending(life, frame)) line.send(frame)
      },
      close: (code, reason) => line.close(code, reason),
      buffered: () => line.buffered(),
    }
    life.process.run(() => (end = server.accept(ours)))
    return {
      receive: (frame) =>
        life.process.run(() => {
          if (!this.#diesAt(life, 'receive', 'crash-receive')) end?.receive(frame)
        }),
      closed: () => life.process.run(() => end?.closed()),
    }
  }

  /** Answers to what was pushed, and frames for those who follow, are what a crash may come before. */
  #diesSending(life: Life, frame: Uint8Array): boolean {
    const decoded = decodeServerFrame(frame)
    const kind = decoded.ok ? decoded.value.kind : undefined
    const dies =
      (kind === 'acks' && this.#diesAt(life, 'ack', 'crash-ack')) ||
      (kind === 'range' && this.#diesAt(life, 'broadcast', 'crash-broadcast'))
    return dies || !life.process.isAlive
  }

  #ruleOf(life: Life): Rule {
    return (entry, context) => {
      this.#diesAt(life, 'validate', 'crash-validate')
      return this.#deps.rule(entry, context)
    }
  }

  #folderOf(life: Life): Folder {
    const folder = inlineFolder(this.#deps.engines)
    return {
      ...folder,
      fold: async (documents) => {
        await this.#perhapsDie(life, 'fold', 'crash-folding')
        const folded = await folder.fold(documents)
        await this.#perhapsDie(life, 'fold', 'crash-folding')
        return folded
      },
    }
  }

  /** A proxy gives up on every connection at once: what the server says now is heard by nobody. */
  #perhapsLoseAnswers(): void {
    const { strikes, network } = this.#deps
    const nth = (this.#steps.get('answer') ?? 0) + 1
    this.#steps.set('answer', nth)
    const dice = strikes.at(`server answer ${nth}`, 'answer-lost')
    if (dice !== undefined) network.breakOff(dice, 2_000)
  }

  async #perhapsDie(life: Life, step: string, fault: StrikeKind): Promise<void> {
    if (!life.process.isAlive || this.#diesAt(life, step, fault)) await never()
  }
}

/** Nothing that a dead process began goes on. */
const never = (): Promise<never> => new Promise(() => undefined)

export const isNotFound = (cause: unknown): boolean => cause instanceof RejoinError && cause.kind === 'not-found'

/** Whether the server's answer to its app is one of a store that fails, or of a clock put back under an edit. */
export const mayFail = (cause: unknown): boolean =>
  cause instanceof RejoinError && ['storage-full', 'unavailable', 'closed', 'clock'].includes(cause.kind)
