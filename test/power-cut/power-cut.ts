import { Dice } from './dice.ts'
import { Disk } from './disk.ts'
import { acksFile, equalFiles, inFolderOf } from './folders.ts'
import type { FileEvent } from './journal.ts'

/** Opens the real store on the folder and judges it: undefined if all is well, else what is wrong. */
export type Judge = (folder: string, acked: number) => Promise<string | undefined>

export interface CutReport {
  readonly cuts: number
  /** Cuts at which something was lost or torn for which a sync had been asked later, or never. */
  readonly harmed: number
  /** `cut 1234 seed 7: what is wrong`. */
  readonly wrong: readonly string[]
}

/** Cuts the power at so many moments of the recording, each with dice of its own, and has each folder judged. */
export async function cutPower(
  events: readonly FileEvent[],
  options: { readonly cuts: number; readonly seed: number; readonly judge: Judge },
): Promise<CutReport> {
  const { cuts, seed, judge } = options
  const disk = new Disk()
  const wrong: string[] = []
  let harmed = 0
  let acked = 0
  let applied = 0
  for (const moment of momentsOf(events, cuts, new Dice(seed))) {
    for (const event of events.slice(applied, moment)) {
      disk.apply(event)
      if (event.kind === 'write' && event.path === acksFile) acked++
    }
    applied = moment
    const files = disk.afterCut(new Dice(seed * 1_000_003 + moment))
    if (!equalFiles(files, disk.seen())) harmed++
    const problem = await inFolderOf(files, (folder) => judge(folder, acked))
    if (problem !== undefined) wrong.push(`cut ${moment} seed ${seed}: ${problem}`)
  }
  return { cuts, harmed, wrong }
}

/** Half of them anywhere, half around what is rare: syncs, and changes of sizes and names. In ascending order. */
function momentsOf(events: readonly FileEvent[], count: number, dice: Dice): readonly number[] {
  const byKind = Map.groupBy(
    events.flatMap((event, at) => (event.kind === 'write' ? [] : [{ at, kind: `${event.kind} ${event.path}` }])),
    ({ kind }) => kind,
  )
  const rare = [...byKind.values()]
  const moments = Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? dice.below(events.length + 1) : dice.pick(dice.pick(rare)).at + dice.below(4) - 1,
  )
  return moments.map((at) => Math.max(0, Math.min(at, events.length))).sort((a, b) => a - b)
}
