import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { gates } from './gates.ts'
import { around, benchOf, caseOf, contestant, resultOf } from './made-up.ts'
import { parseResult } from './result.ts'

const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const file = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))

/** Each starts several processes. */
const patient = { timeout: 60_000 }

interface Said {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function bench(...args: string[]): Said {
  const main = join(import.meta.dirname, 'main.ts')
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
}

/** A few words, typed. */
function writeTrace(): string {
  const text = 'the quick brown fox '.repeat(10)
  const txns = [...text].map((letter, at) => ({ time: '', patches: [[at, 0, letter]] }))
  writeFileSync(file('trace.json'), JSON.stringify({ startContent: '', endContent: text, txns }))
  return file('trace.json')
}

function written(name: string, value: unknown): string {
  writeFileSync(file(name), JSON.stringify(value))
  return file(name)
}

const made = (exponent: number) =>
  resultOf([benchOf('made up', [], { ours: { exponent, low: exponent, high: exponent } })])

test('the command measures, prints one object, and writes it with a page', patient, () => {
  const out = file('new/folder')
  const quick = ['--quick', '--rounds', '1', '--trace', writeTrace(), '--dir', file('disk')]
  const { status, stdout, stderr } = bench('squash', 'join', ...quick, '--json', '--out', out)
  expect(stderr).toBe('')
  expect(status).toBe(0)
  const result = parseResult(readFileSync(join(out, 'result.json'), 'utf8'))
  expect(parseResult(stdout)).toEqual(result)
  expect(result.benches.map(({ name }) => name)).toEqual(['squash', 'join'])
  expect(result).toMatchObject({ quick: true, rounds: 1, trace: 'trace.json', failures: [] })
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('<h2>join</h2>')
  expect(existsSync(join(out, 'result.json.part'))).toBe(false)
})

test('two results are compared without a run, and only what is worse for certain fails', patient, () => {
  const [base, same, worse] = [1, 1, 2].map((exponent, i) => written(`${i}.json`, made(exponent)))
  expect(bench('--compare', base ?? '', '--against', same ?? '')).toEqual(
    expect.objectContaining({ status: 0, stdout: expect.stringContaining('Nothing moved beyond the noise.') }),
  )
  const said = bench('--compare', base ?? '', '--against', worse ?? '', '--out', file('compared'))
  expect(said.status).toBe(1)
  expect(said.stdout).toContain('FAIL  made up: the cost of ours grows faster than before')
  expect(readFileSync(file('compared/index.html'), 'utf8')).toContain('grows faster than before')
})

test('a missed gate fails', patient, () => {
  const [gate] = gates.filter((gate) => 'growthOf' in gate)
  if (gate === undefined) throw new Error('there is no gate on growth')
  const grown = (exponent: number) =>
    written(
      'gated.json',
      resultOf([benchOf(gate.bench, [], { [gate.growthOf]: { exponent, low: exponent, high: exponent } })]),
    )
  const { status, stdout } = bench('--against', grown(gate.atMost + 0.01), '--gate')
  expect(status).toBe(1)
  expect(stdout).toContain(`FAIL  ${gate.bench}: the exponent of ${gate.growthOf} is`)
  expect(bench('--against', grown(gate.atMost), '--gate').stdout).toContain(`PASS  ${gate.bench}: the exponent`)
})

test('that nothing has a gate is no success', patient, () => {
  const { status, stdout } = bench('--against', written('none.json', made(1)), '--gate')
  expect(stdout).toContain('FAIL  nothing that was measured has a gate')
  expect(status).toBe(1)
})

test('all gates reached is well', patient, () => {
  const names = [...new Set(gates.map(({ bench }) => bench))]
  const reaching = names.map((name) => {
    const own = gates.filter(({ bench }) => bench === name)
    const cases = [...new Set(own.flatMap((gate) => ('case' in gate ? [gate.case] : [])))].map((named) => {
      const wanted = own.filter((gate) => 'case' in gate && gate.case === named)
      const contestants = [...new Set(wanted.flatMap((gate) => ('contestant' in gate ? [gate.contestant] : [])))]
      const figures = Object.fromEntries(
        wanted.flatMap((gate) => ('figure' in gate ? [[gate.figure, 1] as const] : [])),
      )
      const first = contestant('first', around(1), {
        figures: Object.fromEntries(Object.keys(figures).map((key) => [key, 1e9])),
      })
      return {
        ...caseOf(named, []),
        contestants: [first, ...contestants.map((name) => contestant(name, around(0), { figures }))],
      }
    })
    const growth = own.flatMap((gate) =>
      'growthOf' in gate ? [[gate.growthOf, { exponent: 0, low: 0, high: 0 }]] : [],
    )
    return benchOf(name, cases, Object.fromEntries(growth))
  })
  const { status, stdout } = bench('--against', written('well.json', resultOf(reaching)), '--gate')
  expect(stdout.match(/PASS/g)).toHaveLength(gates.length)
  expect(status).toBe(0)
})

test('what cannot be done is said in one line, before anything is measured', patient, () => {
  const base = written('base.json', made(1))
  const blocked = written('a-file', {})
  const lines = ({ status, stdout, stderr }: Said): unknown => [status, stdout, stderr.trimEnd().split('\n').length]
  const refused: [string, string[]][] = [
    [`There is no file ${file('nothing.json')}; give the result.json`, ['--compare', file('nothing.json')]],
    [`${folder} cannot be read: there is a folder where a file is needed; `, ['--compare', folder]],
    [`The folder ${folder} has files of something else, and no result.json; `, ['squash', '--out', folder]],
    ['The folder /proc/x cannot be written to: ', ['squash', '--out', '/proc/x']],
    ['The folder /proc/x cannot be written to: ', ['squash', '--dir', '/proc/x']],
    [`${blocked} is no result of the benchmarks`, ['squash', '--compare', blocked]],
    [`${blocked} is no result of the benchmarks`, ['--compare', base, '--against', blocked]],
    [`The folder ${blocked} cannot be written to`, ['squash', '--out', blocked]],
    [`The folder ${blocked}/below cannot be written to`, ['squash', '--out', `${blocked}/below`]],
  ]
  for (const [sentence, args] of refused) {
    const said = bench(...args)
    expect(said.stderr).toContain(sentence)
    expect(lines(said), args.join(' ')).toEqual([1, '', 1])
  }
})

test.each(['--help', '-h'])('%s prints the words there are', patient, (word) => {
  const { status, stdout, stderr } = bench(word)
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^npm run bench -- \[NAME…\]/)
})

test('options that make no sense together are refused', patient, () => {
  const base = written('base.json', made(1))
  const both = ['--compare', base, '--against', base]
  for (const args of [
    [...both, '--quick'],
    [...both, '--rounds', '3'],
    [...both, '--dir', folder],
    ['--against', base],
    ['squash', '--compare', base, '--against', base],
    ['--out'],
    ['nobody'],
  ]) {
    const { status, stdout, stderr } = bench(...args)
    expect([status, stdout], args.join(' ')).toEqual([2, ''])
    expect(stderr).toContain('npm run bench')
  }
})
