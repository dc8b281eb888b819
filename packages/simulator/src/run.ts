import type { Rule } from '@rejoin/server'
import { canonicalHash } from '@rejoin/documents'
import { Dice } from './world/dice.ts'
import { FaultCounts } from './world/faults.ts'
import { calm, VirtualNetwork } from './world/network.ts'
import type { NetworkFaults } from './world/network.ts'
import { SimReplica } from './world/replica.ts'
import { SimServer } from './world/server.ts'
import { VirtualTime } from './world/time.ts'
import { Oracle } from './oracle.ts'

/** What a seed unrolls to, before the first step. */
export interface Plan {
  readonly seed: number
  readonly replicas: number
  readonly chaosMs: number
  readonly editEveryMs: number
  readonly storeDelayMs: number
  readonly network: NetworkFaults
  /** Mean time between two of each, in milliseconds; 0: never. */
  readonly replicaCrashMs: number
  readonly serverCrashMs: number
  readonly offlineMs: number
  readonly clockJumpMs: number
  /** One entry in so many is refused by a rule; 0: none. */
  readonly refuseOneIn: number
}

export interface Outcome {
  readonly plan: Plan
  /** Each broken promise, as a sentence with its invariant. */
  readonly wrong: readonly string[]
  readonly edits: number
  readonly steps: number
  readonly virtualMs: number
  readonly counts: FaultCounts
  /** Equal for two runs of one seed. */
  readonly trace: string
}

/** Each seed has its own mix of faults: some have many, some none, so that rare ones are not drowned. */
export function planOf(seed: number): Plan {
  const dice = new Dice(seed)
  const sometimes = (probability: number, value: () => number): number => (dice.chance(probability) ? value() : 0)
  return {
    seed,
    replicas: 1 + dice.below(4),
    chaosMs: dice.between(5_000, 60_000),
    editEveryMs: dice.between(50, 1_500),
    storeDelayMs: sometimes(0.6, () => dice.between(1, 40)),
    network: {
      drop: sometimes(0.4, () => dice.between(0.001, 0.02)),
      duplicate: sometimes(0.4, () => dice.between(0.01, 0.2)),
      cut: sometimes(0.6, () => dice.between(0.001, 0.03)),
      delayMs: dice.between(2, 400),
    },
    replicaCrashMs: sometimes(0.5, () => dice.between(3_000, 20_000)),
    serverCrashMs: sometimes(0.4, () => dice.between(4_000, 20_000)),
    offlineMs: sometimes(0.5, () => dice.between(3_000, 20_000)),
    clockJumpMs: sometimes(0.3, () => dice.between(5_000, 20_000)),
    refuseOneIn: sometimes(0.3, () => 5 + dice.below(40)),
  }
}

/** How long the healed world may take until everybody is level, in virtual milliseconds. */
const quiesceMs = 180_000

