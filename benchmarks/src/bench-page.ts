import { compact, page } from '@rejoin/lab/page'
import type { Block, Section, Text, Verdict } from '@rejoin/lab/page'
import { benchSection, together } from './bench-section.ts'
import { hasFailed } from './compare.ts'
import type { Comparison } from './compare.ts'
import type { GateVerdict } from './gates.ts'
import type { RunResult } from './result.ts'
import { verdictText } from './table.ts'

export interface Judgement {
  readonly comparison?: Comparison
  readonly gates?: readonly GateVerdict[]
}

/** What one run found out, for people. */
export async function benchPage(result: RunResult, { comparison, gates }: Judgement): Promise<string> {
  const sections: Section[] = []
  for (const bench of result.benches) sections.push(await benchSection(bench))
  return page({
    title: 'Rejoin: benchmarks',
    lead: [summary(result), reading],
    sections: [
      {
        title: 'What it comes to',
        blocks: [...result.failures.map(failure), ...marks(result)],
      },
      ...(gates === undefined ? [] : [{ title: 'Gates', blocks: [verdicts(gates.map(gated))] }]),
      ...(comparison === undefined ? [] : [{ title: 'Beside the base', blocks: compared(comparison) }]),
      ...sections,
      { title: 'The machine and the run', blocks: [{ kind: 'facts', facts: facts(result) }] },
    ],
  })
}

const reading =
  'A bar is a ratio to the first contestant of its case, taken in every round of the same run; milliseconds do not ' +
  'travel between machines, ratios do. A whisker reaches from the 5th to the 95th percentile of the rounds. “Limit” is ' +
  'the least work that any implementation must do, “ours” is Rejoin, and the others are how it is done elsewhere.'

function summary({ benches, quick, rounds }: RunResult): string {
  const verdicts = benches.flatMap(({ cases }) => cases.flatMap(({ marks }) => marks))
  const reached = verdicts.filter(({ reached }) => reached).length
  const marks =
    verdicts.length === 0 ? 'none has a mark to reach' : `${reached} of ${verdicts.length} marks are reached`
  const size = quick ? 'a quick run: smaller inputs, and fewer rounds than a spread deserves' : 'a full run'
  return `${benches.length} ${benches.length === 1 ? 'benchmark' : 'benchmarks'}; ${marks}. This is ${size}; ${rounds} rounds.`
}

const failure = ({ bench, sentence }: RunResult['failures'][number]): Block => ({
  kind: 'warning',
  text: [{ strong: `${bench} failed` }, `, so none of its numbers is here: ${sentence}`],
})

const verdicts = (list: readonly Verdict[]): Block => ({ kind: 'verdicts', verdicts: list })

const gated = ({ reached, sentence }: GateVerdict): Verdict => ({ reached, text: together(sentence) })

/** Those that are missed first. */
function marks({ benches }: RunResult): Block[] {
  const list = benches.flatMap(({ name, cases }) =>
    cases.flatMap((each) =>
      each.marks.map((mark): Verdict => {
        return { reached: mark.reached, text: [`${name}, “${each.name}”: `, together(verdictText(mark))] }
      }),
    ),
  )
  const sorted = list.toSorted((a, b) => Number(a.reached) - Number(b.reached))
  return list.length === 0 ? [{ kind: 'paragraph', text: 'No case of this run has a mark.' }] : [verdicts(sorted)]
}

function compared(comparison: Comparison): Block[] {
  const { warnings, findings } = comparison
  const sentence = hasFailed(comparison)
    ? 'A mark that was reached is missed now, or something grows faster for certain.'
    : 'No mark that was reached is missed, and nothing grows faster for certain.'
  const worst = findings.toSorted((a, b) => Number(b.kind === 'failed') - Number(a.kind === 'failed'))
  const items = worst.map(({ kind, sentence }): Text =>
    kind === 'failed' ? [{ strong: 'Failed:' }, ` ${sentence}`] : sentence,
  )
  return [
    ...warnings.map((text): Block => ({ kind: 'warning', text })),
    { kind: 'paragraph', text: sentence },
    items.length === 0 ? { kind: 'paragraph', text: 'Nothing moved beyond the noise.' } : { kind: 'list', items },
  ]
}

function facts({ fingerprint, seed, rounds, quick, trace }: RunResult): (readonly [string, Text])[] {
  return [
    ...Object.entries(fingerprint).map(([name, value]) => [words(name), told(value)] as const),
    ['seed', String(seed)],
    ['rounds', String(rounds)],
    ['inputs', quick ? 'quick' : 'full'],
    ['recorded session', trace],
  ]
}

const told = (value: string | number): string => (typeof value === 'number' ? compact(value) : value)

/** `fdatasyncP50Us` as people write it. */
const words = (name: string): string =>
  name
    .replace(/Us$/, ', µs')
    .replace(/Gb$/, ', GB')
    .replace(/PerSecond$/, ' per second')
    .replace(/P50/, ', median')
    .replaceAll(/[A-Z](?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`)
