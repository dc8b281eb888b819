import type { Engine } from '@rejoin/documents'
import { openAutomerge } from '@rejoin/documents/automerge'
import { yjs } from '@rejoin/documents/yjs'
import { checkEqual, checkShown } from './checks/converged.ts'
import { checkDurable, diskWhenLevel } from './checks/durable.ts'
import { makeHoles } from './checks/holes.ts'
import { checkLog, checkTape } from './checks/log.ts'
import { readAll } from './checks/pages.ts'
import type { Read } from './checks/pages.ts'
import { checkConserved } from './checks/conservation.ts'
import { checkLeftovers } from './checks/leftovers.ts'
import { fatesOf } from './checks/receipts.ts'
import { checkQueues } from './checks/queues.ts'
import { stormsIn, wrongReturns, wrongStorms } from './checks/storms.ts'
import type { Storms } from './checks/storms.ts'
import { perform } from './acts/perform.ts'
import { judge } from './oracle/judge.ts'
import type { Fate } from './oracle/judge.ts'
import { judgeLater } from './oracle/later.ts'
import type { Made } from './oracle/oracle.ts'
import { onUnheardRejection } from './platform/rejections.ts'
import { scheduleOf } from './schedule/schedule.ts'
import type { Schedule } from './schedule/types.ts'
import { nameOf } from './world/app.ts'
import type { Place } from './world/app.ts'
import type { Page } from './world/entity.ts'
import type { FaultCounts } from './world/fault-counts.ts'
import type { Person } from './world/person.ts'
import { World } from './world/world.ts'

export interface Outcome {
  /** The schedule that was run, with exactly the strikes that struck: it gives the same run again. */
  readonly schedule: Schedule
  /** Each broken promise, as a sentence with its invariant. */
  readonly wrong: readonly string[]
  readonly edits: number
  /** The marks of the edits that the server took. */
  readonly accepted: readonly string[]
  readonly steps: number
  readonly virtualMs: number
  readonly counts: FaultCounts
  /** How often replicas asked for a connection while nobody was let in, and how often they might have. */
  readonly storms: Storms
  /** A hash of everything that happened: equal for two runs of one schedule. */
  readonly trace: string
}

export interface RunOptions {
  /** What every clock is wrong by from the beginning to the end, besides what the schedule does to it. */
  readonly clockOffsetMs?: (machine: string) => number
  /** Told every event of the run in words. */
  readonly show?: (line: string) => void
}

/** How long the healed world may take until everybody is level, in virtual milliseconds. */
const quiesceMs = 180_000
/** Longer than the longest sleep. */
const nightMs = 9 * 3_600_000
/** Longer than a side takes to find out that it hears nothing. */
const silenceMs = 100_000

export const runSeed = (seed: number, options: RunOptions = {}): Promise<Outcome> =>
  runSchedule(scheduleOf(seed), options)

/** One world from its beginning to its end: chaos, healing, quiet, and then the reading of everything. */
export async function runSchedule(schedule: Schedule, options: RunOptions = {}): Promise<Outcome> {
  const world = new World(schedule, { ...options, engines: await enginesOf(schedule) })
  const broke = (cause: unknown): void =>
    void world.wrong.push(`[I7] something broke: ${cause instanceof Error ? cause.stack : String(cause)}`)
  const stopListening = onUnheardRejection(broke)
  try {
    await rage(world)
    await heal(world)
    const calmSinceMs = world.time.elapsed
    if (await quiet(world, world.people)) {
      await makeHoles(world)
      if (await quiet(world, world.people)) await readEverything(world)
    }
    checkQueues(world, calmSinceMs)
    world.wrong.push(...wrongReturns(world, calmSinceMs))
    await checkLeftovers(world)
  } catch (cause) {
    broke(cause)
  } finally {
    stopListening()
  }
  const storms = stormsIn(world)
  world.wrong.push(...wrongStorms(storms))
  const { time, counts, trace, oracle, strikes } = world
  const wrong = [...new Set(world.wrong)]
  trace.note(time.elapsed, `${time.steps} steps, ${String(counts)}, ${wrong.join('; ')}`)
  return {
    schedule: { ...schedule, strikes: strikes.struck },
    wrong,
    edits: oracle.made.length,
    accepted: oracle.made.filter(({ accepted }) => accepted).map(({ mark }) => mark),
    steps: time.steps,
    virtualMs: time.elapsed,
    counts,
    storms,
    trace: String(trace),
  }
}

/** Automerge is loaded where it is needed: it is not small. */
const enginesOf = async ({ conditions }: Schedule): Promise<readonly Engine[]> =>
  conditions.automerge > 0 ? [yjs, await openAutomerge()] : [yjs]

async function rage(world: World): Promise<void> {
  const { time, schedule } = world
  world.startServer()
  for (const person of world.people) world.start(person)
  world.intruder?.start()
  for (const act of schedule.acts)
    time.after(act.atMs, () => {
      world.trace.note(time.elapsed, `${act.who} ${act.what} ${act.nth}`)
      perform(world, act)
    })
  await time.runUntil(schedule.conditions.chaosMs)
}