export async function runSeed(seed: number, plan: Plan = planOf(seed)): Promise<Outcome> {
  const dice = new Dice(seed ^ 0x5eed)
  const time = new VirtualTime()
  const counts = new FaultCounts()
  const network = new VirtualNetwork(time, dice.fork(), counts)
  const oracle = new Oracle()
  const refusals = plan.refuseOneIn
  const rule: Rule | undefined =
    refusals === 0
      ? undefined
      : ({ id }) =>
          (Number.parseInt(id.writer.slice(0, 6), 16) + id.n) % refusals === 0
            ? { kind: 'rule', message: 'Refused by the rule of this world.' }
            : undefined
  const server = new SimServer({ time, dice: dice.fork(), network, counts, rule })
  const replicas = Array.from({ length: plan.replicas }, (_, index) => newReplica(`r${index}`, plan.storeDelayMs))
  let chaos = true
  const failures: string[] = []

  function newReplica(name: string, storeDelayMs: number): SimReplica {
    return new SimReplica({ name, user: 'somebody', time, dice: dice.fork(), network, oracle, counts, storeDelayMs })
  }
  const guarded = (work: Promise<void>): void => {
    work.catch((cause: unknown) => failures.push(`[I7] an edit or open failed: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`))
  }
  const every = (meanMs: number, act: () => void): void => {
    if (meanMs === 0) return
    time.after(-Math.log(1 - dice.float()) * meanMs, () => {
      if (!chaos) return
      act()
      every(meanMs, act)
    })
  }

  await starting(server.start())
  network.faults = plan.network
  for (const replica of replicas) {
    guarded(replica.start())
    every(plan.editEveryMs, () => guarded(replica.edit()))
    every(plan.replicaCrashMs, () => {
      if (replica.crash()) time.after(dice.between(10, 5_000), () => guarded(replica.start()))
    })
    every(plan.offlineMs, () => {
      counts.add('offline')
      replica.rejoin?.goOffline()
      time.after(dice.between(100, 10_000), () => replica.rejoin?.goOnline())
    })
    every(plan.clockJumpMs, () => {
      counts.add('clock-jump')
      replica.setClock(dice.between(-4_000_000, 200_000))
    })
  }
  every(plan.serverCrashMs, () => {
    if (server.crash()) time.after(dice.between(10, 5_000), () => guarded(server.start()))
  })
  await time.run(plan.chaosMs, () => false)

  chaos = false
  network.faults = calm
  await time.run(time.elapsed + 6_000, () => false)
  await starting(server.start())
  for (const replica of replicas) {
    replica.setClock(0)
    guarded(replica.start())
    replica.rejoin?.goOnline()
  }
  const isLevel = (replica: SimReplica): boolean => replica.rejoin?.status.now.synced === true
  if (!(await time.run(time.elapsed + quiesceMs, () => replicas.every(isLevel)))) {
    for (const replica of replicas) if (!isLevel(replica)) failures.push(`[I17] ${replica.name} is not level: ${JSON.stringify(replica.rejoin?.status.now)}`)
  }
  const joiner = newReplica('joiner', 0)
  guarded(joiner.start())
  await time.run(time.elapsed + quiesceMs, () => isLevel(joiner))
  if (!isLevel(joiner)) failures.push(`[I17] the joiner is not level: ${JSON.stringify(joiner.rejoin?.status.now)}`)
  const wrong = failures.length > 0 ? failures : await checkAll([...replicas, joiner])
  const trace = canonicalHash(`${time.steps} ${time.elapsed} ${oracle.edits} ${counts} ${wrong.join()} ${lastHashes}`)
  return { plan, wrong, edits: oracle.edits, steps: time.steps, virtualMs: time.elapsed, counts, trace }

  async function starting(work: Promise<void>): Promise<void> {
    let done = false
    guarded(work.finally(() => (done = true)))
    await time.run(time.elapsed + 60_000, () => done)
  }

  async function checkAll(all: readonly SimReplica[]): Promise<string[]> {
    const found: string[] = []
    let done = false
    guarded(
      (async () => {
        const shown = new Map<string, readonly string[]>()
        for (const replica of all) shown.set(replica.name, await hashesOf(replica, oracle.notes))
        const [first = []] = shown.values()
        lastHashes = first.join()
        for (const [name, hashed] of shown)
          for (const [index, hash] of hashed.entries()) if (hash !== first[index]) found.push(`[I3] ${name} differs in ${oracle.notes[index]}`)
        found.push(...(await oracle.judge(await seenBy(joiner), (name, receipt) => fateOn(all, name, receipt))))
        done = true
      })(),
    )
    await time.run(time.elapsed + 60_000, () => done)
    if (!done) failures.push('[I17] the final reads did not end')
    return [...failures, ...found]
  }
}

let lastHashes = ''

async function hashesOf(replica: SimReplica, notes: readonly string[]): Promise<readonly string[]> {
  const hashes: string[] = []
  for (const id of notes) {
    const note = await replica.rejoin?.notes.open(id)
    hashes.push(note?.hash() ?? 'none')
    await note?.close()
  }
  return hashes
}

async function seenBy(replica: SimReplica): Promise<{ id: string; marks: readonly string[]; count: number; body: string }[]> {
  const seen = []
  for (const { id } of (await replica.rejoin?.notes.list()) ?? []) {
    const note = await replica.rejoin?.notes.open(id)
    const view = note?.view()
    if (view !== undefined) seen.push({ id, marks: (view.marks as readonly string[]) ?? [], count: view.count, body: view.body })
    await note?.close()
  }
  return seen
}

async function fateOn(replicas: readonly SimReplica[], name: string, receipt: string): Promise<'stored' | 'rejected' | 'pending' | undefined> {
  return replicas.find((replica) => replica.name === name)?.rejoin?.receipts.find(receipt)
}
