import { printNotation } from '../schedule/notation.ts'
import { shrink } from '../schedule/shrink.ts'
import type { Schedule } from '../schedule/types.ts'
import type { Vocabulary } from '../schedule/vocabulary.ts'
import type { Host } from './host.ts'
import type { Limits } from './limits.ts'
import type { Progress } from './progress.ts'
import type { RanResult, Workers } from './runner.ts'
import { countOf, shortened } from './text.ts'

interface FindingDeps {
  readonly workers: Workers
  readonly vocabulary: Vocabulary
  readonly host: Host
  readonly progress: Progress
  readonly limits: Limits
  /** Whether everything is to end now. */
  readonly isStopped: () => boolean
}

const folder = 'test/simulation/regressions'

/** Shrinks what a failing seed ran, keeping the invariant that its first sentence names. */
export async function shrinkFinding({ wrong, schedule }: RanResult, deps: FindingDeps): Promise<Schedule> {
  const { workers, vocabulary, host, progress, limits, isStopped } = deps
  const invariant = invariantOf(wrong[0])
  const untilMs = host.nowMs() + limits.shrinkMsMax
  const stillBroken = async (candidate: Schedule): Promise<Schedule | undefined> => {
    const result = await workers.run({ kind: 'schedule', schedule: candidate })
    const isBroken = result.kind === 'ran' && result.wrong.some((sentence) => invariantOf(sentence) === invariant)
    return isBroken ? result.schedule : undefined
  }
  const shrunk = await shrink(schedule, stillBroken, {
    calm: vocabulary.calm,
    runsMax: limits.shrinkRunsMax,
    hurry: () => isStopped() || host.nowMs() > untilMs,
    progress: ({ runs, smallest }) =>
      (progress.aside = `shrinking seed ${schedule.seed}: run ${runs}, ${sizeOf(smallest)}`),
  })
  progress.aside = ''
  if (shrunk === undefined) {
    if (!isStopped()) progress.say(`seed ${schedule.seed}: [I23] with its strikes listed it does not break again.`)
    return schedule
  }
  const how = shrunk.isMinimal ? 'nothing more can go' : 'the budget ended first'
  progress.say(
    `seed ${schedule.seed}: shrunk in ${countOf(shrunk.runs, 'run')} from ${sizeOf(schedule)} to ${sizeOf(shrunk.schedule)}; ${how}.`,
  )
  return shrunk.schedule
}

/** `I17` of `[I17] r0 is not level`. */
const invariantOf = (sentence: string | undefined): string | undefined => /^\[(\w+)\]/.exec(sentence ?? '')?.[1]

function sizeOf({ conditions, acts, strikes }: Schedule): string {
  const listed = strikes === 'by-odds' ? 'strikes by odds' : countOf(strikes.length, 'strike')
  return `${countOf(conditions.replicas, 'replica')}, ${countOf(acts.length, 'act')}, ${listed}`
}

/** Writes the schedule where `npm test` finds it, or here; returns the path. No other file is overwritten. */
export function writeFinding(schedule: Schedule, wrong: readonly string[], host: Host): string {
  const text = printNotation(schedule, shortened(wrong[0] ?? 'unknown'))
  const where = host.isFolder(folder) ? `${folder}/` : './'
  for (let copy = 1; ; copy++) {
    const path = `${where}seed-${schedule.seed}${copy === 1 ? '' : `-${copy}`}.schedule`
    const before = host.read(path)
    if (before === undefined) host.write(path, text)
    if (before === undefined || before === text) return path
  }
}
