import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pc from 'picocolors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '../run.ts'
import { statusOf, stoppedAt } from './progress.ts'

let folder: string

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'rejoin-lab-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The command in this process, with a terminal that only listens. */
async function lab(...words: readonly string[]) {
  let out = ''
  let err = ''
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    live: false,
    columns: 100,
    colors: pc.createColors(false),
  }
  const status = await runCommand(['lab', ...words], terminal, { version: '1', secret: undefined, debug: false })
  return { status, out, err }
}

const small = ['--policy', 'yjs,lww-record-hlc', '--workload', 'sets,counters', '--jobs', '1', '--edits', '20']

describe('a campaign', () => {
  test('[RE32] --json is one object: the plan, and what policies came to, over everything and in each cell', async () => {
    const { status, out } = await lab(...small, '--conditions', 'hours,online', '--seeds', '5', '--from', '5', '--json')
    expect(status).toBe(0)
    expect(out).toMatch(/^\{[^\n]*\}\n$/)
    const { plan, runs, policies, cells, sessions } = JSON.parse(out) as Record<string, Record<string, unknown>[]>
    expect(plan).toMatchObject({ policies: ['yjs', 'lww-record-hlc'], from: 5, seeds: 5, sessions: [] })
    expect({ runs, sessions }).toEqual({ runs: 40, sessions: [] })
    expect(cells).toHaveLength(8)
    expect(cells?.[0]).toMatchObject({ policy: 'yjs', workload: 'counters', conditions: 'online', runs: 5 })
    expect(policies).toMatchObject([
      { policy: 'yjs', runs: 20, lost: { mean: 0, low: 0 }, convergent: { mean: 1 } },
      { policy: 'lww-record-hlc', runs: 20, convergent: { mean: 1 } },
    ])
    const lost = policies?.[1]?.['lost'] as { mean: number; low: number; high: number }
    expect(lost.mean).toBeGreaterThan(0)
    expect(lost.high).toBeGreaterThan(lost.mean)
  })

  test('[RE32] for people it is tables of policies, and of what they lost by conditions, within 100 columns', async () => {
    const { status, out } = await lab(...small, '--seeds', '5')
    expect(status).toBe(0)
    expect(out).toMatch(/ {2}180 runs: 2 workloads, 9 conditions, seeds 1 to 5; [\d,]+ effects\n/)
    expect(out).toMatch(/\n {2}policy +lost +overruled +retention +misplaced +untold\n/)
    expect(out).toMatch(/\n {2}yjs +0 <0\.\d+ .* 100\.0 +0 <0\.\d+ +\d+\.\d\n/)
    expect(out).toMatch(/\n {2}lww-record-hlc +\d+\.\d ±\d+\.\d +\d+\.\d ±\d+\.\d +\d+\.\d +0 <\d\.\d+ +\d+\.\d\n/)
    expect(out).toContain('  Means over seeds with their 95 % intervals: ±,')
    expect(out).toContain(
      '  No run of 90 lost anything, so fewer than 3 of so many, 3.3 %, do, of each of these:\n  yjs.\n',
    )
    expect(out).toMatch(/\n {2}policy +ghosts +doubled +invented +at start +conflicts +broken +alike\n/)
    expect(out).toMatch(/\n {2}yjs +0\.00 .* 100\n/)
    expect(out).toMatch(/\n {2}policy +online +minutes +hours +three-days +crowded\n/)
    expect(out).toMatch(/\n {2}policy +even +same-hour +clock-1s +clock-60s\n/)
    expect(out).toMatch(/\n {2}yjs +0\.0 \/ \d+\.\d +0\.0 /)
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('[RE32] of no effects there is no share, but a dash', async () => {
    const words = ['--policy', 'yjs', '--workload', 'tiny', '--edits', '1', '--devices', '1', '--jobs', '1']
    const told = (conditions: string) => lab(...words, '--conditions', conditions, '--seeds', '1', '--from', '2')
    const { out } = await told('same-hour')
    expect(out).toContain('; 0 effects\n')
    expect(out).toMatch(/\n {2}yjs +– +– +– +– +–\n/)
    expect(out).not.toContain('lost anything')
    expect((await told('online,same-hour')).out).toMatch(/\n {2}yjs +0\.0 \/ 0\.0 +–\n/)
  })

  test('[RE32] fewer than five seeds have means without intervals, which is said', async () => {
    const { out } = await lab(...small, '--conditions', 'hours', '--seeds', '4')
    expect(out).toContain('  Means over seeds, without an interval: that takes 5 seeds.\n')
    expect(out).toMatch(/\n {2}lww-record-hlc +\d+\.\d +[\d.< ]+ +\d+\.\d +0 <\d\.\d +\d+\.\d\n/)
    expect(out).not.toContain('±')
  })

  test('[RE32] --quick without a choice has the session of two authors before all workloads', async () => {
    const { plan } = JSON.parse(
      (await lab('--quick', '--policy', 'yjs', '--edits', '1', '--devices', '1', '--apart', '0s', '--json')).out,
    ) as {
      plan: Record<string, unknown>
    }
    expect(plan).toMatchObject({ seeds: 2, sessions: [{ name: 'friendsforever-concurrent', authors: 2 }] })
    expect(plan['workloads']).toHaveLength(11)
  }, 30_000)

  test('[RE35] --out leaves every run, two tables, all of it as JSON, and a report with its drawings; the same command has nothing to do', async () => {
    const words = [...small, '--conditions', 'hours', '--seeds', '1', '--out', join(folder, 'new', 'out')]
    const first = await lab(...words)
    expect(readdirSync(join(folder, 'new', 'out')).sort()).toEqual([
      'figures',
      'report.html',
      'report.md',
      'runs.csv',
      'runs.json',
      'runs.jsonl',
      'sessions.csv',
    ])
    const report = readFileSync(join(folder, 'new', 'out', 'report.md'), 'utf8')
    expect(report).toMatch(
      /^`npm run rejoin -- lab --policy yjs,lww-record-hlc [^\n]*`\n\n# What each conflict policy loses\n/,
    )
    const drawings = [...report.matchAll(/\]\((figures\/[\w-]+\.svg)\)/g)].map(([, path]) => path ?? '')
    expect(drawings.length).toBeGreaterThan(0)
    for (const path of drawings) expect(existsSync(join(folder, 'new', 'out', path)), path).toBe(true)
    const again = await lab(...words)
    expect(again).toEqual({ ...first, err: `${join(folder, 'new', 'out')}: 4 of 4 runs are there already.\n` })
  })

  test('[RE35] a folder of another plan, or that cannot be written, is refused with one sentence', async () => {
    const out = ['--out', join(folder, 'new', 'out')]
    const other = await lab(...small, '--conditions', 'hours', '--seeds', '2', ...out)
    expect(other.err).toMatch(/^rejoin: \/.*runs\.jsonl is of another plan: its seeds are 1, and not 2; [^\n]*\.\n$/)
    expect(other).toMatchObject({ status: 1, out: '' })
    const none = await lab(...small, '--out', '/proc/rejoin')
    expect(none.err).toMatch(/^rejoin: \/proc\/rejoin cannot be used: [^\n]*; give another folder\.\n$/)
    expect(none).toMatchObject({ status: 1, out: '' })
  })

  test('[RE35] a report that cannot be written is said with its name, after what the runs came to', async () => {
    const out = join(folder, 'blocked')
    const words = [...small, '--conditions', 'hours', '--seeds', '1', '--out', out]
    await lab(...words)
    rmSync(join(out, 'report.html'))
    mkdirSync(join(out, 'report.html'))
    const { status, out: said, err } = await lab(...words)
    expect(said).toContain('  4 runs: 2 workloads, 1 conditions, seed')
    expect(err).toMatch(
      /4 of 4 runs are there already\.\nrejoin: \/[^\n]*\/report\.html cannot be written: there is a folder [^\n]*\.\n$/,
    )
    expect(status).toBe(1)
  })
})

describe('a session', () => {
  const file = (name: string, content: unknown): string => {
    writeFileSync(join(folder, name), JSON.stringify(content))
    return join(folder, name)
  }
  const txns = [
    { agent: 0, parents: [], patches: [[0, 0, 'abc']] },
    { agent: 1, parents: [0], patches: [[3, 0, 'xyz']] },
    { agent: 0, parents: [0], patches: [[0, 0, 'd']] },
  ]
  const together = (): string => file('both.json', { kind: 'concurrent', endContent: 'dabcxyz', numAgents: 2, txns })

  test('[RE33] --json is an array with one object for each policy', async () => {
    const { status, out } = await lab('--trace', together(), '--policy', 'lww-field-hlc,yjs', '--json')
    expect(status).toBe(0)
    const results = JSON.parse(out) as Record<string, unknown>[]
    expect(results).toMatchObject([
      { policy: 'lww-field-hlc', turn: null, ghosts: 0, convergent: true },
      { policy: 'yjs', lostEffects: 0, lostShare: 0, ghosts: 0, finalLength: 7, convergent: true },
    ])
    // One of the two ends stands: what the other one typed is lost.
    expect([
      [3, 3 / 7, 4],
      [1, 1 / 7, 6],
    ]).toContainEqual([results[0]?.['lostEffects'], results[0]?.['lostShare'], results[0]?.['finalLength']])
  })

  test('[RE33] for people it is a table; a session of one author is played on two devices in turns', async () => {
    const txns = Array.from({ length: 150 }, (_, at) => ({ patches: [[at, 0, 'a']] }))
    const alone = file('alone.json', { startContent: '', endContent: 'a'.repeat(150), txns })
    const { out } = await lab('--trace', alone, '--policy', 'yjs')
    expect(out).toMatch(
      /^\n {2}session alone: 150 transactions on 2 devices\n\n {2}policy +lost % +lost +ghosts .*skipped .*alike\n/,
    )
    expect(out).toMatch(/\n {2}yjs +0\.0 +0 +0 +0 +150 +0\.0 +0 +0 +[\d.]+ kB +yes\n/)
    expect(out).toContain('on 2 devices by turns of 100 transactions')
    const { out: asRecorded } = await lab('--trace', alone, '--policy', 'yjs', '--devices', '1')
    expect(asRecorded).toContain('session alone: 150 transactions of 1 author\n')
    expect(asRecorded).not.toContain('by turns')
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('[RE33] what is no trace is refused with one sentence and 1', async () => {
    const { status, out, err } = await lab('--trace', file('none.json', { kind: 'concurrent' }))
    expect(err).toMatch(/^rejoin: \/.*none\.json is not a trace: [^\n]*\.\n$/)
    expect({ status, out }).toEqual({ status: 1, out: '' })
  })
})

test.each([
  [['--policy', 'hope'], /^rejoin: There is no policy "hope"; the policies are yjs, automerge, [^\n]*\.\n$/],
  [['--workload', 'war,sets'], /^rejoin: There is no workload "war"; the workloads are marketplace, [^\n]*\.\n$/],
  [['--conditions', 'fog'], /^rejoin: There are no conditions "fog"; the conditions are online, [^\n]*\.\n$/],
  [['--trace', 'x', '--workload', 'sets'], /^rejoin: --workload does not go with --trace\.\n$/],
  [['--trace', 'x', '--conditions', 'hours'], /^rejoin: --conditions does not go with --trace\.\n$/],
  [['--edits', '100001'], /^rejoin: --edits must be at most 100000\.\n$/],
  [['--devices', '1001'], /^rejoin: --devices must be at most 1000\.\n$/],
  [['--seeds', '100001'], /^rejoin: --seeds must be at most 100000\.\n$/],
  [['--from', '9007199254740991'], /^rejoin: --from must leave all seeds at most 4294967295, [^\n]*\.\n$/],
  [['--jobs', '257'], /^rejoin: --jobs must be at most 256\.\n$/],
  [['--policy', 'yjs,'], /It must be names with commas between them\./],
  [['--seeds', '0'], /It must be 1 or more\./],
  [['--apart', '4'], /It must be a time such as 30m, 12h or 7d\./],
  [['--contention', 'much'], /It must be a number such as 0, 1 or 1\.5\./],
  [['sets'], /too many arguments/],
])('[RE34] %j is wrong usage: one sentence with the names there are, and 2', async (words, says) => {
  const { status, out, err } = await lab(...words)
  expect(err).toMatch(says)
  expect({ status, out }).toEqual({ status: 2, out: '' })
})

test('[RE33] the help says that --trace with --json prints an array', async () => {
  const { status, out } = await lab('--help')
  expect(out.replaceAll(/\s+/g, ' ')).toContain('one JSON object on stdout; with --trace an array')
  expect(status).toBe(0)
})

test('[RE36] progress is the share, the runs and the time that is left, once it can be known', () => {
  const begun = { done: 0, before: 0, all: 1_000, elapsedMs: 5_000 }
  expect(statusOf(begun)).toEqual({ share: 0, text: '  0.0 % · 0 of 1,000 runs' })
  expect(statusOf({ ...begun, done: 125 })).toEqual({ share: 0.125, text: ' 12.5 % · 125 of 1,000 runs · 35s left' })
  // What was done in another sitting says nothing of how fast this one is.
  expect(statusOf({ ...begun, done: 525, before: 500 }).text).toBe(' 52.5 % · 525 of 1,000 runs · 1m 35s left')
  expect(stoppedAt(3, 10, undefined)).toBe('Stopped after 3 of 10 runs; without --out they are not kept.')
  expect(stoppedAt(3, 10, 'x')).toBe('Stopped after 3 of 10 runs; the same command goes on with x.')
})
