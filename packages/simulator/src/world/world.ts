import type { Engine } from '@rejoin/documents'
import { yjs } from '@rejoin/documents/yjs'
import type { Rule } from '@rejoin/server'
import type { VirtualDisk } from '../disk/virtual-disk.ts'
import { Grades } from '../oracle/grades.ts'
import { Oracle } from '../oracle/oracle.ts'
import type { Made } from '../oracle/oracle.ts'
import { Reads } from '../oracle/reads.ts'
import { Tape } from '../oracle/tape.ts'
import type { FaultKind } from '../schedule/faults.ts'
import type { Act, Schedule } from '../schedule/types.ts'
import { collectionsOf, lawless } from './app.ts'
import type { Collections } from './app.ts'
import { diceOf } from './dice.ts'
import type { Dice } from './dice.ts'
import { FaultCounts } from './fault-counts.ts'
import { Intruder } from './intruder.ts'
import { tinyReplica, tinyServer } from './limits.ts'
import type { Machine } from './machine.ts'
import { VirtualNetwork } from './network.ts'
import type { Attempt } from './network.ts'
import { Person } from './person.ts'
import { mallory } from './principals.ts'
import { isDamaged, isExpected, isStorage, SimReplica } from './replica.ts'
import { SimServer } from './server.ts'
import { Strikes } from './strikes.ts'
import { VirtualTime } from './time.ts'
import { Trace } from './trace.ts'

/** An entry that a replica says the server has. */
export interface Acknowledged {
  readonly replica: string
  readonly space: string
  readonly writer: string
  readonly n: number
}

export interface WorldOptions {
  readonly show?: (line: string) => void
  /** What every clock is wrong by from the beginning. */
  readonly clockOffsetMs?: (machine: string) => number
  /** Those that the collections are in; Yjs unless told. */
  readonly engines?: readonly Engine[]
}

/** Everything that one schedule makes: machines, people, and the books that are kept of them. */
export class World {
  readonly schedule: Schedule
  readonly time = new VirtualTime()
  readonly counts = new FaultCounts()
  readonly strikes: Strikes
  readonly oracle = new Oracle()
  readonly reads: Reads = new Reads(this.oracle)
  readonly grades = new Grades()
  readonly tape = new Tape((space) => space !== lawless)
  readonly trace: Trace
  readonly network: VirtualNetwork
  readonly server: SimServer
  readonly people: Person[]
  readonly intruder: Intruder | undefined
  readonly acknowledged: Acknowledged[] = []
  readonly outages: { readonly from: number; readonly to: number }[] = []
  readonly returns: Attempt[] = []
  /** Every broken promise so far, as a sentence with its invariant. */
  readonly wrong: string[] = []
  /** Stays away until the faults are over. */
  away: Person | undefined
  readonly #collections: Collections
  readonly #engines: readonly Engine[]
  readonly #clockOffsetMs: (machine: string) => number
  readonly #restarts = new Map<string, number>()

  constructor(schedule: Schedule, { show, clockOffsetMs = () => 0, engines = [yjs] }: WorldOptions) {
    const { time, counts, tape } = this
    this.schedule = schedule
    this.#clockOffsetMs = clockOffsetMs
    this.#collections = collectionsOf(schedule.conditions.automerge)
    this.#engines = engines
    this.strikes = new Strikes(schedule, counts)
    this.trace = new Trace(show)
    const { strikes, trace } = this
    const conditions = { ...schedule.conditions, seed: schedule.seed }
    this.network = new VirtualNetwork({ time, counts, trace, strikes, conditions })
    const { network } = this
    network.wentOn = (name) => {
      if (name !== mallory) this.wrong.push(`[I15] ${name} took a damaged frame and goes on with the connection`)
    }
    this.server = new SimServer({
      time,
      counts,
      trace,
      strikes,
      network,
      tape,
      conditions,
      limits: conditions.tiny > 0 ? tinyServer : {},
      collections: this.#collections,
      engines,
      rule: this.#rule(),
      died: () => this.restartServer(),
      wrong: (sentences) => this.wrong.push(...sentences),
      clockOffsetMs: clockOffsetMs('server'),
    })
    this.people = Array.from({ length: conditions.replicas }, (_, index) => this.newPerson(`r${index}`))
    if (conditions.hostile === 0) return
    this.intruder = new Intruder(this)
    for (const person of this.people) person.visits(lawless)
  }

  get isAwake(): boolean {
    return !this.server.machine.isAsleep && this.people.every(({ replica }) => !replica.machine.isAsleep)
  }

  /** Dice for what an act chooses. */
  diceOf({ who, what, nth }: Act): Dice {
    return diceOf(this.schedule.seed, 'act', who, what, nth)
  }

