import { fillers, quotedMarks } from './app.ts'
import type { Page } from './app.ts'
import type { Marked } from './ledger.ts'

/** An edit, by what it must have left. */
interface Left {
  readonly mark: string
  readonly fields: readonly Marked[]
}

/** An edit is shown as a whole, once: one mark in each field that it wrote, and 1 in the counter. */
export function judgePage(where: string, page: Page, edits: readonly Left[]): string[] {
  const byMark = new Map(edits.map((edit) => [edit.mark, edit]))
  const marks = page.marks.map(String)
  const shown = marks.flatMap((mark) => byMark.get(mark) ?? [])
  const wrong: string[] = []
  if (shown.length < marks.length) wrong.push(`${where}: ${marks.length - shown.length} marks that nobody made there.`)
  if (page.count !== marks.length)
    wrong.push(`${where}: the counter is ${page.count}, and ${marks.length} edits are shown.`)
  const titled = /^title (.+)$/.exec(String(page.title))?.[1]
  if (titled !== undefined && !marks.includes(titled))
    wrong.push(`${where}: the title is of ${titled}, which is not shown.`)
  const left = (field: Marked): string[] => shown.filter(({ fields }) => fields.includes(field)).map(({ mark }) => mark)
  if (page.body !== undefined) {
    if (!fillers.test(page.body.replaceAll(quotedMarks, ''))) wrong.push(`${where}: the text has a torn mark.`)
    wrong.push(...judgeMarks(`${where}: the text`, marksIn(page.body), left('body')))
  }
  if (page.steps !== undefined) {
    const steps = page.steps.filter((step) => typeof step === 'string')
    wrong.push(...judgeMarks(`${where}: the list`, steps, left('steps')))
  }
  return wrong
}

const marksIn = (text: string): string[] => [...text.matchAll(quotedMarks)].map((match) => match[1] ?? '')

function judgeMarks(where: string, found: readonly string[], expected: readonly string[]): string[] {
  const there = new Set(found)
  const wanted = new Set(expected)
  const wrong: string[] = []
  if (there.size < found.length) wrong.push(`${where} has ${found.length - there.size} marks more than once.`)
  const lost = expected.filter((mark) => !there.has(mark))
  if (lost.length > 0) wrong.push(`${where} lacks ${lost.length} marks of edits that are shown (${lost[0]}).`)
  const strange = [...there].filter((mark) => !wanted.has(mark))
  if (strange.length > 0)
    wrong.push(`${where} has ${strange.length} marks of edits that are not shown (${strange[0]}).`)
  return wrong
}
