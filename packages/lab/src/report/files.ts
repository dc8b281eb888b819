import type { WrittenFile } from '../campaign/files.ts'
import { inputOf } from './input-of.ts'
import type { Ran } from './input-of.ts'
import { report } from './report.ts'

/** The report of a campaign, as files of its folder. */
export async function reportFiles(ran: Ran): Promise<readonly WrittenFile[]> {
  const { html, markdown, figures } = await report(inputOf(ran))
  return [
    { name: 'report.html', text: html },
    { name: 'report.md', text: markdown },
    ...figures.map(({ name, svg }) => ({ name: `figures/${name}.svg`, text: svg })),
  ]
}
