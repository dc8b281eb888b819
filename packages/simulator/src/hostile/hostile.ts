import { documentKey, hasNumber, newDeviceId, newWriterId } from '@rejoin/base'
import type { DeviceId, WriterId } from '@rejoin/base'
import type { ServerFrame } from '@rejoin/protocol'
import { deeds } from './deeds.ts'
import { canariesIn } from './evidence.ts'
import type { Evidence } from './evidence.ts'
import type { Chance, DeedKind, HostileDeps } from './ground.ts'
import { keyOf } from './hands.ts'
import { HostileLine } from './hostile-line.ts'
import type { Target } from './hostile-line.ts'
import { Memory } from './memory.ts'

const pingMs = 5_000
const silenceMs = 60_000
const welcomeMs = 20_000
const restMs = { least: 200, most: 5_000 } as const
const sideLinesMax = 16

/**
 * A user who means harm: it has a token and a device like everybody, keeps a connection as a client does, and
 * on it, or on others beside it, does its deeds. It notes all that it was sent, for whoever judges.
 */
export class Hostile {
  readonly deps: HostileDeps
  readonly memory = new Memory()
  readonly device: DeviceId
  readonly writer: WriterId
  /** Entities that it has made in its own space, or tried to, with the entries that were accepted. */
  readonly entities: Target[] = []
  readonly accepted: { readonly n: number; readonly target: Target }[] = []
  /** Documents of its own space that it has written: they may read as anything. By document key. */
  readonly spoiled = new Set<string>()
  /** Documents of its own space that others have written. */
  readonly found = new Map<string, Target>()
  readonly #writers: Set<WriterId>
  readonly #lines: HostileLine[] = []
  readonly #leaks: string[] = []
  readonly #pushed = new Map<number, Target>()
  readonly #numbers = new Map<string, number>()
  #bufferedMax = 0
  #reads = true
  #main: HostileLine | undefined
  #isStarted = false
  #restMs: number = restMs.least
  #deafUntilMs = 0

  constructor(deps: HostileDeps) {
    this.deps = deps
    this.device = newDeviceId(deps.chance)
    this.writer = newWriterId(deps.chance)
    this.#writers = new Set([this.writer])
  }

  /** Whether it takes what it is sent. The network keeps what it does not take. */
  get reads(): boolean {
    return this.#reads
  }

  /** What there is against the server. */
  get evidence(): Evidence {
    return {
      lines: this.#lines,
      leaks: this.#leaks,
      writers: this.#writers,
      bufferedMax: this.#bufferedMax,
    }
  }

  /** Its connection, while the server has welcomed it. */
  get line(): HostileLine | undefined {
    return this.#main?.isLive === true ? this.#main : undefined
  }

  start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    this.#connect()
    this.#watch()
  }

  /** Ends its connections; what is on the way is still noted. */
  stop(): void {
    this.#isStarted = false
    this.#setReads(true)
    for (const line of this.#lines) if (line.ending === undefined) line.close()
  }

  /** Does a deed, if it can: some need a connection, some something to go by. Returns whether it was done. */
  act(kind: DeedKind, chance: Chance): boolean {
    const isDone = this.#isStarted && deeds[kind](this, chance)
    if (isDone) this.deps.did(kind)
    return isDone
  }

  /** A frame of an honest replica, on its way to the server. `from` tells connections apart. */
  overhear(frame: Uint8Array, from: string): void {
    this.memory.overhear(frame, from)
  }

  /** The network holds so many bytes for one of its connections now. */
  held(bytes: number): void {
    this.#bufferedMax = Math.max(this.#bufferedMax, bytes)
  }

  /** Another connection beside the main one, for a while. Undefined if there are too many. */
  beside(greet: (line: HostileLine) => void, forMs: number): HostileLine | undefined {
    if (this.#lines.filter((line) => line.ending === undefined).length > sideLinesMax) return undefined
    const line = this.#open(greet)
    this.deps.timers.after(forMs, () => line.close())
    return line
  }

  deafFor(ms: number): void {
    this.#setReads(false)
    this.#deafUntilMs = Math.max(this.#deafUntilMs, this.deps.elapsed() + ms)
    this.deps.timers.after(ms, () => {
      if (this.deps.elapsed() >= this.#deafUntilMs) this.#setReads(true)
    })
  }

  newWriter(chance: Chance): WriterId {
    const writer = newWriterId(chance)
    this.#writers.add(writer)
    return writer
  }

  /** The next number under which it writes in a space. */
  nextNumber(space: string, step = 1): number {
    const n = (this.#numbers.get(space) ?? 0) + step
    this.#numbers.set(space, n)
    return n
  }

  /** Notes what it is about to write in its own space. */
  writes(n: number, target: Target): void {
    this.#pushed.set(n, target)
    this.spoiled.add(keyOf(target))
  }

  #setReads(reads: boolean): void {
    this.#reads = reads
    this.deps.reading?.(reads)
  }

  #connect(): void {
    if (!this.#isStarted) return
    this.#main = this.#open((line) => line.hello(this.device))
  }

  #open(greet: (line: HostileLine) => void): HostileLine {
    const name = `itself ${this.#lines.length}`
    const line = new HostileLine(
      this.deps,
      {
        heard: (line, bytes, frame) => this.#heard(line, bytes, frame),
        ended: (line) => this.#ended(line),
        said: (bytes) => this.memory.said(bytes, name),
      },
      greet,
    )
    this.#lines.push(line)
    return line
  }

  #ended(line: HostileLine): void {
    if (line !== this.#main) return
    this.#restMs = line.isWelcome ? restMs.least : Math.min(2 * this.#restMs, restMs.most)
    this.deps.timers.after(this.#restMs, () => this.#connect())
  }

  /** Keeps its connection alive, and gives up one that is not. */
  #watch(): void {
    this.deps.timers.after(pingMs, () => {
      if (!this.#isStarted) return
      const line = this.#main
      const quietMs = this.deps.elapsed() - (line?.heardMs ?? 0)
      if (line !== undefined && quietMs > (line.isWelcome ? silenceMs : welcomeMs) && this.reads) line.close()
      else this.line?.say({ kind: 'ping' })
      this.#watch()
    })
  }

  #heard(line: HostileLine, bytes: Uint8Array, frame: ServerFrame | undefined): void {
    const { ground, canaries } = this.deps
    for (const canary of canariesIn(bytes, canaries(ground.closed)))
      this.#leaks.push(`[I11] the hostile user was sent ${canary} of ${ground.closed}`)
    // Damaged on the way: what it answered is not known. It asks anew, as everybody does.
    if (frame === undefined) return line.close()
    this.memory.learn(frame, (stream) => line.spaceOf(stream))
    if (line !== this.#main) return
    if (frame.kind === 'welcome') for (const space of [ground.own, ground.seen]) line.subscribe(space)
    if (frame.kind === 'acks' && frame.writer === line.writer(ground.own, this.writer)) this.#acked(frame.intervals)
    if (frame.kind !== 'range') return
    for (const address of line.documentsIn(frame, ground.own))
      if (address.part === 'shared') this.found.set(documentKey(address), address)
    const stream = line.streamOf(frame.stream)
    if (stream !== undefined) line.say({ kind: 'credit', stream, bytes: bytes.length })
  }

  #acked(intervals: readonly number[]): void {
    for (const [n, target] of this.#pushed) {
      if (!hasNumber(intervals, n)) continue
      this.#pushed.delete(n)
      this.accepted.push({ n, target })
    }
  }
}
