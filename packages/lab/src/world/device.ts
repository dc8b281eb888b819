import { toHex, writerId } from '@rejoin/base'
import type { Clock } from '@rejoin/base'
import { ClientIds } from '@rejoin/documents'
import type { Engine } from '@rejoin/documents'
import type { Dice } from '@rejoin/simulator/network'
import type { Deed } from '../fields/deed.ts'
import type { Frame, Logged } from './frame.ts'
import { Held } from './held.ts'
import type { Model, Pen } from './held.ts'
import { HybridClock } from './hybrid-clock.ts'
import type { Link } from './link.ts'

export interface DeviceDeps {
  readonly clock: Clock
  readonly engine: Engine
  readonly dice: Dice
  readonly devices: number
}

/** One device: what it holds, what it has not been able to send, and how far it has read the log. */
export class Device {
  readonly index: number
  /** How many edits of each device it has. */
  readonly seen: number[]
  /** What the person who has it keeps in mind. */
  readonly memory: Map<string, string> = new Map()
  /** How often it has been online. */
  connections = 0
  readonly #held = new Map<string, Held>()
  readonly #pen: Pen
  readonly #waiting: Frame[] = []
  #read = 0
  #link: Link | undefined

  constructor(index: number, deps: DeviceDeps) {
    this.index = index
    const { clock, engine, dice, devices } = deps
    const writer = writerId(toHex(dice.bytes(16)))
    this.#pen = { writer, clientIds: new ClientIds(writer), engine, stamps: new HybridClock(clock) }
    this.seen = Array.from({ length: devices }, () => 0)
  }

  /** Every device knows of every entity, because their creation is nothing that conflicts. */
  hold(model: Model): Held {
    const held = new Held(model, this.#pen)
    this.#held.set(model.id, held)
    return held
  }

  get entities(): ReadonlyMap<string, Held> {
    return this.#held
  }

  held(entity: string): Held {
    const held = this.#held.get(entity)
    if (held === undefined) throw new RangeError(`There is no entity ${entity}.`)
    return held
  }

  get isOnline(): boolean {
    return this.#link !== undefined
  }

  /** Nothing waits for the server. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  get cursor(): number {
    return this.#read
  }

  /** Makes it, or nothing if it changes nothing. */
  edit(entity: string, deeds: readonly Deed[], atMs: number): Frame | undefined {
    return this.send(entity, this.held(entity).do(deeds), atMs)
  }

  /** Has been written here, and is to go to everybody. */
  send(entity: string, updates: Frame['updates'], atMs: number): Frame | undefined {
    if (updates.length === 0) return undefined
    const nth = (this.seen[this.index] ?? 0) + 1
    this.seen[this.index] = nth
    const frame = { author: this.index, nth, entity, updates, madeMs: atMs }
    this.#waiting.push(frame)
    this.#link?.send(frame)
    return frame
  }

  connect(link: Link): void {
    this.#link = link
    this.connections += 1
    for (const frame of this.#waiting) link.send(frame)
  }

  disconnect(): void {
    this.#link?.close()
    this.#link = undefined
  }

  /** Whether it is news here; `again`: also what is its own is taken in, with its place. */
  receive(frame: Logged, again: boolean): boolean {
    if (frame.seq !== this.#read + 1) return false
    this.#read = frame.seq
    const isOwn = frame.author === this.index
    if (isOwn) this.#waiting.shift()
    else this.seen[frame.author] = frame.nth
    if (!isOwn || again) this.held(frame.entity).take(frame.updates)
    return !isOwn
  }

  dispose(): void {
    this.disconnect()
    for (const held of this.#held.values()) held.dispose()
  }
}
