import { err, ok, silent, tenantId, userId } from '@rejoin/base'
import type { Clock } from '@rejoin/base'
import { openRejoin } from '@rejoin/client'
import type { LinkEvents, Rejoin, Transport } from '@rejoin/client'
import type { Engine } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import { yjs } from '@rejoin/documents/yjs'
import { decodeServerFrame } from '@rejoin/protocol'
import type { ServerFrame } from '@rejoin/protocol'
import { collection, register, set, text } from '@rejoin/schema'
import type { EngineName } from '../world/app.ts'
import { createServer, hashes, inlineFolder, memory } from '@rejoin/server'
import type { AuditEntry, PartialLimits, RejoinServer } from '@rejoin/server'
import { memoryStore, MemoryDisk } from '@rejoin/storage/memory'
import { Dice } from '../world/dice.ts'
import { VirtualTime } from '../world/time.ts'
import type { DeedKind } from './ground.ts'
import { Hostile } from './hostile.ts'

const collectionsIn = (engine: EngineName) => ({
  notes: collection('notes', { title: register(), marks: set(), body: text() }, { space: 'world', engine }),
})
type Collections = ReturnType<typeof collectionsIn>
export type Replica = Rejoin<Collections>

export interface RigOptions {
  readonly limits?: PartialLimits
  /** What notes are in; Yjs unless told. */
  readonly engine?: EngineName
}

export const canary = 'canary-of-mars'

/** What everybody has. */
interface App {
  readonly collections: Collections
  readonly engines: readonly Engine[]
}

const hostileRoles = new Map([
  ['pluto', 'editor'],
  ['earth', 'viewer'],
] as const)

/** The hostile user's token is its name; everybody else may write everywhere. */
const authenticate = () => async (token: string) => {
  if (!['mallory', 'honest'].includes(token)) return err({ kind: 'unauthenticated', message: 'No.' } as const)
  const roleIn = (space: string) => (token === 'honest' ? 'editor' : hostileRoles.get(space as 'pluto'))
  return ok({ tenant: tenantId('default'), user: userId(token), roleIn, expiresMs: Number.MAX_SAFE_INTEGER })
}

const beginning = Date.UTC(2026, 0, 1)
const clockOf = (time: VirtualTime): Clock => ({ now: () => beginning + time.elapsed })

/** A server, a hostile user and honest people beside it, on lines that lose nothing. */
export class Rig {
  readonly time = new VirtualTime()
  readonly server: RejoinServer
  readonly hostile: Hostile
  readonly did: DeedKind[] = []
  /** What the hostile user was sent. */
  readonly sent: ServerFrame[] = []
  readonly closed: number[] = []
  readonly logged: string[] = []
  /** The longest that one frame of the hostile user, or one turn, kept the server busy, in milliseconds. */
  busiestMs = 0
  readonly #app: App
  #seed = 1

  static async open({ limits = {}, engine = 'yjs' }: RigOptions = {}): Promise<Rig> {
    const engines = engine === 'yjs' ? [yjs] : [yjs, await openAutomerge()]
    const collections = collectionsIn(engine)
    const time = new VirtualTime()
    const random = new Dice(1)
    const clock = clockOf(time)
    const soon = (fire: () => void): void => void time.after(0, fire)
    const ports = { clock, timers: time, random, log: silent, hashes, soon }
    const folder = inlineFolder(engines)
    const server = await createServer({ store: memory(), authenticate, ports, limits, collections, engines, folder })
    return new Rig(time, server, { collections, engines }, engine)
  }

