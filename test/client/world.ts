import { decodeClientFrame, decodeServerFrame } from '@rejoin/protocol'
import { err, ok, silent, tenantId, userId } from '@rejoin/base'
import type { Clock, Log, Random, Timers } from '@rejoin/base'
import { openRejoin } from '@rejoin/client'
import type { Collections, Rejoin, RejoinBase, RejoinOptions, Transport } from '@rejoin/client'
import type { Limits } from '@rejoin/protocol'
import { collection, counter, list, register, set, text } from '@rejoin/schema'
import { createServer, hashes, memory } from '@rejoin/server'
import type { RejoinServer, Role, Rule, ServerOptions } from '@rejoin/server'
import { memoryStore, MemoryDisk } from '@rejoin/storage/memory'

export const notes = collection(
  'notes',
  { title: register(), body: text(), tags: set(), minutes: counter(), steps: list() },
  { space: 'course' },
)
export const collections = { notes }
export type TestRejoin = Rejoin<typeof collections>

const beginning = Date.UTC(2026, 0, 1)

/** Runs everything that can go on without time passing. */
export async function drained(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve))
}

interface Alarm {
  readonly at: number
  readonly order: number
  readonly fire: () => void
}

/** Time that moves only when told to. */
export class VirtualTime implements Timers {
  elapsed = 0
  #order = 0
  #alarms: Alarm[] = []

  after(delayMs: number, fire: () => void): () => void {
    const alarm = { at: this.elapsed + Math.max(0, delayMs), order: this.#order++, fire }
    this.#alarms.push(alarm)
    return () => (this.#alarms = this.#alarms.filter((one) => one !== alarm))
  }

  async pass(ms: number): Promise<void> {
    await this.until(() => false, ms)
  }

  /** Lets time pass until it holds, or the time is over. Returns whether it holds. */
  async until(done: () => boolean, withinMs = 120_000): Promise<boolean> {
    const end = this.elapsed + withinMs
    for (;;) {
      await drained()
      if (done()) return true
      const [next] = this.#alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.order - b.order)
      if (next === undefined) break
      this.#alarms = this.#alarms.filter((one) => one !== next)
      this.elapsed = Math.max(this.elapsed, next.at)
      next.fire()
    }
    this.elapsed = end
    return done()
  }

  /** Awaits a promise while time passes; rejects as it does, or if it never settles. */
  async of<T>(promise: Promise<T>, withinMs = 120_000): Promise<T> {
    let settled = false
    const ended = promise.finally(() => (settled = true))
    ended.catch(() => undefined)
    if (!(await this.until(() => settled, withinMs))) throw new Error('the promise never settled')
    return ended
  }
}

/** Bytes from a seed (xorshift32). */
function seeded(seed: number): Random {
  let state = seed
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  return { bytes: (count) => Uint8Array.from({ length: count }, () => next() >>> 7), float: () => next() / 2 ** 32 }
}

interface Line {
  readonly cut: () => void
}

export interface OpenOptions<Cs extends Collections = typeof collections> extends Partial<RejoinOptions<Cs>> {
  readonly disk?: MemoryDisk
  /** Stays without a connection until `goOnline`. */
  readonly offline?: boolean
}

/** A server, a network and machines with wall clocks, in one process and in virtual time. */
export class World {
  readonly time = new VirtualTime()
  readonly lines = new Set<Line>()
  /** Asked for each frame: true swallows it. */
  swallow: (from: 'client' | 'server', frame: Uint8Array) => boolean = () => false
  /** Asked for each frame that is delivered. */
  seen: (from: 'client' | 'server', frame: Uint8Array) => void = () => undefined
  rule: Rule = () => undefined
  /** Tokens that the server refuses, with the reason. */
  readonly refusedTokens = new Map<string, 'unauthenticated' | 'token-expired'>()
  /** Whom a token stands for; `ana` unless told. */
  readonly users = new Map<string, string>()
  /** What a user may do; `editor` unless told. */
  readonly roles = new Map<string, Role>()
  /** How far the replicas' wall clock is from the server's. */
  offsetMs = 0
  connections = 0
  readonly logged: { readonly event: string; readonly fields: unknown }[] = []
  store = memory()
  /** What else the server is given. */
  serverOptions: Partial<ServerOptions> = {}
  /** Limits of the wire other than the server's own. */
  wire: Partial<Limits> = {}
  #server: RejoinServer | undefined
  #seed = 7

  get server(): RejoinServer {
    if (this.#server === undefined) throw new Error('the server is not running')
    return this.#server
  }

  async start(): Promise<void> {
    const { time } = this
    const clock: Clock = { now: () => beginning + time.elapsed }
    const soon = (fire: () => void): void => void setImmediate(fire)
    const authenticate = () => async (token: string) => {
      const reason = this.refusedTokens.get(token)
      if (reason !== undefined) return err({ kind: reason, message: `The token ${token} is refused.` } as const)
      const user = userId(this.users.get(token) ?? 'ana')
      const roleIn = () => this.roles.get(user) ?? 'editor'
      return ok({ tenant: tenantId('default'), user, roleIn, expiresMs: Number.MAX_SAFE_INTEGER })
    }
    this.#server = await createServer({
      ...this.serverOptions,
      store: this.serverOptions.store ?? this.store,
      authenticate,
      limits: { ...this.serverOptions.limits, wire: this.wire },
      rules: (entry, context) => this.rule(entry, context),
      ports: { clock, timers: time, random: seeded(99), log: silent, hashes, soon },
    })
  }

  /** The server ends as it should, and nothing listens any more. */
  async stop(): Promise<void> {
    const { server } = this
    this.#server = undefined
    await this.time.of(server.close())
  }

  cut(): void {
    for (const line of this.lines) line.cut()
  }

  transport(): Transport {
    const { time } = this
    return {
      connect: (_url, events) => {
        let open = true
        const later = (act: () => void): void => void time.after(1, () => open && act())
        const end = (): void => {
          if (!open) return
          open = false
          this.lines.delete(line)
          session?.closed()
        }
        const line: Line = {
          cut: () => {
            end()
            events.closed(1006, 'cut')
          },
        }
        this.lines.add(line)
        let session: ReturnType<RejoinServer['accept']> | undefined
        later(() => {
          if (this.#server === undefined) return line.cut()
          this.connections += 1
          session = this.#server.accept({
            send: (frame) => {
              const bytes = frame.slice()
              later(() => {
                if (this.swallow('server', bytes)) return
                this.seen('server', bytes)
                events.received(bytes)
              })
            },
            close: (code, reason) =>
              later(() => {
                end()
                events.closed(code, reason)
              }),
            buffered: () => 0,
          })
          events.opened()
        })
        return {
          send: (frame) => {
            const bytes = frame.slice()
            later(() => {
              if (this.swallow('client', bytes)) return
              this.seen('client', bytes)
              session?.receive(bytes)
            })
          },
          close: end,
          buffered: () => 0,
        }
      },
    }
  }

