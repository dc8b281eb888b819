import type { RunResult } from '../run.ts'
import type { SessionResult } from '../session/play.ts'
import type { ConditionsTold, PolicyTold, ReportInput, WorkloadTold } from './input.ts'

const hour = 3_600_000

export const policy = (name: string, more: Partial<PolicyTold> = {}): PolicyTold => ({
  name,
  about: `About ${name}.`,
  form: 'whole',
  ...more,
})

export const workload = (name: string, more: Partial<WorkloadTold> = {}): WorkloadTold => ({
  name,
  about: `About ${name}.`,
  isApp: true,
  parameters: [{ name: 'things', value: 7, source: 'made up' }],
  entities: { things: { shape: { title: { kind: 'value' } }, count: 7 } },
  invariants: [{ name: 'title as written' }],
  ...more,
})

export const conditions = (name: string, more: Partial<ConditionsTold> = {}): ConditionsTold => ({
  name,
  about: `About ${name}.`,
  devices: 3,
  durationMs: 6 * hour,
  edits: 60,
  apartMs: 0,
  contention: 1,
  skewMs: 0,
  delayMs: 50,
  bytesPerMs: 1_000,
  ...more,
})

/** Nothing happens in it but a hundred effects. */
export const result = (more: Partial<RunResult>): RunResult => ({
  policy: 'p',
  workload: 'w',
  conditions: 'c',
  seed: 1,
  edits: 200,
  effects: 100,
  lost: 0,
  misplaced: 0,
  overruled: 0,
  untold: 0,
  startLost: 0,
  deletions: 0,
  ghosts: 0,
  doubled: 0,
  invented: 0,
  invariants: { 'title as written': 0 },
  distance: 0,
  interleaving: null,
  concurrentPairs: 0,
  conflictsShown: 0,
  convergent: true,
  stalenessMeanMs: 1_500,
  stalenessP95Ms: 90_000,
  bytesUp: 2_000,
  bytesDown: 4_000,
  storageBytes: 12_345,
  cpuMs: 5,
  ...more,
})

export const session = (more: Partial<SessionResult>): SessionResult => ({
  policy: 'p',
  trace: 'friendsforever-concurrent.json.gz',
  authors: 2,
  transactions: 26_078,
  turn: null,
  effects: 21_362,
  lostEffects: 0,
  traceLength: 21_362,
  lostShare: 0,
  ghosts: 0,
  doubled: 0,
  finalLength: 21_362,
  distance: 0,
  skipped: 0,
  conflictsShown: 0,
  convergent: true,
  bytes: 1_234,
  cpuMs: 5,
  ...more,
})

/** A result for each run of the plan, as `of` says. */
export function filled(
  plan: Pick<ReportInput, 'policies' | 'workloads' | 'conditions' | 'seeds'>,
  of: (cell: Pick<RunResult, 'policy' | 'workload' | 'conditions' | 'seed'>) => Partial<RunResult> = () => ({}),
): readonly RunResult[] {
  return plan.seeds.flatMap((seed) =>
    plan.conditions.flatMap(({ name: conditions }) =>
      plan.workloads.flatMap(({ name: workload }) =>
        plan.policies.map(({ name: policy }) => {
          const cell = { policy, workload, conditions, seed }
          return result({ ...cell, ...of(cell) })
        }),
      ),
    ),
  )
}

export const empty: ReportInput = {
  command: 'the command',
  policies: [],
  workloads: [],
  conditions: [],
  seeds: [],
  results: [],
  sessions: [],
}

/** Two policies, two apps and a plain case, online and apart and with wrong clocks, five seeds. */
export const plan: ReportInput = {
  ...empty,
  policies: [
    policy('merges', { form: 'merging' }),
    policy('keeps', { registers: 'manual' }),
    policy('lww-field-hlc'),
    policy('lww-record-clock'),
  ],
  workloads: [workload('shop'), workload('talk'), workload('counts', { isApp: false })],
  conditions: [
    conditions('online'),
    conditions('minutes', { apartMs: hour / 60 }),
    conditions('hours', { apartMs: hour }),
    conditions('clock-60s', { skewMs: 60_000 }),
  ],
  seeds: [1, 2, 3, 4, 5],
}
