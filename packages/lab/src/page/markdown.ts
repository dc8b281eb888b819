import { invariant } from '@rejoin/base'
import { wordOf } from './block.ts'
import type { Block, Figure, Table } from './block.ts'
import { printable } from './escape.ts'
import { namer, namesIn } from './numbering.ts'
import type { Page, Section } from './page.ts'
import { linkTo, nameOf } from './text.ts'
import type { Names, Piece, Text } from './text.ts'

export interface MarkdownPage extends Page {
  /** What stands on the first line, before the title. */
  readonly first?: Text
}

/**
 * The same page as Markdown, as GitHub shows it: its drawings are files, each at the path that is told for it. Equal
 * pages give equal text.
 */
export function markdown(
  { first, title, lead, findings = [], sections }: MarkdownPage,
  pathOf: (figure: Figure) => string,
): string {
  const names = namesIn(sections)
  const forms = { names, name: namer(), pathOf }
  return [
    ...(first === undefined ? [] : [inline(first, names)]),
    `# ${inline(title, names)}`,
    ...lead.map((text) => inline(text, names)),
    ...(findings.length === 0 ? [] : [listOf(findings, names)]),
    ...sectionsOf(sections, 2, forms),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}

interface Forms {
  readonly names: Names
  readonly name: ReturnType<typeof namer>
  readonly pathOf: (figure: Figure) => string
}

const sectionsOf = (sections: readonly Section[], level: number, forms: Forms): string[] =>
  sections.flatMap(({ title, blocks, sections: inner = [] }) => [
    `${'#'.repeat(Math.min(level, 6))} ${inline(title, forms.names)}`,
    ...blocks.map((block) => blockOf(block, forms)).filter((block) => block !== ''),
    ...sectionsOf(inner, level + 1, forms),
  ])

function blockOf(block: Block, forms: Forms): string {
  const told = (text: Text): string => inline(text, forms.names)
  switch (block.kind) {
    case 'paragraph':
      return told(block.text)
    case 'warning':
      return `> **Note:** ${told(block.text)}`
    case 'list':
      return listOf(block.items, forms.names)
    case 'facts':
      return block.facts.map(([name, fact]) => `- **${told(name)}** – ${told(fact)}`).join('\n')
    case 'verdicts':
      return block.verdicts.map(({ reached, text }) => `- **${wordOf(reached)}** ${told(text)}`).join('\n')
    case 'table':
      return tableOf(block, forms)
    case 'figures':
      return block.figures.map((figure) => figureOf(figure, forms)).join('\n\n')
  }
}

const listOf = (items: readonly Text[], names: Names): string =>
  items.map((item) => `- ${inline(item, names)}`).join('\n')

/** What a reference leads to. */
const anchor = (id: string | undefined): string => (id === undefined ? '' : `<a id="${id}"></a>`)

function tableOf({ id, caption, columns, rows }: Table, { names, name }: Forms): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const cell = (text: Text): string => inline(text, names, inCell)
  return [
    `${anchor(id)}**${name('Table')}.** ${inline(caption, names)}`,
    '',
    line(columns.map((column) => cell(column.name))),
    line(columns.map(({ holds }) => (holds === 'numbers' ? '--:' : ':--'))),
    ...rows.map((row) => line(row.map(cell))),
  ].join('\n')
}

function figureOf(figure: Figure, { names, name, pathOf }: Forms): string {
  const path = pathOf(figure)
  invariant(/^[\w./-]+$/.test(path), 'a path of a drawing is made of letters, digits, hyphens and slashes')
  const number = name('Figure')
  return `${anchor(figure.id)}![${number}](${path})\n\n**${number}.** ${inline(figure.caption, names)}`
}

/** A pipe in code. */
type Code = (code: string) => string
const inLine: Code = (code) => code
/** There a pipe ends the cell even in code, unless a backslash stands before it. */
const inCell: Code = (code) => code.replaceAll('|', '\\|')

/** In one line: what stands in a cell of a table or behind a heading's signs cannot have another. */
function inline(text: Text, names: Names, code = inLine): string {
  const written = (typeof text === 'string' ? [text] : text).map((piece) => pieceOf(piece, names, code)).join('')
  return written.trim().replace(blockSign, '$1\\$2')
}

function pieceOf(piece: Piece, names: Names, code: Code): string {
  if (typeof piece === 'string') return plain(piece)
  if ('strong' in piece) return around(plain(piece.strong), '**')
  if ('code' in piece) return code(codeOf(piece.code))
  if ('see' in piece) return `[${nameOf(piece.see, names)}](#${piece.see})`
  return `[${plain(piece.link)}](<${linkTo(piece.to).replace(/[\s<>\\|]/g, encodeURIComponent)}>)`
}

const oneLine = (text: string): string => printable(text).replace(/\s+/g, ' ')

/** Signs that Markdown or GitHub gives a meaning to anywhere, and the colon and the dot by which it knows an address. */
const plain = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_[\]<>|~&$#]/g, '\\$&')
    .replace(/\b(https?|ftp|mailto|xmpp):/gi, '$1\\:')
    .replace(/\b(www)\./gi, '$1\\.')

/** Begins a list or a rule where it begins a line. */
const blockSign = /^(\d{1,9}(?=[.)](?:\s|$)))?([-+=.)])/

/** Signs of emphasis count only where they touch the word. */
function around(text: string, sign: string): string {
  const word = text.trim()
  return word === '' ? text : text.replace(word, () => `${sign}${word}${sign}`)
}

/** Between more backticks than are in it. */
function codeOf(code: string): string {
  const text = oneLine(code)
  if (text.trim() === '') return text
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length))
  const fence = '`'.repeat(longest + 1)
  const room = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${room}${text}${room}${fence}`
}
