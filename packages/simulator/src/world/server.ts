import { ok, silent, tenantId, userId } from '@rejoin/base'
import { createServer, hashes, memory } from '@rejoin/server'
import type { RejoinServer, Rule } from '@rejoin/server'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './faults.ts'
import type { VirtualNetwork } from './network.ts'
import type { VirtualTime } from './time.ts'

export interface SimServerDeps {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly network: VirtualNetwork
  readonly counts: FaultCounts
  readonly rule: Rule | undefined
}

/** The server's machine: the log outlives its processes. */
export class SimServer {
  readonly #deps: SimServerDeps
  readonly #store = memory()
  #life: { alive: boolean; server: RejoinServer | undefined } = { alive: false, server: undefined }

  constructor(deps: SimServerDeps) {
    this.#deps = deps
  }

  get server(): RejoinServer | undefined {
    return this.#life.alive ? this.#life.server : undefined
  }

  async start(): Promise<void> {
    if (this.#life.alive) return
    const { time, dice, network, rule } = this.#deps
    const life: { alive: boolean; server: RejoinServer | undefined } = { alive: true, server: undefined }
    this.#life = life
    const timers = time.timersOf(() => life.alive)
    const clock = time.clock(() => 0)
    const soon = (fire: () => void): void => void timers.after(0, fire)
    // The access token is the user's name: identity is tested elsewhere.
    const authenticate = () => async (token: string) =>
      ok({
        tenant: tenantId('default'),
        user: userId(token === '' ? 'somebody' : token),
        roleIn: () => 'editor' as const,
        expiresMs: Number.MAX_SAFE_INTEGER,
      })
    const ports = { clock, timers, random: dice.fork(), log: silent, hashes, soon }
    const server = await createServer({ store: this.#store, authenticate, ports, ...(rule === undefined ? {} : { rules: rule }) })
    life.server = server
    network.accept = (connection) => (life.alive ? server.accept(connection) : undefined)
  }

  crash(): boolean {
    if (!this.#life.alive) return false
    this.#deps.counts.add('server-crash')
    this.#life.alive = false
    this.#deps.network.accept = () => undefined
    this.#deps.network.breakAll()
    return true
  }
}
