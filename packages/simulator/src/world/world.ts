import type { Rule } from '@rejoin/server'
import { Grades } from '../oracle/grades.ts'
import { Oracle } from '../oracle/oracle.ts'
import { Reads } from '../oracle/reads.ts'
import { Tape } from '../oracle/tape.ts'
import type { Plan } from '../plan.ts'
import { Dice } from './dice.ts'
import type { DiskFaults } from './disk.ts'
import { FaultCounts } from './faults.ts'
import { tinyReplica, tinyServer } from './limits.ts'
import { VirtualNetwork } from './network.ts'
import { Person } from './person.ts'
import { isExpected, SimReplica } from './replica.ts'
import { SimServer } from './server.ts'
import { VirtualTime } from './time.ts'
import { Trace } from './trace.ts'

/** An entry that a replica says the server has. */
export interface Acknowledged {
  readonly replica: string
  readonly space: string
  readonly writer: string
  readonly n: number
}

/** Everything that one seed makes: machines, people, and the books that are kept of them. */
export class World {
  readonly plan: Plan
  readonly dice: Dice
  readonly time = new VirtualTime()
  readonly counts = new FaultCounts()
  readonly oracle = new Oracle()
  readonly reads: Reads = new Reads(this.oracle)
  readonly grades = new Grades()
  readonly tape = new Tape()
  readonly trace: Trace
  readonly network: VirtualNetwork
  readonly server: SimServer
  readonly people: readonly Person[]
  readonly acknowledged: Acknowledged[] = []
  /** Every broken promise so far, as a sentence with its invariant. */
  readonly wrong: string[] = []
  /** Stays away until the faults are over. */
  away: Person | undefined

  constructor(plan: Plan, show?: (line: string) => void) {
    const { time, counts } = this
    this.plan = plan
    this.dice = new Dice(plan.seed ^ 0x5eed)
    this.trace = new Trace(show)
    const { trace } = this
    this.network = new VirtualNetwork({ time, counts, trace, dice: this.dice.fork() })
    const limits = plan.tiny ? tinyServer : {}
    const machine = { time, counts, trace, network: this.network, tape: this.tape, limits }
    const died = (): void => this.restartServer()
    this.server = new SimServer({ ...machine, dice: this.dice.fork(), rule: this.#rule(), died }, plan.log)
    this.people = Array.from({ length: plan.replicas }, (_, index) => this.newPerson(`r${index}`, plan.disk))
  }

  newPerson(name: string, faults: DiskFaults): Person {
    const { time, counts, trace, network, oracle, reads } = this
    const replica = new SimReplica(
      name,
      {
        time,
        counts,
        trace,
        network,
        dice: this.dice.fork(),
        limits: this.plan.tiny ? tinyReplica : {},
        acknowledged: (entry) => this.acknowledged.push({ ...entry, replica: name }),
        said: (status) => person.heard(status),
        died: () => this.restart(person),
      },
      faults,
    )
    const wrong = (sentence: string): void => void this.wrong.push(sentence)
    const person: Person = new Person(replica, { dice: this.dice.fork(), oracle, reads, counts, wrong })
    return person
  }

  /** Starts a dead replica after a while, and again if its disk is full. */
  restart(person: Person): void {
    this.time.after(this.dice.between(10, 4_000), () => {
      if (person !== this.away) this.start(person)
    })
  }

  start(person: Person): void {
    person.start().catch((cause: unknown) => {
      if (isExpected(cause)) this.restart(person)
      else this.wrong.push(`[I17] ${person.replica.name} cannot be started: ${told(cause)}`)
    })
  }

  restartServer(): void {
    this.time.after(this.dice.between(10, 4_000), () => this.attend(this.server.start()))
  }

  /** Something that goes on by itself, and must not fail but in the ways that an app expects. */
  attend(work: Promise<unknown>): void {
    work.catch((cause: unknown) => {
      if (!isExpected(cause)) this.wrong.push(`[I7] something failed: ${told(cause)}`)
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

  #rule(): Rule {
    const { refuseOneIn } = this.plan
    return ({ id }) => {
      if (refuseOneIn === 0 || (Number.parseInt(id.writer.slice(0, 6), 16) + id.n) % refuseOneIn > 0) return undefined
      this.counts.add('refusal')
      return { kind: 'rule', message: 'Refused by the rule of this world.' }
    }
  }
}

const told = (cause: unknown): string => (cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
