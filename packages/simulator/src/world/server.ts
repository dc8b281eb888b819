import { err, ok, RejoinError, silent, tenantId, userId } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import { yjs } from '@rejoin/documents/yjs'
import { createServer, hashes, inlineFolder, memory } from '@rejoin/server'
import type { LogBatch, LogFailure, PartialLimits, RejoinServer, Rule, StoreFactory } from '@rejoin/server'
import type { Tape } from '../oracle/tape.ts'
import { collections } from './app.ts'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './faults.ts'
import type { VirtualNetwork } from './network.ts'
import { slowLog } from './slow-log.ts'
import type { VirtualTime } from './time.ts'
import type { Trace } from './trace.ts'

export interface LogFaults {
  /** Longest time that each half of a call of the log takes, in milliseconds. */
  readonly delayMs: number
  /** The probability that the server dies in a half of a commit. */
  readonly crash: number
}

export interface SimServerDeps {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly network: VirtualNetwork
  readonly counts: FaultCounts
  readonly trace: Trace
  readonly tape: Tape
  readonly rule: Rule
  readonly limits: PartialLimits
  /** The process died in the middle of a commit. */
  readonly died: () => void
}

interface Life {
  alive: boolean
  server: RejoinServer<typeof collections> | undefined
}

/** The server's machine: the log outlives its processes. */
export class SimServer {
  readonly #deps: SimServerDeps
  readonly #store = memory()
  #life: Life | undefined
  faults: LogFaults
  isFull = false
  #clockOffsetMs = 0

  constructor(deps: SimServerDeps, faults: LogFaults) {
    this.#deps = deps
    this.faults = faults
  }

  get server(): RejoinServer<typeof collections> | undefined {
    return this.#life?.server
  }

  /** Starts a process, unless one is alive. */
  async start(): Promise<void> {
    if (this.#life !== undefined) return
    const { time, dice, network, rule, limits } = this.#deps
    const life: Life = { alive: true, server: undefined }
    this.#life = life
    const timers = time.timersOf(() => life.alive)
    const clock = time.clock(() => this.#clockOffsetMs)
    const soon = (fire: () => void): void => void timers.after(0, fire)
    const ports = { clock, timers, random: dice.fork(), log: silent, hashes, soon }
    const store = this.#storeOf(life)
    const folder = inlineFolder(yjs)
    const server = await createServer({ store, authenticate, ports, rules: rule, limits, collections, folder })
    life.server = server
    network.accept = (line) => (life.alive ? server.accept(line) : undefined)
  }

  crash(): boolean {
    if (this.#life === undefined) return false
    this.#end(this.#life)
    this.#deps.counts.add('server-crash')
    return true
  }

  setClock(offsetMs: number): void {
    this.#clockOffsetMs = offsetMs
  }

  #end(life: Life): void {
    const { network, trace, time } = this.#deps
    life.alive = false
    if (this.#life === life) this.#life = undefined
    network.serverDied()
    trace.note(time.elapsed, 'server dies')
  }

  #storeOf(life: Life): StoreFactory {
    return {
      open: async (random) => {
        const opened = await this.#store.open(random)
        const read = (): Promise<void> => this.#pause(life)
        return { ...opened, log: slowLog(opened.log, { read, commit: (batch, run) => this.#commit(life, batch, run) }) }
      },
    }
  }

  async #commit(
    life: Life,
    batch: LogBatch,
    run: () => Promise<Result<void, LogFailure>>,
  ): Promise<Result<void, LogFailure>> {
    const { time, counts, trace, tape } = this.#deps
    await this.#pause(life)
    await this.#perhapsDie(life, 'crash-before-commit')
    if (this.isFull) {
      counts.add('log-full')
      return err({ kind: 'storage-full', message: 'The log of this world is full.' })
    }
    const outcome = await run()
    if (outcome.ok) tape.record(batch)
    const heads = batch.spaces.map(({ ref, record, expectHead }) => `${ref.space} ${expectHead}-${record.head}`)
    trace.note(time.elapsed, `server commits ${heads.join()} ${outcome.ok}`)
    await this.#perhapsDie(life, 'crash-after-commit')
    await this.#pause(life)
    return outcome
  }

  async #pause(life: Life): Promise<void> {
    const { time, dice, counts } = this.#deps
    if (this.faults.delayMs === 0) return
    counts.add('log-delay')
    await time.sleep(dice.between(0, this.faults.delayMs))
    if (!life.alive) await never()
  }

  async #perhapsDie(life: Life, fault: 'crash-before-commit' | 'crash-after-commit'): Promise<void> {
    if (!life.alive) await never()
    if (!this.#deps.dice.chance(this.faults.crash)) return
    this.#deps.counts.add(fault)
    this.#end(life)
    this.#deps.died()
    await never()
  }
}

/** Nothing that a dead process began goes on. */
const never = (): Promise<never> => new Promise(() => undefined)

/** The access token is the user's name: identity is tested elsewhere. */
const authenticate = () => async (token: string) =>
  ok({
    tenant: tenantId('default'),
    user: userId(token === '' ? 'somebody' : token),
    roleIn: () => 'editor' as const,
    expiresMs: Number.MAX_SAFE_INTEGER,
  })

export const isNotFound = (cause: unknown): boolean => cause instanceof RejoinError && cause.kind === 'not-found'

/** Whether the server's answer to its app is one of a store that fails. */
export const isStoreFailure = (cause: unknown): boolean =>
  cause instanceof RejoinError && ['storage-full', 'unavailable'].includes(cause.kind)
