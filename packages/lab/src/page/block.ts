import { escaped } from './escape.ts'
import type { Svg } from './drawing.ts'
import { textHtml } from './text.ts'
import type { Names, Text } from './text.ts'

export type Block =
  | { readonly kind: 'paragraph'; readonly text: Text }
  /** What a reader must not miss. */
  | { readonly kind: 'warning'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  /** Names with what they stand for. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, fact: Text])[] }
  | { readonly kind: 'verdicts'; readonly verdicts: readonly Verdict[] }
  | Table
  /** Beside each other where there is room. */
  | { readonly kind: 'figures'; readonly figures: readonly Figure[] }

export interface Verdict {
  readonly reached: boolean
  readonly text: Text
}

export interface Table {
  readonly kind: 'table'
  /** For a reference to it: letters, digits and hyphens. */
  readonly id?: string
  readonly caption: Text
  readonly columns: readonly Column[]
  /** A cell a column, as it is to be read; the first names the row. */
  readonly rows: readonly (readonly Text[])[]
}

export interface Column {
  readonly name: string
  readonly holds: 'words' | 'numbers'
}

export interface Figure {
  readonly id?: string
  readonly caption: Text
  readonly svg: Svg
}

export function blockHtml(block: Block, names: Names, name: () => string): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${textHtml(block.text, names)}</p>`
    case 'warning':
      return `<p class="warning"><strong>Note:</strong> ${textHtml(block.text, names)}</p>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${textHtml(item, names)}</li>`).join('')}</ul>`
    case 'facts':
      return `<dl>${block.facts.map(([what, fact]) => `<dt>${escaped(what)}</dt><dd>${textHtml(fact, names)}</dd>`).join('')}</dl>`
    case 'verdicts':
      return `<ul class="verdicts">${block.verdicts.map((verdict) => verdictHtml(verdict, names)).join('')}</ul>`
    case 'table':
      return tableHtml(block, names, name())
    case 'figures':
      return `<div class="figures">${block.figures.map((figure) => figureHtml(figure, names, name())).join('\n')}</div>`
  }
}

/** What a verdict is called, in both forms of a page. */
export const wordOf = (reached: boolean): string => (reached ? 'reached' : 'missed')

function verdictHtml({ reached, text }: Verdict, names: Names): string {
  return `<li class="${reached ? 'pass' : 'fail'}"><strong>${wordOf(reached)}</strong> <span>${textHtml(text, names)}</span></li>`
}

const identified = (id: string | undefined): string => (id === undefined ? '' : ` id="${escaped(id)}"`)

function figureHtml({ id, caption, svg }: Figure, names: Names, name: string): string {
  return `<figure${identified(id)}>${svg}<figcaption><b>${name}.</b> ${textHtml(caption, names)}</figcaption></figure>`
}

/** In a box of its own, which scrolls where the table is wider than the screen; keys reach it by its tabindex. */
function tableHtml({ id, caption, columns, rows }: Table, names: Names, name: string): string {
  const kind = (i: number): string => (columns[i]?.holds === 'numbers' ? ' class="number"' : '')
  const head = columns.map((column, i) => `<th scope="col"${kind(i)}>${escaped(column.name)}</th>`).join('')
  const cell = (text: Text, i: number): string =>
    i === 0 ? `<th scope="row"${kind(i)}>${textHtml(text, names)}</th>` : `<td${kind(i)}>${textHtml(text, names)}</td>`
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')
  return `<figure${identified(id)} class="table"><figcaption><b>${name}.</b> ${textHtml(caption, names)}</figcaption>
<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody></table></div></figure>`
}
