import { diceOf, VirtualTime } from '@rejoin/simulator/network'
import type { Dice } from '@rejoin/simulator/network'
import type { Clock } from '@rejoin/base'
import type { Engine } from '@rejoin/documents'
import type { Deed } from '../fields/deed.ts'
import { Ledger } from '../ledger/ledger.ts'
import type { Policy } from '../policies/policy.ts'
import type { Page, Person, Workload } from '../workloads/workload.ts'
import type { Conditions } from './conditions.ts'
import { Device } from './device.ts'
import type { Frame, Logged } from './frame.ts'
import { declare } from './held.ts'
import type { Model } from './held.ts'
import { Hub } from './hub.ts'
import { Link } from './link.ts'
import { Names } from './names.ts'
import { Observed } from './observed.ts'
import { momentsOf, stretchesOnline } from './presence.ts'
import { zipf } from './zipf.ts'

export interface WorldOptions {
  readonly policy: Policy
  readonly workload: Workload
  readonly conditions: Conditions
  readonly seed: number
  /** Gives the engine of each device. */
  readonly engineOf: (clock: Clock) => Engine
}

/** People with devices that are not always online, and a server between them, in virtual time. */
export class World {
  readonly ledger: Ledger = new Ledger()
  readonly observed: Observed = new Observed()
  readonly models: Map<string, Model> = new Map()
  readonly devices: readonly Device[]
  bytesUp = 0
  bytesDown = 0
  readonly #options: WorldOptions
  readonly #time = new VirtualTime()
  readonly #names = new Names()
  readonly #hub: Hub
  readonly #links = new Map<number, Link>()
  readonly #ofType = new Map<string, readonly Model[]>()
  readonly #settling = new Set<string>()
  #isFounding = true

