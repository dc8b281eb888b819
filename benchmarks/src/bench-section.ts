import { barsAgainstLimit, compact, growthCurves } from '@rejoin/lab/page'
import type { Bar, Block, Curve, Figure, Section, Verdict } from '@rejoin/lab/page'
import type { BenchResult, CaseResult, ContestantResult } from './runner.ts'
import { seriesIn } from './series.ts'
import { cells, columns, verdictText } from './table.ts'

/** How it grows, and then each case with its bars, its table and its marks. */
export async function benchSection(bench: BenchResult): Promise<Section> {
  const growing = await growthFigures(bench)
  const sections: Section[] = []
  for (const each of bench.cases) sections.push(await caseSection(each))
  return {
    title: bench.name,
    blocks: [
      { kind: 'paragraph', text: `${sentence(bench.about)}.` },
      ...(growing.length === 0 ? [] : [{ kind: 'figures', figures: growing } as const]),
    ],
    sections,
  }
}

const sentence = (clause: string): string => clause.charAt(0).toUpperCase() + clause.slice(1)

async function caseSection(result: CaseResult): Promise<Section> {
  const { name, count, unit, rounds, contestants, marks } = result
  const figures = [...(await timeFigures(result)), ...(await figureFigures(result))]
  const set = contestants.flatMap((each) => (each.settings === undefined ? [] : [`${each.name}: ${each.settings}`]))
  const verdicts = marks.map((mark): Verdict => ({ reached: mark.reached, text: together(verdictText(mark)) }))
  const blocks: (Block | [])[] = [
    figures.length === 0 ? [] : { kind: 'figures', figures },
    verdicts.length === 0 ? [] : { kind: 'verdicts', verdicts },
    {
      kind: 'table',
      caption: `${name}: ${compact(count)} ${unit} a run, ${rounds === 1 ? 'run once' : `${rounds} rounds, p5–p95 over these`}.`,
      columns: columns.map((column, i) => ({
        name: column === '' ? 'contestant' : column,
        holds: i < 2 || i === columns.length - 1 ? 'words' : 'numbers',
      })),
      rows: contestants.map((contestant) => cells(contestant, count)),
    },
    set.length === 0 ? [] : { kind: 'list', items: set },
  ]
  return { title: name, blocks: blocks.flat() }
}

/** A bound stays in one line with its number. */
export const together = (text: string): string => text.replaceAll(/([≤≥]) /g, '$1\u00a0')

/** Once is no time to measure, and one alone has nothing to be measured beside. */
async function timeFigures({ name, rounds, contestants }: CaseResult): Promise<Figure[]> {
  const first = contestants[0]
  if (first === undefined || rounds === 1 || contestants.length === 1) return []
  const svg = await barsAgainstLimit({
    title: `${name}: processor time of each contestant beside ${first.name}`,
    unit: '× first, processor time',
    limit: { value: 1, name: first.name },
    bars: contestants.map(({ cpuRatio, ...contestant }) =>
      bar(contestant, { value: cpuRatio.median, low: cpuRatio.p5, high: cpuRatio.p95 }),
    ),
  })
  return [{ caption: `Processor time beside ${first.name}.`, svg }]
}

/** Of the figures that the first contestant and another one have. */
async function figureFigures({ name, contestants }: CaseResult): Promise<Figure[]> {
  const [first, ...others] = contestants
  const drawn: Figure[] = []
  for (const [what, value] of Object.entries(first?.figures ?? {})) {
    if (first === undefined || !(value > 0) || !others.some(({ figures }) => Object.hasOwn(figures, what))) continue
    const svg = await barsAgainstLimit({
      title: `${name}: ${what} of each contestant`,
      unit: what,
      limit: { value, name: first.name },
      axis: 'linear',
      bars: contestants
        .filter(({ figures }) => Object.hasOwn(figures, what))
        .map((contestant) => bar(contestant, { value: contestant.figures[what] ?? Number.NaN })),
    })
    drawn.push({ caption: `${what}; the line is ${first.name}.`, svg })
  }
  return drawn
}

const roles = { limit: 'limit', subject: 'ours', peer: undefined } as const

const bar = (
  { name, role }: Pick<ContestantResult, 'name' | 'role'>,
  values: Pick<Bar, 'value' | 'low' | 'high'>,
): Bar => ({
  name: roles[role] === undefined ? name : `${name} (${roles[role]})`,
  tone: role,
  ...values,
})

/** More curves than these in one drawing cannot be told apart. */
const curvesMost = 5

/** In units of the least cost of all: how it grows travels, how long it takes does not. */
async function growthFigures({ name, cases, growth }: BenchResult): Promise<Figure[]> {
  const series = [...seriesIn(cases)].filter(([, points]) => points.length > 1)
  const unit = cases.find(({ size }) => size !== undefined)?.unit ?? ''
  const figures: Figure[] = []
  for (let from = 0; from < series.length; from += curvesMost) {
    const part = series.slice(from, from + curvesMost)
    const leastCost = Math.min(...part.flatMap(([, points]) => points.map(({ cost }) => cost)))
    const svg = await growthCurves({
      title: `${name}: how the cost grows with the size`,
      x: `size, ${unit}`,
      y: 'cost, × the least here',
      curves: part.map(([what, points]): Curve => {
        const fit = growth[what]
        return {
          name: what,
          points: points.map(({ size, cost }) => ({ x: size, y: cost / leastCost })),
          ...(fit === undefined ? {} : { fit }),
        }
      }),
    })
    figures.push({
      caption: 'How the cost grows: under each name the exponent of the size, with its 95 % interval.',
      svg,
    })
  }
  return figures
}
