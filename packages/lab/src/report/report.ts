import { markdown, page, standalone } from '../page/index.ts'
import type { Block, Page, Section } from '../page/index.ts'
import { brokenByName, brokenByWorkload } from './broken.ts'
import { byConditions, mainDrawings } from './drawings.ts'
import type { ReportInput } from './input.ts'
import { labOf } from './lab.ts'
import type { Lab } from './lab.ts'
import { limits } from './limits.ts'
import { method, parameters } from './method.ts'
import { processor } from './processor.ts'
import { recorded } from './recorded.ts'
import { reproduce } from './reproduce.ts'
import * as results from './results.ts'
import { summary } from './summary.ts'
import { totals } from './totals.ts'

export interface Report {
  /** One file that needs no other. */
  readonly html: string
  /** Its drawings are the figures, each at `figures/NAME.svg`. */
  readonly markdown: string
  readonly figures: readonly { readonly name: string; readonly svg: string }[]
}

/** The results as a paper tells them, in two forms. Equal input gives equal bytes. */
export async function report(input: ReportInput): Promise<Report> {
  const lab = labOf(input)
  const document: Page = {
    title: 'What each conflict policy loses',
    ...summary(lab),
    sections: (await sectionsOf(lab)).filter(isFilled),
  }
  const figures = figuresIn(document.sections)
  return {
    html: page(document),
    markdown: markdown({ ...document, first: [{ code: input.command }] }, ({ id = '' }) => `figures/${id}.svg`),
    figures: figures.map(({ id = '', svg }) => ({ name: id, svg: standalone(svg) })),
  }
}

const isFilled = ({ blocks, sections = [] }: Section): boolean => blocks.length > 0 || sections.some(isFilled)

async function sectionsOf(lab: Lab): Promise<Section[]> {
  const [drawings, conditions] = await Promise.all([mainDrawings(lab), byConditions(lab)])
  const sections: Section[] = [
    { title: 'At a glance', blocks: drawings },
    ...withBlocks(method(lab)),
    {
      title: 'Lost and overruled effects',
      blocks: [],
      sections: [
        { title: 'By conditions', blocks: [...results.lostByConditions(lab), ...conditions] },
        { title: 'By workload', blocks: results.lostByWorkload(lab) },
        { title: 'Single values', blocks: results.values(lab) },
      ],
    },
    { title: 'All runs together', blocks: totals(lab) },
    { title: 'Retention, ghosts, doubled, conflicts shown', blocks: results.sideEffects(lab) },
    { title: 'Invariants', blocks: [...brokenByWorkload(lab), ...brokenByName(lab)] },
    { title: 'Wrong clocks', blocks: results.clocks(lab) },
    { title: 'Texts and orders', blocks: [], sections: results.texts(lab) },
    { title: 'Recorded sessions', blocks: recorded(lab) },
    { title: 'Bytes, storage, staleness', blocks: results.cost(lab) },
    { title: 'Convergence', blocks: results.convergence(lab) },
    { title: 'What this does not show', blocks: limits(lab) },
    reproduce(lab),
    ...withBlocks(parameters(lab)),
    { title: 'Processor time', blocks: processor(lab) },
  ]
  return sections.map(({ sections: inner = [], ...section }) => ({ ...section, sections: inner.filter(isFilled) }))
}

const withBlocks = (section: Section | undefined): Section[] => (section === undefined ? [] : [section])

const figuresIn = (sections: readonly Section[]): readonly Extract<Block, { kind: 'figures' }>['figures'][number][] =>
  sections.flatMap(({ blocks, sections: inner = [] }) => [
    ...blocks.flatMap((block) => (block.kind === 'figures' ? block.figures : [])),
    ...figuresIn(inner),
  ])
