import { fc, test } from '@fast-check/vitest'
import { parseHTML } from 'linkedom'
import { describe, expect } from 'vitest'
import { barsAgainstLimit } from './bars.ts'
import type { Block } from './block.ts'
import { colours, faint, ground, ink } from './colours.ts'
import { page } from './page.ts'
import type { Section } from './page.ts'
import type { Text } from './text.ts'

const hostile = `<script>alert(1)</script><img src=x onerror='y'>"'&amp;<!-- \u0000\ud800`
const shown = hostile.replace('\u0000', '\ufffd').toWellFormed()

const svg = await barsAgainstLimit({
  title: 'A drawing.',
  unit: '× the limit',
  limit: { value: 1, name: 'the limit' },
  bars: [{ name: 'ours', value: 2, tone: 'subject' }],
})

const table = (rows: Text[][], id?: string): Block => ({
  kind: 'table',
  ...(id === undefined ? {} : { id }),
  caption: 'A table.',
  columns: [
    { name: 'who', holds: 'words' },
    { name: 'how many', holds: 'numbers' },
  ],
  rows,
})

const figures = (...ids: string[]): Block => ({
  kind: 'figures',
  figures: ids.map((id) => ({ id, caption: id, svg })),
})

const everything = (text: string): Section[] => [
  {
    title: text,
    blocks: [
      { kind: 'paragraph', text: [text, { strong: text }, { code: text }, { link: text, to: '#section-1' }] },
      { kind: 'warning', text },
      { kind: 'list', items: [text] },
      { kind: 'facts', facts: [[text, text]] },
      { kind: 'verdicts', verdicts: [{ reached: true, text }] },
      { ...table([[text, text]]), caption: text } as Block,
      { kind: 'figures', figures: [{ caption: text, svg }] },
    ],
    sections: [{ title: text, blocks: [] }],
  },
]

const parsed = (html: string): Document => parseHTML(html).document
const render = (sections: Section[]): Document => parsed(page({ title: 'T', lead: [], sections }))

describe('a page', () => {
  test('[LA80] has no script, no handler and nothing to be fetched, and refuses both', () => {
    const html = page({ title: 'T', lead: ['L'], sections: everything('x') })
    const document = parsed(html)
    expect(document.querySelectorAll('script, iframe, object, embed, img, image, use, form, base')).toHaveLength(0)
    const attributes = [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes])
    expect(attributes.length).toBeGreaterThan(50)
    expect(attributes.filter(({ name }) => /^on|^style$|^src/.test(name))).toEqual([])
    expect(attributes.filter(({ name, value }) => /href/.test(name) && !/^(#|data:,$)/.test(value))).toEqual([])
    expect(document.querySelector('style')?.textContent).not.toMatch(/url\(|@import|@font-face/)
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/)
    expect(document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute('content')).toContain(
      `default-src 'none'`,
    )
  })

  test('[LA81] a name with a script in it shows as text', () => {
    const html = page({ title: hostile, lead: [hostile], sections: everything(hostile) })
    const document = parsed(html)
    expect(document.querySelectorAll('script, img')).toHaveLength(0)
    const places = 'title, h1, header p, h2, h3, section p strong, code, li, dt, dd, tbody th, td, figcaption'
    for (const place of places.split(', ')) expect(document.querySelector(place)?.textContent).toContain(shown)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  })

  test.prop([fc.string({ unit: 'binary' })])('[LA81] no text adds an element', (text) => {
    const tags = (html: string): string[] => [...parsed(html).querySelectorAll('*')].map(({ tagName }) => tagName)
    const of = (text: string): string => page({ title: text, lead: [text], sections: everything(text) })
    expect(tags(of(text))).toEqual(tags(of('plain')))
  })

  test('[LA82] equal data gives equal bytes', () => {
    expect(page({ title: 'T', lead: [], sections: everything('x') })).toBe(
      page({ title: 'T', lead: [], sections: everything('x') }),
    )
  })

  test('[LA83] figures and tables are numbered in the order of reading, and references show it', () => {
    const see: Block = { kind: 'paragraph', text: [{ see: 'last' }, ' and ', { see: 'counts' }] }
    const document = render([
      { title: 'A', blocks: [see, figures('first', 'second')], sections: [{ title: 'B', blocks: [table([])] }] },
      { title: 'C', blocks: [table([], 'counts'), figures('last')] },
    ])
    expect([...document.querySelectorAll('figcaption b')].map(({ textContent }) => textContent)).toEqual([
      ...['Figure 1.', 'Figure 2.', 'Table 1.', 'Table 2.', 'Figure 3.'],
    ])
    expect(document.querySelector('section p')?.textContent).toBe('Figure 3 and Table 2')
    expect(document.getElementById('last')?.textContent).toContain('Figure 3.')
    expect(document.querySelector('section p a')?.getAttribute('href')).toBe('#last')
    expect(() => render([{ title: 'A', blocks: [see] }])).toThrow('no figure and no table has the id last')
    expect(() => render([{ title: 'A', blocks: [figures('one', 'one')] }])).toThrow('the id one is there twice')
  })

  test('[LA84] numbers stand to the right, in a box that scrolls alone', () => {
    const html = page({ title: 'T', lead: [], sections: [{ title: 'A', blocks: [table([['a', '1,000']])] }] })
    const document = parsed(html)
    expect(document.querySelector('td')?.className).toBe('number')
    expect(document.querySelectorAll('thead .number')).toHaveLength(1)
    expect(document.querySelector('tbody th')?.className).toBe('')
    expect(document.querySelector('table')?.parentElement?.className).toBe('scroll')
    expect(document.querySelector('.scroll')?.getAttribute('tabindex')).toBe('0')
    const css = document.querySelector('style')?.textContent
    expect(css).toMatch(/\.number \{[^}]*text-align: right/)
    expect(css).toMatch(/\.scroll \{[^}]*overflow-x: auto/)
  })

  test('[LA86] every colour stands out from the ground, in both schemes', () => {
    for (const scheme of ['light', 'dark'] as const) {
      for (const [name, values] of Object.entries(colours))
        expect(contrast(values[scheme], ground[scheme]), `${name}, ${scheme}`).toBeGreaterThanOrEqual(3)
      for (const letters of [ink, faint, colours.blue, colours.green, colours.vermilion])
        expect(contrast(letters[scheme], ground[scheme])).toBeGreaterThanOrEqual(4.5)
    }
    const css = render([]).querySelector('style')?.textContent ?? ''
    for (const name of [...Object.keys(colours), 'ground', 'ink', 'faint'])
      expect(css.split(`--${name}: #`), name).toHaveLength(3)
  })

  test('[LA89] a link leads to https or into the page', () => {
    const linked = (to: string): Document =>
      render([{ title: 'A', blocks: [{ kind: 'paragraph', text: [{ link: 'l', to }] }] }])
    expect(linked('https://example.org/a?b=1&c="').querySelector('section a')?.getAttribute('href')).toBe(
      'https://example.org/a?b=1&c="',
    )
    for (const to of ['javascript:alert(1)', 'http://example.org', 'data:text/html,x', ' https://x', '//x'])
      expect(() => linked(to), to).toThrow('a link leads to an https page')
  })
})

/** Of two colours, as the Web Content Accessibility Guidelines 2.2 define it. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
