import { RejoinError, toHex } from '@rejoin/base'
import type { ErrorKind, Result } from '@rejoin/base'
import type { AdmitOptions } from './admit.ts'
import type { DeviceRecord } from './log/records.ts'
import type { LogStore } from './log/store.ts'
import type { ServerLimits } from './limits.ts'
import { Plan } from './plan.ts'
import type { Planned } from './plan.ts'
import type { ServerPorts } from './ports.ts'
import type { Room } from './room/room.ts'
import type { Needs } from './room/records.ts'

/** Something to be decided on and written in one commit, possibly with much else. */
export interface Work {
  readonly room: Room
  readonly needs: Needs
  /** Entries and their bytes, to measure a commit. */
  readonly bytes: number
  readonly entries: number
  /** Runs when it is this work's turn; must not look at anything but the plan. May run again after a failure. */
  decide(plan: Plan): void
  /** Once, when what was decided is durable: or when it is not, and nothing has changed. */
  done(result: Result<void, WorkFailure>): void
}

export interface WorkFailure {
  readonly kind: ErrorKind
  readonly message: string
}

export interface CommitterDeps {
  readonly store: LogStore
  readonly limits: ServerLimits
  readonly ports: ServerPorts
  readonly engineOf: AdmitOptions['engineOf']
  readonly rules?: AdmitOptions['rules']
  /** The room is not needed any more by a work that is settled. */
  release(room: Room): void
  /** The works of a commit are settled: their answers go out before the broadcast. */
  settled(): void
  /** After acks and broadcast. */
  committed(room: Room, planned: Planned): void
}

/**
 * One commit at a time for the whole server. What arrives in the same turn, or while a commit runs, goes into the
 * next one together: append and fsync, then the answers, then the broadcast.
 */
export class Committer {
  readonly #deps: CommitterDeps
  readonly #devices = new Map<string, DeviceRecord>()
  #queue: Work[] = []
  #isScheduled = false
  #idle: (() => void)[] = []
  commits = 0

  constructor(deps: CommitterDeps) {
    this.#deps = deps
  }

  get queued(): number {
    return this.#queue.length
  }

  add(work: Work): void {
    work.room.hold()
    this.#queue.push(work)
    this.#schedule()
  }

  /** After a failure: not before the store had time to recover. */
  addLater(work: Work): void {
    work.room.hold()
    this.#deps.ports.timers.after(this.#deps.limits.retryAfterMs, () => {
      this.add(work)
      this.#deps.release(work.room)
    })
  }

  /** Written with the next commit; the last one of a device holds. */
  addDevice(record: DeviceRecord): void {
    this.#devices.set(`${record.tenant}/${record.user}/${record.device}`, record)
    this.#schedule()
  }

  /** Resolves when everything that was added is decided. */
  drain(): Promise<void> {
    if (!this.#isScheduled) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    this.#deps.ports.soon(() => void this.#run())
  }

  async #run(): Promise<void> {
    await this.#commit(this.#take())
    this.#isScheduled = false
    if (this.#queue.length > 0 || this.#devices.size > 0) return this.#schedule()
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
  }

  #take(): readonly Work[] {
    const { commitBytesMax, commitEntriesMax } = this.#deps.limits
    let bytes = 0
    let entries = 0
    let count = 0
    for (const work of this.#queue) {
      if (bytes >= commitBytesMax || entries >= commitEntriesMax) break
      bytes += work.bytes
      entries += work.entries
      count++
    }
    return this.#queue.splice(0, count)
  }

  async #commit(works: readonly Work[]): Promise<void> {
    const decided = await Promise.all([...byRoom(works)].map(([room, own]) => this.#decide(room, own)))
    const plans = decided.filter((one) => one !== undefined)
    const spaces = plans.flatMap(({ planned }) => (planned ? [planned.commit] : []))
    const devices = [...this.#devices.values()]
    this.#devices.clear()
    const result = spaces.length + devices.length > 0 ? await this.#deps.store.commit({ spaces, devices }) : done
    if (!result.ok) return this.#fail(plans, result.error)
    if (spaces.length > 0) this.commits++
    for (const { room, planned } of plans) if (planned) room.apply(planned)
    for (const { works: own } of plans) for (const work of own) this.#settle(work, done)
    this.#deps.settled()
    for (const { room, planned } of plans) {
      if (planned === undefined) continue
      room.broadcast(planned)
      this.#deps.committed(room, planned)
    }
  }

  async #decide(room: Room, works: readonly Work[]): Promise<Decided | undefined> {
    const { ports, limits, engineOf, rules } = this.#deps
    try {
      const loaded = await room.load(works.map((work) => work.needs))
      const plan = new Plan(room.ref, loaded, {
        nowMs: ports.clock.now(),
        stampAheadMsMax: limits.stampAheadMsMax,
        entryBytesMax: limits.wire.entryBytesMax,
        writerRunsMax: limits.writerRunsMax,
        engineOf,
        hashes: ports.hashes,
        newEpoch: () => toHex(ports.random.bytes(16)),
        ...(rules && { rules }),
        ruleFailed: (cause) =>
          ports.log('error', 'rule-failed', { message: cause instanceof Error ? cause.message : 'unknown' }),
      })
      for (const work of works) work.decide(plan)
      return { room, works, planned: plan.finish() }
    } catch (cause) {
      if (!(cause instanceof RejoinError)) throw cause
      this.#fail([{ room, works }], cause)
      return undefined
    }
  }

  #fail(
    plans: readonly Pick<Decided, 'room' | 'works'>[],
    { kind, message }: { readonly kind: string; readonly message: string },
  ): void {
    this.#deps.ports.log('error', 'commit-failed', { kind, message })
    const error: WorkFailure = { kind: kind === 'storage-full' ? 'storage-full' : 'unavailable', message }
    for (const { room, works } of plans) {
      room.forget()
      for (const work of works) this.#settle(work, { ok: false, error })
    }
    this.#deps.settled()
  }

  #settle(work: Work, result: Result<void, WorkFailure>): void {
    work.done(result)
    this.#deps.release(work.room)
  }
}

interface Decided {
  readonly room: Room
  readonly works: readonly Work[]
  readonly planned: Planned | undefined
}

const done = { ok: true, value: undefined } as const

function byRoom(works: readonly Work[]): ReadonlyMap<Room, Work[]> {
  const rooms = new Map<Room, Work[]>()
  for (const work of works) {
    const own = rooms.get(work.room)
    if (own === undefined) rooms.set(work.room, [work])
    else own.push(work)
  }
  return rooms
}
