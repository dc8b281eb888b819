import type { Judgement } from './judge/judgement.ts'
import { judge } from './judge/judge.ts'
import type { Conditions } from './world/conditions.ts'
import type { Policy } from './policies/policy.ts'
import { threadCpuMs } from './platform/cpu.ts'
import { World } from './world/world.ts'
import type { Workload } from './workloads/workload.ts'

export interface RunOptions {
  readonly policy: Policy
  readonly workload: Workload
  readonly conditions: Conditions
  readonly seed: number
}

/** What came of one run. Everything but `cpuMs` follows from the seed. */
export interface RunResult extends Judgement {
  readonly policy: string
  readonly workload: string
  readonly conditions: string
  readonly seed: number
  /** Of people; what was there when they began is none. */
  readonly edits: number
  /** Pairs of edits of one field of which neither author had seen the other's. */
  readonly concurrentPairs: number
  /** Sets of versions that were shown to people as a conflict. */
  readonly conflictsShown: number
  readonly convergent: boolean
  /** How long an edit takes to another device. */
  readonly stalenessMeanMs: number
  readonly stalenessP95Ms: number
  readonly bytesUp: number
  readonly bytesDown: number
  /** What one device keeps at the end. */
  readonly storageBytes: number
  /** Processor time of the thread. */
  readonly cpuMs: number
}

/** Lives through it once. */
export async function run({ policy, workload, conditions, seed }: RunOptions): Promise<RunResult> {
  const engineOf = await policy.open()
  const begunMs = threadCpuMs()
  const world = new World({ policy, workload, conditions, seed, engineOf })
  try {
    world.run()
    const cpuMs = threadCpuMs() - begunMs
    const { ledger, observed, devices, models, bytesUp, bytesDown } = world
    return {
      policy: policy.name,
      workload: workload.name,
      conditions: conditions.name,
      seed,
      edits: ledger.edits.filter(({ founding }) => founding !== true).length,
      ...judge(world, workload),
      concurrentPairs: ledger.concurrentPairs(),
      conflictsShown: observed.conflicts,
      convergent: isConvergent(world),
      ...staleness(observed.delaysMs),
      bytesUp,
      bytesDown,
      storageBytes: [...models.keys()].reduce((sum, id) => sum + (devices[0]?.held(id).bytes() ?? 0), 0),
      cpuMs,
    }
  } finally {
    world.dispose()
  }
}

const isConvergent = ({ devices, models }: World): boolean =>
  [...models.keys()].every((id) => new Set(devices.map((device) => device.held(id).hash())).size === 1)

function staleness(delaysMs: readonly number[]): Pick<RunResult, 'stalenessMeanMs' | 'stalenessP95Ms'> {
  const sorted = delaysMs.toSorted((a, b) => a - b)
  const mean = sorted.reduce((sum, each) => sum + each, 0) / Math.max(1, sorted.length)
  return { stalenessMeanMs: mean, stalenessP95Ms: sorted[Math.floor(0.95 * sorted.length)] ?? 0 }
}