/** All faults are off, and everybody is there. */
async function heal(world: World): Promise<void> {
  const { server, network, people, time, strikes } = world
  strikes.end()
  world.away = undefined
  // What chaos has begun ends by itself: restarts, sleep, full disks, people offline, and connections of which one end is dead.
  await time.runWhileNot(() => world.isAwake, nightMs, 1_000)
  await time.runUntil(time.elapsed + silenceMs)
  network.calm()
  server.heal()
  await world.finish('the start of the server', server.start())
  for (const person of people) {
    person.replica.heal()
    world.start(person)
    if (!(await time.runWhileNot(() => person.replica.life !== undefined, 60_000, 5)))
      world.wrong.push(`[I17] ${person.replica.name} did not start`)
    person.replica.life?.rejoin.goOnline()
  }
  for (const person of people) await world.finish(`the widening of ${person.replica.name}`, person.widenAll())
}

/** Waits until everybody is level; nobody reloads and nothing is done by hand. */
async function quiet(world: World, people: readonly Person[]): Promise<boolean> {
  const statusOf = ({ replica }: Person) => replica.life?.rejoin.status.now
  const isLevel = (person: Person): boolean => statusOf(person)?.synced === true
  const areLevel = (): boolean => people.every(isLevel)
  await world.time.runWhileNot(areLevel, quiesceMs)
  // What one has just sent is on its way to the others.
  await world.time.runUntil(world.time.elapsed + 1_000)
  if (await world.time.runWhileNot(areLevel, quiesceMs)) return true
  for (const person of people)
    if (!isLevel(person))
      world.wrong.push(`[I17] ${person.replica.name} is not level: ${JSON.stringify(statusOf(person))}`)
  return false
}

/** What has rotted on a disk is found when it is read, and then it is fetched again. */
async function mended(world: World): Promise<boolean> {
  for (const { replica, joined, hasForgotten } of world.people) {
    const rejoin = replica.life?.rejoin
    if (!hasForgotten || rejoin === undefined) continue
    const places = world.oracle.places.filter(({ space }) => joined.includes(space))
    await world.finish(`the reading of ${replica.name}`, readAll(rejoin, places))
  }
  return quiet(world, world.people)
}

async function readEverything(world: World): Promise<void> {
  const { people, oracle, grades, wrong, server } = world
  if (!(await mended(world))) return
  const before = await join(world, 'joiner')
  if (before === undefined) return
  checkTape(world, before)
  await world.finish('the comparison', checkEqual(world, people, before))
  for (const person of people) {
    await world.finish('the comparison of views', checkShown(world, person))
    await world.finish('the conservation', checkConserved(world, person))
  }
  const fates = (await world.finish('the receipts', fatesOf(world, people))) ?? new Map()
  for (const made of oracle.made) made.accepted = fates.get(made.receipt) === 'stored'
  const pageOf = (place: Place): Page | undefined => before.get(nameOf(place))?.page
  const saysLost = (name: string): boolean => {
    const person = people.find(({ replica }) => replica.name === name)
    return (person?.replica.life?.rejoin.status.now.lost ?? 0) > 0
  }
  const fateOf = ({ receipt }: Made): Fate => fates.get(receipt)
  wrong.push(...judge(oracle, pageOf, fateOf, saysLost), ...grades.judge(pageOf))
  for (const place of oracle.places) {
    const read = before.get(nameOf(place))
    if (read !== undefined) wrong.push(...judgeLater(oracle, place, read))
  }

  const report = await world.finish('the folding', server.server?.fold() ?? Promise.resolve(undefined))
  world.counts.add('fold', report?.folded ?? 0)
  for (const { replica } of people) {
    replica.life?.rejoin.goOffline()
    replica.life?.rejoin.goOnline()
  }
  const after = await join(world, 'late-joiner')
  if (after === undefined || !(await quiet(world, people))) return
  for (const [name, { hash }] of before)
    if (after.get(name)?.hash !== hash) wrong.push(`[I14] ${name} reads otherwise after folding`)
  await world.finish('the comparison after folding', checkEqual(world, people, after))
  await world.finish('the audit of the log', checkLog(world))
}

/** A new replica joins every space and reads it whole. */
async function join(world: World, name: string): Promise<ReadonlyMap<string, Read> | undefined> {
  const joiner = world.newPerson(name)
  await world.finish(`the start of the ${name}`, joiner.start())
  await world.finish(`the joining of the ${name}`, joiner.joinAll())
  const durable = diskWhenLevel(joiner)
  const rejoin = joiner.replica.life?.rejoin
  if (rejoin === undefined || !(await quiet(world, [joiner]))) return undefined
  const reads = await world.finish(`the reading of the ${name}`, readAll(rejoin, world.oracle.places))
  await world.finish(`the closing of the ${name}`, rejoin.close())
  const disk = durable()
  if (reads !== undefined && disk !== undefined) await checkDurable(world, name, disk, reads)
  return reads
}
