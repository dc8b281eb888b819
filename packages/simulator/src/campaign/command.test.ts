import { describe, expect, test } from 'vitest'
import { parseNotation } from '../schedule/notation.ts'
import { simulate } from './command.ts'
import { FakeHost, workersHere } from './host.test.fake.ts'
import type { Limits } from './limits.ts'
import { usualLimits } from './limits.ts'
import type { Runner } from './runner.ts'
import { runner } from './runner.test.fake.ts'

interface Given {
  readonly host?: FakeHost
  readonly runner?: Runner
  readonly ran?: (runs: number) => void
  readonly limits?: Partial<Limits>
}

async function run(words: string, { host = new FakeHost(), runner: given = runner, ran, limits = {} }: Given = {}) {
  const openWorkers = () => workersHere(given, ran)
  const deps = { runner: given, host, openWorkers, limits: { ...usualLimits, ...limits } }
  const status = await simulate(words === '' ? [] : words.split(' '), deps)
  return { status, host, said: host.said, complained: host.complained }
}

/** A simulator in which nothing takes time and nothing breaks. */
const swift: Runner = {
  ...runner,
  runSchedule: (schedule) =>
    Promise.resolve({
      wrong: [],
      trace: String(schedule.seed),
      counts: { of: (kind) => (kind === 'flip' ? 0 : 1) },
      edits: 3,
      steps: 5,
      virtualMs: 3_600,
      storms: { tried: schedule.seed >= 70_000 ? 3 : 1, allowed: 2 },
      schedule: { ...schedule, strikes: [] },
    }),
}

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>

describe('words', () => {
  test.each([
    ['--faults drop,rain', 'There is no fault "rain"; the faults are drop, cut, flip.'],
    ['--faults ,', 'There is no fault ""; the faults are drop, cut, flip.'],
    ['--engines all', '--engines takes yjs, mixed, automerge, and is "all".'],
    ['--file x --engines yjs', '--engines does not go with --file.'],
    ['--seeds 0', '--seeds must be a whole number from 1, and is "0".'],
    ['--seeds many', '--seeds must be a whole number from 1, and is "many".'],
    ['--jobs 0', '--jobs must be a whole number from 1, and is "0".'],
    ['--time 20', '--time must be such as 90s, 20m or 1h, and is "20".'],
    ['--time 0s', '--time must be such as 90s, 20m or 1h, and is "0s".'],
    ['--show', '--show goes with --seed or --file.'],
    ['--seed 1 --time 3s', '--time does not go with --seed.'],
    ['--file x --seed 1', '--seed does not go with --file.'],
    ['--file x', 'There is no file x.'],
    ['--resume /nowhere/x', '/nowhere/x cannot be written: no such folder.'],
  ])('[SI42] %s: %s', async (words, sentence) => {
    expect(await run(words)).toMatchObject({ status: 2, said: '', complained: `simulate: ${sentence}\n` })
  })

  test('[SI42] a word that nobody knows gets the usage, and so does --help', async () => {
    for (const words of ['--sed 1', '7', '--seed=-1']) expect(await run(words)).toMatchObject({ status: 2, said: '' })
    expect((await run('--sed 1')).complained).toMatch(/^simulate: Unknown option '--sed'\.\nusage: npm run simulate/)
    expect(await run('--help')).toMatchObject({ status: 0, said: expect.stringMatching(/^usage: /) as string })
  })

  test('[SI42] a file that is no schedule is refused with its line', async () => {
    const host = new FakeHost()
    host.files.set('bad', 'seed 1\n1 r0 sing 2\n')
    const sentence = 'Line 2: expected an act, one of edit, look, found "1 r0 sing 2".'
    expect(await run('--file bad', { host })).toMatchObject({ status: 2, complained: `simulate: ${sentence}\n` })
  })
})