  constructor(options: WorldOptions) {
    this.#options = options
    const { conditions, engineOf } = options
    this.#hub = new Hub(conditions.devices)
    this.devices = Array.from({ length: conditions.devices }, (_, index) => {
      const skewMs = this.#dice('skew', index).between(-1, 1) * conditions.skewMs
      const clock = { now: () => Math.floor(beginsAt + this.#time.elapsed + skewMs) }
      const dice = this.#dice('writers', index)
      return new Device(index, { clock, engine: engineOf(clock), dice, devices: conditions.devices })
    })
    this.#populate()
  }

  /** Lives through all of it, until everybody is online and level. */
  run(): void {
    const { conditions } = this.#options
    for (const device of this.devices) this.#connect(device)
    this.#begin()
    this.#level()
    this.#isFounding = false
    // The same under every policy, however long it took to say what there is.
    const from = (Math.ceil(this.#time.elapsed / settleInMs) + 1) * settleInMs
    for (const device of this.devices) {
      this.#live(device, from)
      for (const [nth, at] of momentsOf(conditions, from, this.#dice('moments', device.index)).entries())
        this.#time.at(at, () => this.#act(device, nth))
    }
    this.#time.passUntil(from + conditions.durationMs)
    for (const device of this.devices) this.#connect(device)
    this.#level()
    for (const device of this.devices) this.#disconnect(device)
  }

  dispose(): void {
    for (const device of this.devices) device.dispose()
  }

  #populate(): void {
    const { policy, workload } = this.#options
    for (const [type, { shape, count }] of Object.entries(workload.entities)) {
      const collection = declare(type, shape, policy)
      const models = Array.from({ length: count }, (_, nth) => ({ id: `${type}-${nth}`, shape, policy, collection }))
      this.#ofType.set(type, models)
      for (const model of models) {
        this.models.set(model.id, model)
        for (const device of this.devices) device.hold(model)
      }
    }
  }

  /** The first device makes everything. */
  #begin(): void {
    const [founder] = this.devices
    if (founder === undefined) return
    for (const [type, { start }] of Object.entries(this.#options.workload.entities))
      for (const [nth, { id }] of (this.#ofType.get(type) ?? []).entries()) {
        const names = this.#names
        const created = founder.send(id, founder.held(id).create(), this.#time.elapsed)
        if (created !== undefined) this.#record(founder, id, [])
        const given = { nth, dice: this.#dice('start', id), name: (prefix: string) => names.name(prefix) }
        const deeds = start?.({ ...given, symbols: (count) => names.symbols(count) }) ?? []
        if (deeds.length > 0) this.#do(founder, id, deeds)
      }
  }

  #act(device: Device, nth: number): void {
    const { workload } = this.#options
    const dice = this.#dice('act', device.index, nth)
    const person: Person = {
      user: `user-${device.index}`,
      memory: device.memory,
      nth: device.index,
      dice,
      name: (prefix) => this.#names.name(prefix),
      symbols: (count) => this.#names.symbols(count),
      choose: (type) => this.#choose(device, type, dice),
    }
    workload.act(person)
  }

  #choose(device: Device, type: string, dice: Dice): Page | undefined {
    const there = (this.#ofType.get(type) ?? []).filter(({ id }) => device.held(id).isThere)
    const model = there[zipf(there.length, this.#options.conditions.contention, dice)]
    const shown = model && device.held(model.id).shown
    if (model === undefined || shown === undefined) return undefined
    return { entity: model.id, shown, do: (...deeds) => this.#do(device, model.id, deeds) }
  }

  #do(device: Device, entity: string, deeds: readonly Deed[]): void {
    const frame = device.edit(entity, deeds, this.#time.elapsed)
    if (frame === undefined) return
    this.#record(device, entity, deeds)
    this.#look(device, frame)
  }

  /** Its author has counted it already: what it had seen is everything but that. */
  #record({ index, seen }: Device, entity: string, deeds: readonly Deed[]): void {
    const nth = seen[index] ?? 0
    const before = seen.map((count, device) => (device === index ? nth - 1 : count))
    const founding = this.#isFounding
    this.ledger.add({ author: index, nth, atMs: this.#time.elapsed, entity, deeds, founding, seen: before })
  }

  /** Texts and lists have documents of their own, in which nothing is that is looked at. */
  #look(device: Device, { entity, updates }: Frame): void {
    const model = this.models.get(entity)
    if (model === undefined || updates.every(({ field }) => field !== '')) return
    this.observed.look(device.index, model, device.held(entity))
    this.#settleLater(device, entity)
  }

  /** One person, who was the first to see the conflict, deals with it. */
  #settleLater(device: Device, entity: string): void {
    const { settledAfterMs } = this.#options.policy
    if (settledAfterMs === undefined || this.#settling.has(entity)) return
    const held = device.held(entity)
    if (held.conflicts().length === 0) return
    this.#settling.add(entity)
    this.#time.at(this.#time.elapsed + settledAfterMs, () => {
      this.#settling.delete(entity)
      const dice = this.#dice('settle', device.index, this.ledger.edits.length)
      const settled = held.settle((count) => dice.below(count))
      const frame = device.send(entity, settled, this.#time.elapsed)
      if (frame === undefined) return
      this.#record(device, entity, [])
      this.#look(device, frame)
    })
  }

  #live(device: Device, from: number): void {
    const { conditions } = this.#options
    for (const { from: begins, to } of stretchesOnline(conditions, from, this.#dice('presence', device.index))) {
      this.#time.at(begins, () => this.#connect(device))
      if (to < from + conditions.durationMs) this.#time.at(to, () => this.#disconnect(device))
    }
  }

  #connect(device: Device): void {
    if (device.isOnline) return
    const { delayMs, bytesPerMs } = this.#options.conditions
    const received = (frame: Logged): void => this.#received(device, frame)
    const dice = this.#dice('link', device.index, device.connections)
    const deps = { time: this.#time, dice, hub: this.#hub, delayMs, bytesPerMs, received }
    const link = new Link(device.index, device.cursor, deps)
    this.#links.set(device.index, link)
    device.connect(link)
  }

  #disconnect(device: Device): void {
    device.disconnect()
    this.#count(device)
  }

  #count(device: Device): void {
    const link = this.#links.get(device.index)
    this.#links.delete(device.index)
    this.bytesUp += link?.bytesUp ?? 0
    this.bytesDown += link?.bytesDown ?? 0
  }

  #received(device: Device, frame: Logged): void {
    if (!device.receive(frame, this.#options.policy.byArrival === true)) return
    if (!this.#isFounding) this.observed.delaysMs.push(this.#time.elapsed - frame.madeMs)
    this.#look(device, frame)
  }

  /** Everybody is online, nothing is on its way, and nobody has anything to settle. */
  #level(): void {
    const isLevel = (): boolean =>
      this.#settling.size === 0 &&
      this.devices.every((device) => device.isEmpty && device.cursor === this.ledger.edits.length)
    if (!this.#time.passUntilDone(isLevel)) throw new Error('The devices never became level.')
  }

  #dice(...names: readonly (string | number)[]): Dice {
    const { workload, conditions, seed } = this.#options
    return diceOf(seed, workload.name, conditions.name, ...names)
  }
}

/** Clocks show a time of today: 2026-11-20, in milliseconds since 1970. */
const beginsAt = 1_795_132_800_000
/** The first write of a device whose clock is ahead is not to hide what people do then. */
const settleInMs = 600_000
