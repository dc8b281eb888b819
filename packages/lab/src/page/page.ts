import { blockHtml } from './block.ts'
import type { Block } from './block.ts'
import { escaped } from './escape.ts'
import { namer, namesIn } from './numbering.ts'
import { styles } from './styles.ts'
import { textHtml } from './text.ts'
import type { Names, Text } from './text.ts'

export interface Page {
  readonly title: string
  /** What it comes to, in a few paragraphs. */
  readonly lead: readonly Text[]
  /** What was found, one thing each. */
  readonly findings?: readonly Text[]
  readonly sections: readonly Section[]
}

export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
  readonly sections?: readonly Section[]
}

/**
 * One HTML file that needs nothing else: the browser is told to refuse scripts and requests. Equal pages give equal
 * files.
 */
export function page({ title, lead, findings = [], sections }: Page): string {
  const names = namesIn(sections)
  const body = [
    `<header><h1>${escaped(title)}</h1>`,
    ...lead.map((text) => `<p>${textHtml(text, names)}</p>`),
    ...(findings.length === 0
      ? []
      : [`<ul>${findings.map((text) => `<li>${textHtml(text, names)}</li>`).join('')}</ul>`]),
    '</header>',
    contents(sections),
    sectionsHtml(sections, names),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${styles}</style>
</head>
<body>
<main>
${body.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`
}

function contents(sections: readonly Section[]): string {
  if (sections.length < 2) return ''
  const items = sections.map(({ title }, i) => `<li><a href="#section-${i + 1}">${escaped(title)}</a></li>`)
  return `<nav aria-label="Contents"><ul>${items.join('')}</ul></nav>`
}

function sectionsHtml(sections: readonly Section[], names: Names): string {
  const name = namer()
  const html = (list: readonly Section[], level: number, prefix: string): string =>
    list
      .map(({ title, blocks, sections: inner = [] }, i) => {
        const id = `${prefix}-${i + 1}`
        const tag = `h${Math.min(level, 6)}`
        const parts = blocks.map((block) =>
          blockHtml(block, names, () => name(block.kind === 'table' ? 'Table' : 'Figure')),
        )
        return [
          `<section id="${id}"><${tag}>${escaped(title)}</${tag}>`,
          ...parts,
          html(inner, level + 1, id),
          '</section>',
        ]
          .filter((part) => part !== '')
          .join('\n')
      })
      .join('\n')
  return html(sections, 2, 'section')
}
