import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { citationsIn, rulesIn } from './rules.ts'

const root = resolve(import.meta.dirname, '../..')

/** Where each id stands: `OB7` → the files that state or cite it. */
function index(patterns: string[], idsIn: (text: string) => string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const file of globSync(patterns, { cwd: root }).toSorted())
    for (const id of idsIn(readFileSync(join(root, file), 'utf8'))) found.set(id, [...(found.get(id) ?? []), file])
  return found
}

const rules = index(['packages/*/SPEC.md', 'packages/*/PROTOCOL.md'], rulesIn)
// Law suites live in src/testing/; every adapter's test runs them.
const citations = index(
  ['packages/*/src/**/*.test.ts', 'packages/*/src/testing/**/*.ts', 'test/*/**/*.test.ts'],
  citationsIn,
)

test('a rule is a list item that begins with a bold id', () => {
  const spec = 'Text **OB1** here.\n- **OB2** One thing.\n  - **OB3** Another.\n- **Note** no id.\n- **OB4**\n'
  expect(rulesIn(spec)).toEqual(['OB2', 'OB3'])
})

test('a citation is the beginning of a title', () => {
  const ids = ['AB1', 'AB2', 'AB3']
  const source = `test('[${ids[0]}] one', f); law("[${ids[1]}, ${ids[2]}] two", f); const x = a['AB4']; test('see [AB5] x', f)`
  expect(citationsIn(source)).toEqual(ids)
})

test('every rule is stated once', () => {
  const repeated = [...rules].filter(([, files]) => files.length > 1).map(([id, files]) => `${id}: ${files.join(', ')}`)
  expect(rules.size).toBeGreaterThan(0)
  expect(repeated).toEqual([])
})

test('every rule has a test that cites it', () => {
  const untested = [...rules].filter(([id]) => !citations.has(id)).map(([id, files]) => `${id} of ${files.join(', ')}`)
  expect(untested).toEqual([])
})

test('every cited rule exists', () => {
  const unknown = [...citations].filter(([id]) => !rules.has(id)).map(([id, [file]]) => `${id} in ${file}`)
  expect(unknown).toEqual([])
})

test('all rules of a package share its prefix, and no two packages share one', () => {
  const owners = new Map<string, Set<string>>()
  for (const [id, files] of rules)
    for (const file of files) {
      const prefix = id.slice(0, 2)
      owners.set(prefix, (owners.get(prefix) ?? new Set()).add(file.split('/')[1] ?? ''))
    }
  const shared = [...owners].filter(([, packages]) => packages.size > 1).map(([prefix]) => prefix)
  expect(shared).toEqual([])
})