describe('one schedule', () => {
  test('[SI43] a seed is printed as a schedule with what struck, its verdict in comments', async () => {
    const { status, said } = await run('--seed 13')
    expect(status).toBe(1)
    const { schedule } = parseNotation(said, runner.vocabulary)
    expect(schedule).toEqual({
      ...runner.scheduleOf(13, {}),
      strikes: [
        { moment: 'r0.1 up 1', fault: 'drop' },
        { moment: 'r1.1 up 1', fault: 'cut' },
        { moment: 'r2.1 up 1', fault: 'flip' },
      ],
      odds: {},
    })
    expect(said).toMatch(
      /\n# seed 13: BROKEN, trace 13\n# 60 edits, 120 steps, 4s of virtual time\n# drop 1, cut 1, flip 1\n# \[I2\] an edit is nowhere\n# at all\n# \[I3\] replicas differ\n$/,
    )
  })

  test('[SI43] what was printed runs again from a file, and --show tells every event', async () => {
    const host = new FakeHost()
    host.files.set('seed-13', (await run('--seed 13 --faults drop,cut')).said)
    const again = await run('--file seed-13 --show', { host })
    expect(again.status).toBe(1)
    expect(again.said).toMatch(/\n0\.000 the fake begins\nat r0\.1 up 1 drop\nat r1\.1 up 1 cut\n# seed 13: BROKEN/)
    expect((await run('--seed 14')).status).toBe(0)
  })

  test('[SI43] with --json it is one object', async () => {
    const { said } = await run('--seed 13 --show --json')
    expect(json(said)).toMatchObject({ seed: 13, held: false, edits: 60, counts: { drop: 1, cut: 1, flip: 1 } })
    const { schedule } = parseNotation(String(json(said)['notation']), runner.vocabulary)
    expect(schedule.acts).toHaveLength(60)
  })
})

describe('a campaign', () => {
  test('[SI46] its summary has seeds, rate, edits, steps, virtual time, what was compared, and faults in a table', async () => {
    const host = new FakeHost()
    const ran = (): void => void (host.ms += 100)
    const { status, said, complained } = await run('--seeds 150 --from 1001', { host, ran, runner: swift })
    expect({ status, complained }).toEqual({ status: 0, complained: '' })
    expect(said).toBe(`150 seeds from 1001 to 1150 in 16s: 9.6 seeds/s, 35 virtual hours per hour
450 edits, 750 steps, 0.1 virtual hours, 2 seeds run again to compare
150 connections were tried while nobody was let in; 300 are allowed

  fault  times
  drop     150
  cut      150
  flip       0

Every promise held.
`)
  })

  test('[SI46] with --json it is one object on the output, and everything else is elsewhere', async () => {
    const { status, said } = await run('--seeds 12 --no-shrink --json')
    expect(status).toBe(1)
    expect(json(said)).toMatchObject({
      from: 1,
      seeds: 12,
      next: 13,
      hasEnded: true,
      held: false,
      seedsRun: 12,
      seedsFailed: 1,
      counts: { drop: 12, cut: 12, flip: 12 },
      failures: [{ seed: 3, wrong: ['[I2] an edit is nowhere', '[I3] replicas differ'], file: './seed-3.schedule' }],
    })
  })

  test('[SI46] a fault that never happened in 1,000 seeds fails it and is named, unless faults were chosen', async () => {
    const whole = await run('--seeds 1000', { runner: swift })
    expect(whole.status).toBe(1)
    expect(whole.said).toMatch(/\nThese faults never happened: flip\.\n$/)
    expect((await run('--seeds 999', { runner: swift })).status).toBe(0)
    expect((await run('--seeds 1000 --faults drop', { runner: swift })).status).toBe(0)
  })

  test('[SI46] more connections in vain than are allowed in the mean of 1,000 seeds fail it', async () => {
    const { status, said } = await run('--seeds 1000 --from 70000 --faults drop', { runner: swift })
    expect(status).toBe(1)
    expect(said).toMatch(/\n\[I18\] Replicas tried 3,000 connections in vain, not 2,000\.\n$/)
    expect((await run('--seeds 999 --from 70000', { runner: swift })).status).toBe(0)
  })

  test('[SI46] with --time it runs until the time is over', async () => {
    const host = new FakeHost()
    const { said } = await run('--time 1m --json --jobs 1', { host, ran: () => (host.ms += 1_000), runner: swift })
    // The first seed ran four times.
    expect(json(said)).toMatchObject({ seedsRun: 57, forMs: 60_000, seeds: null, hasEnded: true })
  })

  test('[SI46] progress is a line now and then, and on a terminal one line that is rewritten', async () => {
    const host = new FakeHost()
    const ran = (runs: number): void => {
      host.ms += 1_000
      if (runs === 22) host.tick()
    }
    await run('--seeds 50 --jobs 1', { host, ran, runner: swift })
    expect(host.complained).toMatch(/^1\d of 50 seeds · 0 failed · 0\.\d seeds\/s · 0\.0 virtual hours · \d\ds left\n$/)
    const terminal = new FakeHost()
    terminal.isLive = true
    terminal.columns = 20
    await run('--seeds 20 --jobs 1 --no-shrink', { host: terminal, ran: () => terminal.tick() })
    expect(terminal.complained).toMatch(/^0 of 20 seeds · 0 f\r/)
    expect(terminal.complained).toContain('\r\u001B[2Kseed 3: BROKEN\n')
    expect(terminal.complained.endsWith('\r\u001B[2K')).toBe(true)
  })

  test('[SI47] one seed in a hundred runs again, by odds and listed, and must go the same way; and with other clocks', async () => {
    let runs = 0
    const { said } = await run('--seeds 201 --json', { runner: swift, ran: () => (runs += 1) })
    expect(runs).toBe(210)
    expect(json(said)).toMatchObject({ seedsCompared: 3 })
    const host = new FakeHost()
    const { status } = await run('--seeds 1 --from 900', { host })
    expect(status).toBe(1)
    expect(host.complained).toMatch(/\[I23\] run again it went otherwise: trace 900-\d+, then 900-\d+/)
    expect(host.complained).toMatch(/\[I23\] run with its strikes listed it went otherwise/)
    expect(host.complained).toMatch(/\[I24\] with other clocks/)
    expect([...host.files]).toEqual([])
  })
})

describe('a failing seed', () => {
  const written = 'test/simulation/regressions/seed-13.schedule'

  test('[SI45] is told, shrunk, and written among the regressions, and its path is told', async () => {
    const host = new FakeHost()
    host.folders.add('test/simulation/regressions')
    const { status, said, complained } = await run('--seeds 1 --from 13', { host })
    expect(status).toBe(1)
    expect(complained).toMatch(/^seed 13: BROKEN\n {2}\[I2\] an edit is nowhere\n {2}\[I3\] replicas differ\n/)
    expect(complained).toMatch(
      /shrunk in \d+ runs from 3 replicas, 60 acts, 3 strikes to 1 replica, 1 act, 1 strike; nothing more can go\./,
    )
    expect(said).toContain(`\nseed 13: [I2] an edit is nowhere (${written})\n1 seed of 1 failed.\n`)
    expect(host.files.get(written)).toBe(`# why: [I2] an edit is nowhere
seed 13
set replicas 1
set chaosMs 301
set delayMs 0
0.300 r0 edit 6
at r0.1 up 1 drop
`)
  })

  test('[SI45] another file is not overwritten, and the same one is not written twice', async () => {
    const host = new FakeHost()
    host.files.set('./seed-13.schedule', 'seed 13\n')
    await run('--seeds 1 --from 13', { host })
    await run('--seeds 1 --from 13', { host })
    expect([...host.files.keys()]).toEqual(['./seed-13.schedule', './seed-13-2.schedule'])
  })

  test('[SI45] its shrinking has a budget of runs and of time', async () => {
    const host = new FakeHost()
    const some = await run('--seeds 1 --from 13', { host, limits: { shrinkRunsMax: 4 } })
    expect(some.complained).toMatch(/shrunk in 4 runs .*; the budget ended first\./)
    const late = new FakeHost()
    await run('--seeds 1 --from 13', { host: late, ran: () => (late.ms += 7_000) })
    expect(late.complained).toMatch(/shrunk in 9 runs .*; the budget ended first\./)
  })

  test('[SI45] the first five are written, whole with --no-shrink, and the others are named', async () => {
    const { host, said } = await run('--seeds 100 --no-shrink')
    expect([...host.files.keys()]).toEqual([3, 13, 23, 33, 43].map((seed) => `./seed-${seed}.schedule`))
    const { schedule } = parseNotation(host.files.get('./seed-3.schedule') ?? '', runner.vocabulary)
    expect(schedule.acts).toHaveLength(60)
    expect(said).toContain('\nseed 53: [I2] an edit is nowhere\n')
  })

  test('[SI45] one that does not break again by its listed strikes is written as it is', async () => {
    const forgetful: Runner = {
      ...runner,
      runSchedule: async (schedule, options) => {
        const ran = await runner.runSchedule(schedule, options)
        return schedule.strikes === 'by-odds' ? ran : { ...ran, wrong: ['[I9] something else'] }
      },
    }
    const { host, complained } = await run('--seeds 1 --from 13', { runner: forgetful })
    expect(complained).toContain('seed 13: [I23] with its strikes listed it does not break again.\n')
    const { schedule } = parseNotation(host.files.get('./seed-13.schedule') ?? '', runner.vocabulary)
    expect(schedule.acts).toHaveLength(60)
  })
})

describe('resuming', () => {
  const words = '--seeds 40 --no-shrink --json --resume state --jobs 1'
  const comparable = (text: string): unknown => ({
    ...json(text),
    elapsedMs: 0,
    seedsPerSecond: 0,
    virtualHoursPerHour: 0,
  })

  test('[SI44] a signal saves the state and tells the sums so far; the same command goes on, and ends with the same sums', async () => {
    const whole = await run(words)
    const host = new FakeHost()
    const stopped = await run(words, { host, ran: (runs) => void (runs === 20 && host.interrupt()) })
    expect(stopped.status).toBe(130)
    const { hasEnded, next, seedsRun } = json(stopped.said)
    expect({ hasEnded, next }).toEqual({ hasEnded: false, next: 1 + Number(seedsRun) })
    expect(seedsRun).toBeGreaterThan(10)
    host.said = ''
    host.complained = ''
    const resumed = await run(words, { host })
    expect(resumed.complained).toContain(`state: it goes on at seed ${String(next)}.\n`)
    expect(resumed.status).toBe(1)
    expect(comparable(resumed.said)).toEqual(comparable(whole.said))
  })

  test('[SI44] the time of all sittings counts', async () => {
    const host = new FakeHost()
    const timed = '--time 30s --json --resume state --jobs 1'
    const ran = (runs: number): void => {
      host.ms += 1_000
      if (runs === 20) host.interrupt()
    }
    await run(timed, { host, ran, runner: swift })
    host.said = ''
    expect(json((await run(timed, { host, ran: () => (host.ms += 1_000), runner: swift })).said)).toMatchObject({
      hasEnded: true,
      elapsedMs: 30_000,
    })
  })

  test('[SI44] the state of a campaign that has ended says so, and what came of it', async () => {
    const host = new FakeHost()
    const whole = await run(words, { host })
    host.said = ''
    host.complained = ''
    let runs = 0
    const again = await run(words, { host, ran: () => (runs += 1) })
    expect(again).toMatchObject({ status: 1, complained: 'state: this campaign has ended.\n' })
    expect(runs).toBe(0)
    expect(comparable(again.said)).toEqual(comparable(whole.said))
  })

  test('[SI44] the state of another campaign is refused, and so is a file that is none', async () => {
    const host = new FakeHost()
    await run(words, { host })
    host.complained = ''
    expect(await run('--seeds 40 --faults cut,drop --resume state', { host })).toMatchObject({
      status: 2,
      complained:
        'simulate: state is of another campaign: --from 1 --seeds 40, and not --from 1 --seeds 40 --faults drop,cut.\n',
    })
    for (const text of ['', 'null', '{}', '{"version":1}', '[']) {
      host.complained = ''
      host.files.set('state', text)
      expect(await run(words, { host })).toMatchObject({
        status: 2,
        complained: 'simulate: state is not the state of a campaign.\n',
      })
    }
  })
})
