import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const lineCount = (file: string): number => read(file).trimEnd().split('\n').length

const unpublished = new Set(['node_modules', 'dist', '.git', '.turbo', '.rejoin'])
const files = globSync('**/*', { cwd: root, exclude: (name) => unpublished.has(name.split('/').at(-1) ?? '') })
  .concat(globSync('.*', { cwd: root }), globSync('.ci/*', { cwd: root }))
  .filter((file) => statSync(join(root, file)).isFile())
// Pages that came with the traces speak of where they came from.
const pages = files.filter((file) => file.endsWith('.md') && !file.includes('/traces/'))
const decisions = globSync('docs/decisions/*.md', { cwd: root }).toSorted()

/** What stands in backquotes under the heading that names the code map, if it is a path. */
function codeMap(page: string): string[] {
  const section = page.split(/^#+ /m).find((part) => /^[^\n]*code map/i.test(part)) ?? ''
  const quoted = [...section.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? '')
  return quoted.filter((text) => text.includes('/') && !text.startsWith('@') && !text.includes('://'))
}

/** Relative targets of links, without their anchors; not those inside fenced code. */
function linksIn(page: string): string[] {
  const prose = page.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '')
  // A target may stand in angle brackets.
  const targets = [...prose.matchAll(/\]\(<?([^)>\s]+)>?\)/g)].map((match) => (match[1] ?? '').replace(/#.*/, ''))
  return targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

test('every path of the code map in docs/architecture.md exists', () => {
  const paths = codeMap(read('docs/architecture.md'))
  expect(paths.length).toBeGreaterThanOrEqual(10)
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('docs/architecture.md has at most 200 lines', () => {
  expect(lineCount('docs/architecture.md')).toBeLessThanOrEqual(200)
})

test('each decision record has at most 60 lines, a number of its own, and its parts', () => {
  expect(decisions.length).toBeGreaterThan(0)
  expect(decisions.filter((file) => lineCount(file) > 60)).toEqual([])
  const numbers = decisions.map((file) => Number(/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]))
  expect(numbers).toEqual(decisions.map((_, i) => i + 1))
  const parts = ['## Context', '## Decision', '## Consequences']
  expect(decisions.filter((file) => !parts.every((part) => read(file).includes(part)))).toEqual([])
})

test('every relative link of a page leads to a file', () => {
  const broken = pages.flatMap((page) =>
    linksIn(read(page))
      .filter((target) => !existsSync(join(root, dirname(page), target)))
      .map((target) => `${page} → ${target}`),
  )
  expect(pages.length).toBeGreaterThan(0)
  expect(broken).toEqual([])
})

test('no file holds an absolute path of somebody’s machine', () => {
  const machinePath = new RegExp(`(?<![\\w.})\\]*-])/(?:${['work', 'root', 'home', 'Users'].join('|')})/\\w`)
  const text = files.filter((file) => !/\.(gz|png|svg|bin|tgz|sqlite)$/.test(file))
  expect(text.length).toBeGreaterThan(50)
  expect(text.filter((file) => machinePath.test(read(file)))).toEqual([])
})
