import { Dice } from '../world/dice.ts'
import type { UnrollOptions } from '../schedule/schedule.ts'
import type { Act, Conditions, Schedule, Strike } from '../schedule/types.ts'
import type { Ran, Runner } from './runner.ts'

/**
 * A simulator without a world, for the tests of campaigns. A seed that ends with 3 breaks I2 if somebody edits for
 * the 7th time and the first frame is dropped. Seed 966 ends its worker, 977 hangs, 988 throws, and 900 has
 * another trace at every run, and another one with other clocks.
 */
export const runner: Runner = {
  vocabulary: {
    calm: { replicas: 1, chaosMs: 1_000, delayMs: 0 } as Conditions,
    acts: ['edit', 'look'],
    strikes: ['drop', 'cut', 'flip'],
  },
  faults: ['drop', 'cut', 'flip'],
  counted: ['drop', 'cut', 'flip'],
  scheduleOf,
  runSchedule,
  async runWithOtherClocks(schedule) {
    const { wrong, ...ran } = await runSchedule(schedule, {})
    return { ...ran, wrong: schedule.seed === 900 ? ['[I24] with other clocks the server took none'] : wrong }
  },
}

const everyAct = Array.from({ length: 60 }, (_, index): Act => {
  return { atMs: index * 50, who: `r${index % 3}`, what: index % 2 === 0 ? 'edit' : 'look', nth: index }
})
const everyStrike: readonly Strike[] = [
  { moment: 'r0.1 up 1', fault: 'drop' },
  { moment: 'r1.1 up 1', fault: 'cut' },
  { moment: 'r2.1 up 1', fault: 'flip' },
]

function scheduleOf(seed: number, { faults = runner.faults }: UnrollOptions): Schedule {
  return {
    seed,
    conditions: { replicas: 3, chaosMs: 3_000, delayMs: 20 } as Conditions,
    acts: everyAct,
    strikes: 'by-odds',
    odds: Object.fromEntries(faults.map((kind) => [kind, 1])),
  }
}

let runs = 0

async function runSchedule(schedule: Schedule, { show }: { readonly show?: (line: string) => void }): Promise<Ran> {
  const { seed, acts, odds } = schedule
  runs += 1
  if (seed === 966) process.exit(3)
  if (seed === 988) throw new Error('the fake fell over')
  while (seed === 977);
  // Real time, so that a test can come in between, and different for each seed, so that they overtake each other.
  await new Promise((resolve) => setTimeout(resolve, new Dice(seed).below(4)))
  const strikes =
    schedule.strikes === 'by-odds' ? everyStrike.filter(({ fault }) => odds[fault] !== undefined) : schedule.strikes
  show?.('0.000 the fake begins')
  const isBroken = seed % 10 === 3 && acts.some(({ nth }) => nth === 6) && strikes.some(({ fault }) => fault === 'drop')
  return {
    wrong: isBroken ? ['[I2] an edit is nowhere\nat all', '[I3] replicas differ'] : [],
    trace: seed === 900 ? `${seed}-${runs}` : `${seed}`,
    counts: { of: (kind) => strikes.filter(({ fault }) => fault === kind).length },
    edits: acts.length,
    steps: 2 * acts.length,
    virtualMs: 3_600,
    storms: { tried: 1, allowed: 2 },
    schedule: { ...schedule, strikes },
  }
}