  newPerson(name: string, clone?: { readonly user: string; readonly disk: VirtualDisk }): Person {
    const { time, counts, trace, strikes, network, oracle, reads, schedule } = this
    const conditions = { ...schedule.conditions, seed: schedule.seed }
    const replica = new SimReplica(
      name,
      {
        time,
        counts,
        trace,
        strikes,
        network,
        conditions,
        clockOffsetMs: this.#clockOffsetMs(name),
        limits: conditions.tiny > 0 ? tinyReplica : {},
        collections: this.#collections,
        engines: this.#engines,
        acknowledged: (entry) => this.acknowledged.push({ ...entry, replica: name }),
        said: (status) => person.heard(status),
        died: () => this.restart(person),
      },
      clone,
    )
    const wrong = (sentence: string): void => void this.wrong.push(sentence)
    const person: Person = new Person(replica, { oracle, reads, counts, wrong, allFields: conditions.allFields > 0 })
    return person
  }

  /** From now on nobody is let in for so long. */
  outage(ms: number): void {
    const { elapsed } = this.time
    this.outages.push({ from: elapsed, to: elapsed + ms })
  }

  /** Somebody has a reason to try a connection at once. */
  comesBack(name: string): void {
    this.returns.push({ name, at: this.time.elapsed })
  }

  /** What the device of a replica has is only what is `kept`, and what the server sends it. */
  forgets(person: Person, kept: ReadonlySet<Made>): void {
    const { name } = person.replica
    this.oracle.forgotten(name, kept, 'silently')
    this.reads.forget(name)
    person.hasForgotten = true
  }

  /** Somebody goes on with a copy of a replica's store, while that one goes on too. */
  clone(person: Person, dice: Dice): void {
    const { name, user, disk } = person.replica
    this.counts.add('clone')
    this.oracle.forgotten(name, this.oracle.onDeviceOf(name), 'silently')
    person.hasForgotten = true
    const clone = this.newPerson(`${name}c`, { user, disk: disk.copy() })
    clone.wishAs(person)
    this.reads.cloned(clone.replica.name, name)
    clone.hasForgotten = true
    this.people.push(clone)
    this.start(clone)
    for (let left = 5; left > 0; left--)
      this.time.after(dice.between(100, 10_000), () => this.attend(clone.edit(dice.fork())))
  }

  /** Starts a dead replica after a while, when its machine is awake, and again if its disk is full. */
  restart(person: Person): void {
    this.#soon(person.replica.machine, () => {
      if (person !== this.away) this.start(person)
    })
  }

  start(person: Person): void {
    this.comesBack(person.replica.name)
    person.start().catch((cause: unknown) => {
      if (this.#isExpected(cause)) this.restart(person)
      else if (isDamaged(cause) && person.hasForgotten) this.#reinstall(person)
      else this.wrong.push(`[I17] ${person.replica.name} cannot be started: ${told(cause)}`)
    })
  }

  /** Starts the server, again and again if its disk fails. */
  startServer(): void {
    this.server.start().catch((cause: unknown) => {
      if (this.#isExpected(cause)) this.restartServer()
      else this.wrong.push(`[I17] the server cannot be started: ${told(cause)}`)
    })
  }

  /** A store that a lying disk has damaged is refused whole: nothing helps but to begin anew. */
  #reinstall(person: Person): void {
    person.replica.disk.wipe()
    this.forgets(person, new Set())
    this.restart(person)
  }

  restartServer(): void {
    this.#soon(this.server.machine, () => this.startServer())
  }

  /** Something that goes on by itself, and must not fail but in the ways that an app expects. */
  attend(work: Promise<unknown>): void {
    work.catch((cause: unknown) => {
      if (!this.#isExpected(cause)) this.wrong.push(`[I7] something failed: ${told(cause)}`)
    })
  }

  /** Lets time pass until the work is done. */
  async finish<T>(what: string, work: Promise<T>): Promise<T | undefined> {
    let result: { readonly value: T } | undefined
    let isDone = false
    this.attend(work.then((value) => (result = { value })).finally(() => (isDone = true)))
    if (!(await this.time.runWhileNot(() => isDone, 60_000, 5))) this.wrong.push(`[I17] ${what} did not end`)
    return result?.value
  }

  /** A store may fail only where this world has made one fail. */
  #isExpected(cause: unknown): boolean {
    return isExpected(cause) && (!isStorage(cause) || storeFaults.some((kind) => this.counts.of(kind) > 0))
  }

  #soon(machine: Machine, act: () => void): void {
    const { name } = machine
    const nth = (this.#restarts.get(name) ?? 0) + 1
    this.#restarts.set(name, nth)
    this.time.after(diceOf(this.schedule.seed, 'restart', name, nth).between(10, 4_000), () => machine.run(act))
  }

  #rule(): Rule {
    const { refuseOneIn } = this.schedule.conditions
    return ({ id }) => {
      if (refuseOneIn === 0 || (Number.parseInt(id.writer.slice(0, 6), 16) + id.n) % refuseOneIn > 0) return undefined
      this.counts.add('refusal')
      return { kind: 'rule', message: 'Refused by the rule of this world.' }
    }
  }
}

/** After a sleep too: the time is over for an answer that is due at the same moment. */
const storeFaults: readonly FaultKind[] = [
  'sleep',
  'store-full',
  'store-error',
  'store-gone',
  'store-hang',
  'rot',
  'disk-lie',
  'log-full',
  'log-error',
]

const told = (cause: unknown): string => (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
