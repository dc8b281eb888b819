import type { Piece } from '../page/index.ts'
import { seedsForInterval } from '../statistics/estimate.ts'
import type { Estimate } from '../statistics/estimate.ts'
import { middleOf, offlineRow } from './conditions.ts'
import type { Row } from './conditions.ts'
import type { ConditionsTold, ReportInput } from './input.ts'
import type { Measure } from './measures.ts'
import { Runs } from './runs.ts'
import type { Choice } from './runs.ts'

/** What all parts of a report look at. */
export interface Lab {
  readonly input: ReportInput
  readonly runs: Runs
  /** Names, in the order of the plan. */
  readonly policies: readonly string[]
  readonly apps: readonly string[]
  /** The workloads that are not apps. */
  readonly cases: readonly string[]
  /** What is told of as a whole: the apps; of a plan without any, all workloads. */
  readonly main: readonly string[]
  readonly mainName: 'the apps' | 'the workloads'
  /** Longer and longer offline, all else alike. */
  readonly offline: Row
  /** For what is told under one condition only. */
  readonly base: ConditionsTold | undefined
  estimate(measure: Measure, choice: Choice): Estimate | undefined
}

export function labOf(input: ReportInput): Lab {
  const runs = new Runs(input.results)
  const offline = offlineRow(input.conditions)
  const names = input.workloads.map(({ name }) => name)
  const apps = input.workloads.filter(({ isApp }) => isApp).map(({ name }) => name)
  return {
    input,
    runs,
    policies: input.policies.map(({ name }) => name),
    apps,
    cases: names.filter((name) => !apps.includes(name)),
    main: apps.length > 0 ? apps : names,
    mainName: apps.length > 0 ? 'the apps' : 'the workloads',
    offline,
    base: middleOf(offline),
    estimate: (measure, choice) => measure.estimate(runs.of(choice)),
  }
}

/** Of fewer seeds all is told as means. */
export const hasIntervals = ({ input }: Lab): boolean => input.seeds.length >= seedsForInterval

/** The one of a family that is told of for all of them: with the hybrid clock, if it is there. */
export const headOf = (family: readonly string[]): string | undefined =>
  family.find((name) => name.endsWith('-hlc')) ?? family[0]

/** “a, b and c”. */
export const listed = (names: readonly string[]): readonly Piece[] =>
  names.flatMap((name, i): Piece[] => {
    const before = i === 0 ? [] : [i === names.length - 1 ? ' and ' : ', ']
    return [...before, { code: name }]
  })

/** Names of policies that are told of together. */
export interface Families {
  readonly merging: readonly string[]
  /** All versions are kept, and shown as a conflict. */
  readonly keeping: readonly string[]
  readonly lastPerRow: readonly string[]
  readonly lastPerField: readonly string[]
  readonly lastPerRecord: readonly string[]
}

export function familiesOf({ policies }: ReportInput): Families {
  const those = (is: (policy: ReportInput['policies'][number]) => boolean): readonly string[] =>
    policies.filter(is).map(({ name }) => name)
  return {
    merging: those(({ form }) => form === 'merging'),
    keeping: those(({ registers }) => registers === 'manual'),
    lastPerRow: those(({ name }) => name.startsWith('lww-rows')),
    lastPerField: those(({ name }) => name.startsWith('lww-field')),
    lastPerRecord: those(({ name }) => name.startsWith('lww-record')),
  }
}
