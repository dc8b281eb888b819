import { parseArgs } from 'node:util'
import { runSeed } from './run.ts'
import type { Outcome } from './run.ts'
import { FaultCounts } from './world/faults.ts'

const usage = 'usage: npm run simulate -- [--seeds N] [--from S] [--seed S]'

/** Runs seeds one after the other and says what was broken. Returns the exit status. */
export async function main(words: readonly string[], out: { write(text: string): unknown }): Promise<number> {
  const asked = read(words)
  if (asked === undefined) {
    out.write(`${usage}\n`)
    return 2
  }
  const counts = new FaultCounts()
  let failed = 0
  let edits = 0
  let virtualMs = 0
  for (let seed = asked.from; seed < asked.from + asked.seeds; seed++) {
    const outcome = await runSeed(seed)
    counts.merge(outcome.counts)
    edits += outcome.edits
    virtualMs += outcome.virtualMs
    if (outcome.wrong.length > 0) failed += 1
    if (outcome.wrong.length > 0 || asked.seeds === 1) out.write(report(outcome))
    else if ((seed - asked.from) % 25 === 24) out.write(`${seed - asked.from + 1} of ${asked.seeds} seeds, ${failed} failed\n`)
  }
  const hours = (virtualMs / 3_600_000).toFixed(1)
  out.write(`${asked.seeds} seeds, ${edits} edits, ${hours} virtual hours; ${counts}\n`)
  out.write(failed === 0 ? 'Every promise held.\n' : `${failed} seeds broke a promise; run one again with --seed.\n`)
  return failed === 0 ? 0 : 1
}

function report(outcome: Outcome): string {
  const verdict = outcome.wrong.length === 0 ? 'held' : 'BROKEN'
  const lines = [`seed ${outcome.plan.seed}: ${verdict}, ${outcome.edits} edits, ${outcome.steps} steps, trace ${outcome.trace.slice(0, 12)}`]
  for (const wrong of outcome.wrong) lines.push(`  ${wrong}`)
  lines.push(`  ${JSON.stringify(outcome.plan)}`)
  return `${lines.join('\n')}\n`
}

function read(words: readonly string[]): { readonly from: number; readonly seeds: number } | undefined {
  const options = { seeds: { type: 'string' }, from: { type: 'string' }, seed: { type: 'string' } } as const
  try {
    const { values } = parseArgs({ args: [...words], options })
    const from = Number(values.seed ?? values.from ?? '1')
    const seeds = values.seed === undefined ? Number(values.seeds ?? '100') : 1
    return Number.isSafeInteger(from) && Number.isSafeInteger(seeds) && seeds > 0 ? { from, seeds } : undefined
  } catch {
    return undefined
  }
}