  /** Opens a replica, and lets time pass until it is open. */
  open(options: OpenOptions = {}): Promise<TestRejoin> {
    return this.#open(collections, options)
  }

  /** Opens a replica of other collections for this user, whom the server knows. */
  as<Cs extends Collections>(user: string, known: Cs, options: OpenOptions<Cs> = {}): Promise<Rejoin<Cs>> {
    this.users.set(`token of ${user}`, user)
    return this.#open(known, { user, token: `token of ${user}`, ...options })
  }

  async #open<Cs extends Collections>(known: Cs, options: OpenOptions<Cs>): Promise<Rejoin<Cs>> {
    const { disk = new MemoryDisk(), offline = false, ports, ...rest } = options
    const { time } = this
    const clock: Clock = { now: () => beginning + time.elapsed + this.offsetMs }
    const log: Log = (_level, event, fields) => void this.logged.push({ event, fields })
    const transport = this.transport()
    this.#seed += 1_000_003
    const world = {
      clock,
      elapsed: () => time.elapsed,
      timers: time,
      random: seeded(this.#seed),
      transport,
    }
    const opened = openRejoin<Cs>({
      collections: known,
      spaces: { course: 'course-7' },
      server: 'test://server',
      user: 'ana',
      store: memoryStore(disk),
      log,
      ...rest,
      ports: { ...world, ...ports },
    })
    const rejoin = await time.of(opened)
    if (offline) rejoin.goOffline()
    return rejoin
  }

  async level(...replicas: readonly RejoinBase[]): Promise<void> {
    if (await this.time.until(() => replicas.every((replica) => replica.status.now.synced))) return
    throw new Error(`not level: ${JSON.stringify(replicas.map((replica) => replica.status.now))}`)
  }
}

export async function createWorld(): Promise<World> {
  const world = new World()
  await world.start()
  return world
}

/** What a frame is. */
export const kindOf = (from: 'client' | 'server', frame: Uint8Array): string | undefined => {
  const decoded = from === 'client' ? decodeClientFrame(frame) : decodeServerFrame(frame)
  return decoded.ok ? decoded.value.kind : undefined
}
