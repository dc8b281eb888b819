import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Block } from './block.ts'
import { printable } from './escape.ts'
import { markdown } from './markdown.ts'
import type { Section } from './page.ts'
import { paired } from './paired.ts'
import type { Text } from './text.ts'

const svg = await paired({ title: 'A drawing.', units: ['a', 'b'], rows: [] })

const table = (rows: readonly (readonly Text[])[]): Block => ({
  kind: 'table',
  id: 'counts',
  caption: 'A table.',
  columns: [
    { name: 'who', holds: 'words' },
    { name: 'how many', holds: 'numbers' },
  ],
  rows,
})

const render = (...blocks: readonly Block[]): string =>
  markdown({ title: 'T', lead: [], sections: [{ title: 'S', blocks }] }, ({ id = '' }) => `drawings/${id}.svg`)

const everything = (text: string): Section[] => [
  {
    title: text,
    blocks: [
      { kind: 'paragraph', text: ['a', text, { strong: text }, { link: text, to: 'https://example.org' }] },
      { kind: 'warning', text },
      { kind: 'list', items: [text] },
      { kind: 'facts', facts: [[text, text]] },
      { kind: 'verdicts', verdicts: [{ reached: true, text }] },
      table([[text, { strong: text }].map((cell) => [cell])]),
    ],
    sections: [{ title: text, blocks: [] }],
  },
]

/** As a reader of Markdown takes it: what has a backslash before it is itself. */
const unescaped = (text: string): string => text.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
/** What is left of signs that mean something once those with a backslash are gone. */
const signs = (text: string): string => text.replaceAll(/\\./g, '').replaceAll(/[^`*_[\]<>|~&$#\n]/g, '')

describe('Markdown', () => {
  test('[LA99] has headings, tables with their columns, and drawings by their paths', () => {
    const text = render(
      { kind: 'paragraph', text: [{ see: 'counts' }, ' and ', { see: 'one' }, ', ', { code: 'a b' }, { strong: 'c' }] },
      table([
        ['x', '1'],
        [[{ code: 'y|z' }], [{ strong: '2' }]],
      ]),
      { kind: 'figures', figures: [{ id: 'one', caption: 'What is seen.', svg }] },
      { kind: 'warning', text: 'Beware.' },
      { kind: 'list', items: ['p', 'q'] },
    )
    expect(text).toBe(`# T

## S

[Table 1](#counts) and [Figure 1](#one), \`a b\`**c**

<a id="counts"></a>**Table 1.** A table.

| who | how many |
| :-- | --: |
| x | 1 |
| \`y\\|z\` | **2** |

<a id="one"></a>![Figure 1](drawings/one.svg)

**Figure 1.** What is seen.

> **Note:** Beware.

- p
- q
`)
  })

  test('[LA99] begins with what is to stand on its first line', () => {
    expect(markdown({ first: [{ code: 'do it' }], title: 'T', lead: ['L'], sections: [] }, () => 'x')).toBe(
      '`do it`\n\n# T\n\nL\n',
    )
  })

  test.prop([fc.string({ unit: 'binary' })], {
    examples: [['|`*_[x](y)<b>&amp;~~$x$\\'], ['1. a'], ['- a'], ['# a\n\n# b']],
  })('[LA81] no text adds a sign that means something, nor a line', (text) => {
    const of = (text: string): string => markdown({ title: text, lead: [text], sections: everything(text) }, () => 'x')
    // Nothing but spaces has nothing to be emphasised.
    const plain = printable(text).trim() === '' ? ' ' : 'plain'
    expect(signs(of(text))).toBe(signs(of(plain)))
  })

  test.prop([fc.stringMatching(/^[!-~]+( [!-~]+){0,3}$/)])('[LA81] text is read as it is', (text) => {
    const line = render({ kind: 'paragraph', text }).split('\n').at(-2) ?? ''
    expect(unescaped(line)).toBe(text)
  })

  test.each(['1. a', '- a', '+ a', '# a', '=', '12) a', '---'])('[LA81] “%s” begins no block', (text) => {
    const line = render({ kind: 'paragraph', text }).split('\n').at(-2) ?? ''
    expect(line).toMatch(/^(?:\d+)?\\/)
    expect(unescaped(line)).toBe(text)
  })

  test.each(['https://example.org', 'www.example.org', 'HTTP://x'])('[LA81] “%s” is no link', (text) => {
    expect(render({ kind: 'paragraph', text })).toMatch(/(?:\\:\/\/|www\\\.)/i)
  })

  test.each(['`', '``', 'a`b', '`a', ' ` '])('[LA81] code with backticks in it (%s) ends where it ends', (code) => {
    const line =
      render({ kind: 'paragraph', text: ['x ', { code }, ' y'] })
        .split('\n')
        .at(-2) ?? ''
    const [, fence = '', inner = ''] = /^x (`+)([^]*?)(?<!`)\1(?!`) y$/.exec(line) ?? []
    expect(fence.length).toBeGreaterThan(0)
    expect(inner.trim()).toBe(code.trim())
    expect(inner.match(new RegExp(`(?<!\`)${fence}(?!\`)`, 'g'))).toBeNull()
  })

  test('[LA89] a link leads to https or into the page, and nothing in it ends it', () => {
    const linked = (to: string): string => render({ kind: 'paragraph', text: [{ link: 'l', to }] })
    expect(linked('https://example.org/a>b c')).toContain('[l](<https://example.org/a%3Eb%20c>)')
    expect(() => linked('javascript:alert(1)')).toThrow('a link leads to an https page')
  })
})