  private constructor(time: VirtualTime, server: RejoinServer, app: App, engine: EngineName) {
    this.time = time
    this.server = server
    this.#app = app
    this.hostile = new Hostile({
      ground: {
        own: 'pluto',
        seen: 'earth',
        closed: 'mars',
        fields: { notes: ['', 'body'] },
        engines: { notes: engine },
      },
      transport: this.#transport(
        () => this.hostile.reads,
        (frame) => this.sent.push(frame),
        (code) => this.closed.push(code),
      ),
      timers: time,
      elapsed: () => time.elapsed,
      now: () => clockOf(time).now(),
      chance: new Dice(7),
      accessToken: 'mallory',
      did: (kind) => this.did.push(kind),
      canaries: (space) => (space === 'mars' ? [canary] : []),
    })
  }

  pass(ms: number): Promise<void> {
    return this.time.runUntil(this.time.elapsed + ms)
  }

  /** Starts the hostile user, and lets it be welcomed. */
  async begin(): Promise<void> {
    this.hostile.start()
    await this.pass(500)
    this.sent.length = 0
  }

  async act(kind: DeedKind, seed: number, ms = 3_000): Promise<boolean> {
    const isDone = this.hostile.act(kind, new Dice(seed))
    await this.pass(ms)
    return isDone
  }

  /** An honest replica in the spaces, level. */
  async honest(...spaces: readonly string[]): Promise<Replica> {
    const { time } = this
    const name = `honest ${(this.#seed += 1000)}`
    const transport = this.#transport(
      () => true,
      () => undefined,
      () => undefined,
      (frame) => this.hostile.overhear(frame, name),
    )
    const clock = clockOf(time)
    const random = new Dice(this.#seed)
    const ports = { clock, elapsed: () => time.elapsed, timers: time, random, transport }
    const replica = await this.of(
      openRejoin({
        ...this.#app,
        spaces: { world: spaces[0] ?? 'earth' },
        server: 'rig://server',
        user: 'honest',
        token: 'honest',
        store: memoryStore(new MemoryDisk()),
        log: (_level, event) => void this.logged.push(event),
        ports,
      }),
    )
    for (const space of spaces.slice(1)) await this.of(replica.join(space, 'world'))
    await this.level(replica)
    return replica
  }

  async of<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false
    const done = promise.finally(() => (isSettled = true))
    done.catch(() => undefined)
    if (!(await this.time.runWhileNot(() => isSettled, 120_000, 20))) throw new Error('the promise never settled')
    return done
  }

  async level(...replicas: readonly Replica[]): Promise<void> {
    if (await this.time.runWhileNot(() => replicas.every(({ status }) => status.now.synced), 120_000)) return
    throw new Error(`not level: ${JSON.stringify(replicas.map(({ status }) => status.now))}`)
  }

  async entries(space: string): Promise<readonly AuditEntry[]> {
    const all: AuditEntry[] = []
    for await (const entry of this.server.entries(space)) all.push(entry)
    return all
  }

  /** The errors of all answers and endings that the hostile user was sent. */
  get errors(): ReadonlySet<string> {
    return new Set(this.sent.flatMap((frame) => ('error' in frame ? [frame.error] : [])))
  }

  #transport(
    reads: () => boolean,
    heard: (frame: ServerFrame) => void,
    ended: (code: number) => void,
    said?: (frame: Uint8Array) => void,
  ): Transport {
    return {
      connect: (_url, events) => {
        const line = new RigLine(this, events, { reads, heard, ended, ...(said && { said }) })
        return line
      },
    }
  }
}

interface RigHooks {
  readonly reads: () => boolean
  readonly heard: (frame: ServerFrame) => void
  readonly ended: (code: number) => void
  readonly said?: (frame: Uint8Array) => void
}

/** One connection: a millisecond each way, and what is not read waits on the server's side. */
class RigLine {
  readonly #rig: Rig
  readonly #events: LinkEvents
  readonly #hooks: RigHooks
  readonly #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #end: { receive(frame: Uint8Array): void; closed(): void } | undefined
  #isOpen = true

  constructor(rig: Rig, events: LinkEvents, hooks: RigHooks) {
    this.#rig = rig
    this.#events = events
    this.#hooks = hooks
    this.#later(() => {
      this.#end = rig.server.accept({
        send: (frame) => this.#down(frame.slice()),
        close: (code, reason) => this.#later(() => this.#closed(code, reason)),
        buffered: () => this.#waitingBytes,
      })
      events.opened()
    })
  }

  send(frame: Uint8Array): void {
    const bytes = frame.slice()
    this.#hooks.said?.(bytes)
    this.#later(() => {
      const before = performance.now()
      this.#end?.receive(bytes)
      this.#rig.busiestMs = Math.max(this.#rig.busiestMs, performance.now() - before)
    })
  }

  close(): void {
    this.#later(() => {
      this.#end?.closed()
      this.#closed(1000, 'closed here')
    })
  }

  buffered(): number {
    return 0
  }

  #down(frame: Uint8Array): void {
    this.#waiting.push(frame)
    this.#waitingBytes += frame.length
    if (!this.#hooks.reads()) this.#rig.hostile.held(this.#waitingBytes)
    this.#later(() => this.#read())
  }

  #read(): void {
    if (!this.#hooks.reads()) return this.#again()
    for (const frame of this.#waiting.splice(0)) {
      this.#waitingBytes -= frame.length
      const decoded = decodeServerFrame(frame)
      if (decoded.ok) this.#hooks.heard(decoded.value)
      this.#events.received(frame)
    }
  }

  #again(): void {
    this.#rig.time.after(100, () => {
      if (this.#isOpen) this.#read()
    })
  }

  #closed(code: number, reason: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#hooks.ended(code)
    this.#events.closed(code, reason)
  }

  #later(act: () => void): void {
    this.#rig.time.after(1, () => {
      if (this.#isOpen) act()
    })
  }
}
