import { parseArgs } from 'node:util'
import { runSeed } from './run.ts'
import type { Outcome } from './run.ts'
import { FaultCounts } from './world/fault-counts.ts'

const usage = 'usage: npm run simulate -- [--seeds N] [--from S] | [--seed S] [--show]'
const seedsUnlessTold = 100
const progressEvery = 25

interface Asked {
  readonly from: number
  readonly seeds: number
  /** Print every event. */
  readonly show: boolean
}

interface Output {
  write(text: string): unknown
}

/** Runs seeds one after the other and says what was broken. Returns the exit status. */
export async function main(words: readonly string[], out: Output): Promise<number> {
  const asked = read(words)
  if (asked === undefined) {
    out.write(`${usage}\n`)
    return 2
  }
  const sums = { counts: new FaultCounts(), failed: 0, edits: 0, steps: 0, virtualMs: 0 }
  for (let done = 1; done <= asked.seeds; done++) {
    const outcome = await runSeed(asked.from + done - 1, asked.show ? { show: (line) => out.write(`${line}\n`) } : {})
    const isBroken = outcome.wrong.length > 0
    sums.counts.merge(outcome.counts)
    sums.edits += outcome.edits
    sums.steps += outcome.steps
    sums.virtualMs += outcome.virtualMs
    if (isBroken) sums.failed += 1
    if (isBroken || asked.seeds === 1) out.write(report(outcome))
    else if (done % progressEvery === 0) out.write(`${done} of ${asked.seeds} seeds, ${sums.failed} failed\n`)
  }
  const hours = (sums.virtualMs / 3_600_000).toFixed(1)
  out.write(
    `${asked.seeds} seeds, ${sums.edits} edits, ${sums.steps} steps, ${hours} virtual hours\n${String(sums.counts)}\n`,
  )
  out.write(
    sums.failed === 0 ? 'Every promise held.\n' : `${sums.failed} seeds broke a promise; run one again with --seed.\n`,
  )
  return sums.failed === 0 ? 0 : 1
}

function report({ schedule, wrong, edits, steps, trace }: Outcome): string {
  const verdict = wrong.length === 0 ? 'held' : 'BROKEN'
  const lines = [`seed ${schedule.seed}: ${verdict}, ${edits} edits, ${steps} steps, trace ${trace}`]
  return `${[...lines, ...wrong].join('\n  ')}\n`
}

function read(words: readonly string[]): Asked | undefined {
  const text = { type: 'string' } as const
  const options = { seeds: text, from: text, seed: text, show: { type: 'boolean' } } as const
  try {
    const { seeds, from, seed, show = false } = parseArgs({ args: [...words], options }).values
    const asked =
      seed === undefined
        ? { from: whole(from, 1), seeds: whole(seeds, seedsUnlessTold), show }
        : { from: whole(seed, 1), seeds: 1, show }
    return Number.isNaN(asked.from) || !(asked.seeds > 0) ? undefined : asked
  } catch {
    return undefined
  }
}

const whole = (text: string | undefined, unlessTold: number): number => {
  if (text === undefined) return unlessTold
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}
