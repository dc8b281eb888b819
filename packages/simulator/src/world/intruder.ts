import { doubled, leaked, overfilled, silences, strangeEndings, trespassed } from '../hostile/evidence.ts'
import { deedKinds } from '../hostile/ground.ts'
import type { DeedKind } from '../hostile/ground.ts'
import { Hostile } from '../hostile/hostile.ts'
import type { Oracle } from '../oracle/oracle.ts'
import type { Tape } from '../oracle/tape.ts'
import type { Act, Schedule } from '../schedule/types.ts'
import { engineOf, home, lawless, spaces } from './app.ts'
import { diceOf } from './dice.ts'
import type { Dice } from './dice.ts'
import type { FaultCounts } from './fault-counts.ts'
import { Machine } from './machine.ts'
import type { VirtualNetwork } from './network.ts'
import { mallory } from './principals.ts'
import type { VirtualTime } from './time.ts'

/** Nothing of this space may ever reach a hostile user. */
const closed = 'mars'
/** The longest that an answer may take while the server is started, paused, full and folding. */
const patienceMs = 60_000

/** What a hostile user finds in a world. */
export interface IntruderDeps {
  readonly time: VirtualTime
  readonly counts: FaultCounts
  readonly network: VirtualNetwork
  readonly oracle: Oracle
  readonly tape: Tape
  readonly schedule: Schedule
}

/** The hostile user of a world, on a machine of its own, with what the network keeps for it. */
export class Intruder {
  readonly #world: IntruderDeps
  readonly #hostile: Hostile
  readonly #machine: Machine
  #deaf: (() => void) | undefined

  constructor(world: IntruderDeps) {
    const { time, counts, network, oracle, schedule } = world
    const { automerge } = schedule.conditions
    this.#world = world
    this.#machine = new Machine(mallory, time, counts)
    const process = this.#machine.boot()
    this.#hostile = new Hostile({
      ground: {
        own: lawless,
        seen: home,
        closed,
        fields: { notes: ['', 'body', 'steps'], tasks: [''] },
        engines: { notes: engineOf('notes', automerge), tasks: engineOf('tasks', automerge) },
      },
      transport: network.transportOf(process),
      timers: process.timers,
      elapsed: () => time.elapsed,
      now: () => this.#machine.clock.now(),
      chance: diceOf(schedule.seed, mallory),
      accessToken: mallory,
      did: (kind) => counts.add(kind),
      canaries: (space) => oracle.made.filter(({ place }) => place.space === space).map(({ mark }) => `title ${mark}`),
      reading: (reads) => this.#reading(reads),
    })
    network.overheard = (frame, line, name) => {
      if (name !== mallory) this.#hostile.overhear(frame, line)
    }
  }

  start(): void {
    this.#hostile.start()
  }

  act({ what }: Act, dice: Dice): void {
    const kind = deedKinds.find((deed) => deed === (what as DeedKind))
    if (kind !== undefined) this.#hostile.act(kind, dice)
  }

  /** Judges what it was sent, and what it wrote; then it goes. */
  finish(calmSinceMs: number, bufferedMax: number): readonly string[] {
    const { tape, network, time } = this.#world
    const hostile = this.#hostile
    hostile.held(network.bufferedMax(mallory))
    const { evidence } = hostile
    const wrong = [
      ...leaked(evidence),
      ...trespassed(evidence, lawless, [...spaces, lawless], (space) => tape.rows(space)),
      ...doubled(evidence, lawless, tape.rows(lawless)),
      ...silences(evidence, { nowMs: time.elapsed, boundMs: patienceMs, calmSinceMs }),
      ...strangeEndings(evidence),
      ...overfilled(evidence, bufferedMax),
    ]
    hostile.stop()
    return wrong
  }

  #reading(reads: boolean): void {
    this.#deaf?.()
    this.#deaf = reads ? undefined : this.#world.network.trouble([mallory], { down: 0 })
  }
}
