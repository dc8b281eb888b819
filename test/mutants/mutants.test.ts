import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseMutant, readMutants } from './patch.ts'
import { jsonOf, tableOf } from './report.ts'
import { brokenSeed } from './trial.ts'

const root = resolve(import.meta.dirname, '../..')
const mutants = readMutants(import.meta.dirname)
const waiting = readFileSync(join(import.meta.dirname, 'waiting.md'), 'utf8')

/** The bugs of real systems that every release is held to. */
const list = [
  ['M01', 'M02', 'M03', 'M04', 'M06', 'M07', 'M08', 'M10', 'M11', 'M12', 'M13', 'M15', 'M16', 'M17', 'M19', 'M20'],
  ['M21', 'M23', 'M24', 'M26', 'M28', 'M29', 'M30', 'M32', 'M34', 'M37', 'M38', 'M39', 'M41', 'M44', 'M45', 'M46'],
].flat()

describe('the mutants', () => {
  test('each bug of the list is planted by one patch, or waits for its part and says why', () => {
    const planted = mutants.map(({ id }) => id).filter((id) => id.startsWith('M'))
    const named = [...waiting.matchAll(/^- \*\*(M\d{2})\*\* \S.{20,}$/gm)].map(([, id]) => id)
    expect(new Set([...planted, ...named])).toEqual(new Set(list))
    expect(planted.length + named.length).toBe(list.length)
  })

  test('no two patches have one id', () => {
    const ids = mutants.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('each names tests that exist', () => {
    for (const { name, tests } of mutants)
      for (const filter of tests) expect([name, existsSync(join(root, filter))]).toEqual([name, true])
  })

  test('each patch applies to the tree as it is', () => {
    for (const { files, name } of mutants)
      for (const file of files) expect([name, existsSync(join(root, file))]).toEqual([name, true])
    // Outside of a checkout, as in an unpacked archive, git takes every patch for one of another place.
    if (!existsSync(join(root, '.git'))) return
    const check = ['apply', '--check']
    for (const { path } of mutants)
      execFileSync('git', [...check, path], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  })
})

describe('a patch', () => {
  const header = 'bug: It forgets\n  what was said.\nseen: a/b#1\nbreaks: I1\ntests: packages/base test/client\n'
  const diff = 'diff --git a/packages/base/src/ids.ts b/packages/base/src/ids.ts\n--- a/packages/base/src/ids.ts\n'
  const hunk = '+++ b/packages/base/src/ids.ts\n@@ -1 +1 @@\n-a\n+b\n'

  test('is a header with lines that may go on, and a small diff of source', () => {
    expect(parseMutant('/x/M01-some-bug.patch', `${header}\n${diff}${hunk}`)).toEqual({
      name: 'M01-some-bug',
      id: 'M01',
      bug: 'It forgets what was said.',
      seen: 'a/b#1',
      breaks: 'I1',
      tests: ['packages/base', 'test/client'],
      files: ['packages/base/src/ids.ts'],
      path: '/x/M01-some-bug.patch',
    })
  })

  test.each([
    ['bug.patch', `${header}\n${diff}${hunk}`, 'called'],
    ['M01-bug.patch', header, 'no diff'],
    ['M01-bug.patch', `${header.replace('seen', 'saw')}\n${diff}${hunk}`, '"seen: …"'],
    ['M01-bug.patch', `${header}\n${diff}`, '0 changed lines'],
    ['M01-bug.patch', `${header}\n${diff}${hunk}${'+b\n'.repeat(60)}`, '62 changed lines'],
    ['M01-bug.patch', `${header}\n${`${diff}${hunk}`.replaceAll('ids.ts', 'ids.test.ts')}`, 'not source'],
    ['M01-bug.patch', `${header}\n${`${diff}${hunk}`.replaceAll('packages/base/src', 'test')}`, 'not source'],
  ])('%s is refused where it is not: %#', (name, text, why) => {
    expect(() => parseMutant(name, text)).toThrow(why)
  })
})

describe('the report', () => {
  const [mutant] = mutants
  const trial = { mutant: mutant ?? expect.fail('there are mutants'), seconds: 2 }

  test('a seed is broken when the simulator has said so, and which promise, to the end of the line', () => {
    const progress = '25 of 60 seeds, 0 failed\nseed 42: BROKEN, 7 edits, trace 0a\n'
    expect(brokenSeed(progress)).toBeUndefined()
    expect(brokenSeed(`${progress}  [I1] an edit of r1 was sto`)).toBeUndefined()
    expect(brokenSeed(`${progress}  [I1] an edit of r1 was lost\n  [I3] more\n`)).toBe(
      'seed 42 [I1] an edit of r1 was lost',
    )
    expect(brokenSeed('seed 42: held, 7 edits\n  [I1] is a word here\n')).toBeUndefined()
  })

  test('who noticed is told, survivors and broken patches are listed, and so is what there was no time for', () => {
    const trials = [
      { ...trial, simulator: 'seed 42 [I1] lost', tests: undefined },
      { ...trial, simulator: undefined, tests: undefined },
      { ...trial, problem: 'does not build: x', simulator: undefined, tests: undefined },
    ]
    const table = tableOf(trials, ['M99-late'])
    expect(table).toContain(`| ${trial.mutant.name} | seed 42 [I1] lost | – | 2 |`)
    expect(table.split('\n').slice(-5)).toEqual([
      '1 of 3 caught.',
      `Survived: ${trial.mutant.name}.`,
      `To be written anew: ${trial.mutant.name}.`,
      'No time left for: M99-late.',
      '',
    ])
    expect(JSON.parse(jsonOf(trials, []))).toMatchObject({
      mutants: [{ verdict: 'caught' }, { verdict: 'survived' }, { verdict: 'broken patch' }],
    })
  })
})
