import { parseNotation, printNotation, strikeLine } from '../schedule/notation.ts'
import type { Schedule } from '../schedule/types.ts'
import type { Host } from './host.ts'
import type { Ran, Runner } from './runner.ts'
import { countOf, spanOf } from './text.ts'
import { WordsError } from './words.ts'
import type { ReplayAsked } from './words.ts'

/**
 * Runs one schedule in this thread and prints it: what is known before it runs, its events if asked for, what struck,
 * and the verdict in comments. Without the events this is a schedule that can be kept, edited, and run.
 */
export async function replay(asked: ReplayAsked, runner: Runner, host: Host): Promise<0 | 1> {
  const { schedule, why } = scheduleOf(asked, runner, host)
  const say = (line: string): void => {
    if (!asked.json) host.out(`${line}\n`)
  }
  say(printNotation({ ...schedule, strikes: [], odds: {} }, why).trimEnd())
  const ran = await runner.runSchedule(schedule, asked.show ? { show: say } : {})
  const struck = ran.schedule.strikes
  for (const strike of struck === 'by-odds' ? [] : struck) say(strikeLine(strike))
  say(verdictOf(ran, runner))
  if (asked.json) host.out(jsonOf(ran, runner))
  return ran.wrong.length === 0 ? 0 : 1
}

function scheduleOf(
  asked: ReplayAsked,
  { vocabulary, scheduleOf }: Runner,
  host: Host,
): { readonly schedule: Schedule; readonly why?: string } {
  if (asked.kind === 'seed') return { schedule: scheduleOf(asked.seed, asked.options) }
  const text = host.read(asked.path)
  if (text === undefined) throw new WordsError(`There is no file ${asked.path}.`)
  const { schedule, why } = parseNotation(text, vocabulary)
  return { schedule, ...(why === undefined ? {} : { why }) }
}

function verdictOf({ wrong, edits, steps, virtualMs, trace, counts, schedule }: Ran, { counted }: Runner): string {
  const happened = counted.filter((kind) => counts.of(kind) > 0).map((kind) => `${kind} ${counts.of(kind)}`)
  return [
    `seed ${schedule.seed}: ${wrong.length === 0 ? 'held' : 'BROKEN'}, trace ${trace}`,
    `${countOf(edits, 'edit')}, ${countOf(steps, 'step')}, ${spanOf(virtualMs)} of virtual time`,
    happened.length === 0 ? 'no faults' : happened.join(', '),
    ...wrong.flatMap((sentence) => sentence.split('\n')),
  ]
    .map((line) => `# ${line}`)
    .join('\n')
}

function jsonOf({ wrong, edits, steps, virtualMs, trace, counts, schedule }: Ran, { counted }: Runner): string {
  const sums = Object.fromEntries(counted.map((kind) => [kind, counts.of(kind)]))
  const { seed } = schedule
  const notation = printNotation({ ...schedule, odds: {} })
  const outcome = { seed, held: wrong.length === 0, wrong, edits, steps, virtualMs, trace, counts: sums, notation }
  return `${JSON.stringify(outcome, undefined, 2)}\n`
}
