import type { Host } from '@rejoin/simulator/campaigns'
import { describe, expect, test } from 'vitest'
import type { Workers } from '../campaign/campaign.ts'
import { perform } from '../campaign/task.ts'
import { multiValue } from '../policies/multi-value.ts'
import { yjs } from '../policies/yjs.ts'
import { openWorkers } from '../platform/workers.ts'
import { result } from '../campaign/results.test.helper.ts'
import { schedules } from './command.ts'
import { wrongWith } from './schedules.ts'
import { tinyConditions } from './conditions.ts'
import type { State } from './state.ts'

/** A machine whose time, files and signals a test has in its hand. */
class FakeHost implements Host {
  readonly files = new Map<string, string>()
  said = ''
  complained = ''
  isLive = false
  columns = 80
  cores = 2
  ms = 0
  interrupt: () => void = () => undefined

  out = (text: string): void => void (this.said += text)
  err = (text: string): void => void (this.complained += text)
  nowMs = (): number => this.ms
  every = (): (() => void) => () => undefined
  read = (path: string): string | undefined => this.files.get(path)
  isFolder = (path: string): boolean => path === '/folder'

  onInterrupt(fire: () => void): () => void {
    this.interrupt = fire
    return () => undefined
  }

  write(path: string, text: string): void {
    if (path.startsWith('/nowhere/')) throw new Error('no such folder')
    this.files.set(path, text)
  }
}

const workersHere = (ran: () => void): Workers => ({
  run: async (task) => {
    ran()
    return perform(task)
  },
  close: () => Promise.resolve(),
})

interface Given {
  readonly host?: FakeHost
  readonly ran?: () => void
}

async function run(words: string, { host = new FakeHost(), ran = () => undefined }: Given = {}) {
  const deps = { host, openWorkers: () => workersHere(ran), batch: 10 }
  const status = await schedules(words === '' ? [] : words.split(' '), deps)
  return { status, host, said: host.said, complained: host.complained }
}

const json = (text: string) => JSON.parse(text) as Record<string, unknown>

describe('words', () => {
  test.each([
    ['--policy yjs,hope', /^schedules: There is no policy "hope"; the policies are yjs, .*\.\n$/],
    ['--count 0', /^schedules: --count must be a whole number from 1 to 4294967295, and is "0"\.\n$/],
    ['--count -1', /^schedules: --count must be a whole number from 1 to 4294967295, and is "-1"\.\n$/],
    ['--from 4294967295 --count 2', /^schedules: --from must leave all seeds at most 4294967295, as [^\n]*\.\n$/],
    ['--policy ,', /^schedules: --policy must be names with commas between them, and is ","\.\n$/],
    ['--from x', /^schedules: --from must be a whole number from 0 to 4294967295, and is "x"\.\n$/],
    ['--time 1d', /^schedules: --time must be such as 90s, 20m or 1h, and is "1d"\.\n$/],
    ['--jobs 0', /^schedules: --jobs must be a whole number from 1 to 256, and is "0"\.\n$/],
    ['--jobs 257', /^schedules: --jobs must be a whole number from 1 to 256, and is "257"\.\n$/],
    ['--fast', /^schedules: Unknown option '--fast'\.\nusage: npm run schedules/],
    [
      '--resume /nowhere/x',
      /^schedules: \/nowhere\/x cannot be written: no such folder; give --resume another file\.\n$/,
    ],
    ['--resume /folder', /^schedules: \/folder is a folder; give --resume a file\.\n$/],
  ])('[LA75] %s makes no sense: one sentence and exit status 2', async (words, sentence) => {
    const { status, said, complained } = await run(words)
    expect(complained).toMatch(sentence)
    expect({ status, said }).toEqual({ status: 2, said: '' })
  })

  test.each(['--help', '-h'])('[LA75] %s is no failure', async (word) => {
    expect(await run(word)).toMatchObject({ status: 0, said: expect.stringMatching(/^usage: /) as string })
  })
})

describe('tiny schedules', () => {
  test('[LA76] 200 of them meet each other everywhere and lose nothing, with any number of threads', async () => {
    const host = new FakeHost()
    const words = ['--count', '200', '--policy', 'yjs', '--json']
    const status = await schedules([...words, '--jobs', '2'], { host, openWorkers, batch: 30 })
    const { sums, ...there } = json(host.said)
    expect({ status, ...there }).toMatchObject({
      status: 0,
      held: true,
      schedules: 200,
      runs: 200,
      next: 201,
      failures: [],
    })
    expect(sums).toMatchObject({ yjs: { runs: 200, failed: 0, lost: 0, ghosts: 0, doubled: 0, nonConvergent: 0 } })
    const { edits, effects, concurrentPairs } = (sums as Record<string, Record<string, number>>)['yjs'] ?? {}
    // Some of each, so that there was something to lose, and others to lose it to.
    for (const count of [edits, effects]) expect(count).toBeGreaterThan(1_000)
    expect(concurrentPairs).toBeGreaterThan(200)
    expect(json((await run(words.join(' '))).said)['sums']).toEqual(sums)
  }, 30_000)

  test('[LA76] what keeps one value loses in the same schedules, and is told so but does not fail', async () => {
    const { status, said } = await run('--count 50 --policy lww-record-arrival --json')
    const { sums } = json(said) as { sums: Record<string, Record<string, number>> }
    expect(sums['lww-record-arrival']?.['lost']).toBeGreaterThan(50)
    expect(status).toBe(0)
  })

  test('[LA76] a policy that merges fails by anything lost, and any policy by devices that differ', () => {
    const spoilt = result({ lost: 2, doubled: 1, invariants: { 'counter exact': 1, 'no line lost': 0 } })
    expect(wrongWith(spoilt, yjs)).toEqual(['lost: 2', 'doubled: 1', 'counter exact: broken 1 ×'])
    expect(wrongWith(spoilt, multiValue)).toEqual([])
    expect(wrongWith(result({ convergent: false }), multiValue)).toEqual(['devices differ'])
    expect(wrongWith(result(), yjs)).toEqual([])
  })

  test('[LA77] a batch whose worker died fails with the seed it began at', async () => {
    const host = new FakeHost()
    const lost = { kind: 'lost', message: 'its worker died' } as const
    const workers: Workers = { run: () => Promise.resolve(lost), close: () => Promise.resolve() }
    const deps = { host, openWorkers: () => workers, batch: 10 }
    expect(await schedules(['--count', '20', '--policy', 'yjs'], deps)).toBe(1)
    expect(host.said).toMatch(
      /\nseed 11, any: one of 10 schedules from here did not end: its worker died\n2 runs failed/,
    )
  })

  test('[LA77] after a stop, or a crash, the same command goes on and ends with the same sums', async () => {
    const words = '--count 60 --policy yjs,lww-field-hlc --from 7 --jobs 1 --json'
    const whole = json((await run(words)).said)
    const host = new FakeHost()
    let batches = 0
    const ran = (): void => {
      if (++batches === 3) host.interrupt()
    }
    // The second batch had been run, but its place comes after the one that the stop ended.
    const stopped = await run(`${words} --resume state`, { host, ran })
    expect(stopped.status).toBe(130)
    expect(json(stopped.said)).toMatchObject({ hasEnded: false, schedules: 10, next: 17 })
    host.said = ''
    host.complained = ''
    const ended = await run(`${words} --resume state`, { host, ran })
    expect(ended.complained).toBe('state: it goes on at seed 17.\n')
    expect(json(ended.said)).toEqual(whole)
    expect(batches).toBe(3 + 5)
    host.said = ''
    expect(json((await run(`${words} --resume state`, { host, ran })).said)).toEqual(whole)
    expect(batches).toBe(3 + 5)
  })

  test('[LA77] a stop says how to go on, and names no schedules where there are none', async () => {
    const told = async (words: string) => {
      const host = new FakeHost()
      return run(words, { host, ran: () => host.interrupt() })
    }
    const kept = await told('--count 60 --policy yjs --resume state')
    expect(kept).toMatchObject({ status: 130, complained: 'Stopped; the same command goes on with state.\n' })
    expect(kept.said).toMatch(/^0 schedules, each under yjs: 0 runs /)
    const { complained } = await told('--count 60 --policy yjs')
    expect(complained).toBe('Stopped; without --resume it is not gone on with.\n')
  })

  test('[LA77] a state that could not be written at the end is a failure, after all was told', async () => {
    const host = new FakeHost()
    const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
    const ran = (): void =>
      void (host.write = () => {
        throw full
      })
    const { status, said, complained } = await run('--count 20 --policy yjs --resume state', { host, ran })
    expect(complained).toBe(
      'schedules: state cannot be written: the disk is full; what it goes on from is older than what was run.\n',
    )
    expect(said).toMatch(/^20 schedules from 1 to 20/)
    expect(status).toBe(1)
  })

  test('[LA77] a state of other words, or none, is refused with one sentence', async () => {
    const { host } = await run('--count 10 --policy yjs --resume state')
    const other = await run('--count 20 --policy yjs --resume state', { host })
    expect(other).toMatchObject({
      status: 2,
      complained:
        'schedules: state is of other words: --policy yjs --from 1 --count 10, and not --policy yjs --from 1 --count 20.\n',
    })
    host.files.set('state', '{}')
    host.complained = ''
    const none = await run('--count 10 --policy yjs --resume state', { host })
    expect(none.complained).toBe('schedules: state is not the state of schedules.\n')
  })

  test.each<readonly [what: string, damaged: (state: State) => unknown]>([
    ['campaign', (state) => ({ ...state, campaign: { ...state.campaign, policies: 'yjs' } })],
    ['next', (state) => ({ ...state, next: 9_999_999 })],
    ['next', (state) => ({ ...state, next: -5 })],
    ['next', (state) => ({ ...state, next: 3.5 })],
    ['elapsedMs', (state) => ({ ...state, elapsedMs: null })],
    ['runs of yjs', (state) => ({ ...state, sums: {} })],
    ['runs of yjs', (state) => ({ ...state, next: state.next - 1, hasEnded: false })],
    ['sums of automerge', ({ sums, ...state }) => ({ ...state, sums: { ...sums, automerge: sums['yjs'] } })],
    ['lost of yjs', ({ sums, ...state }) => ({ ...state, sums: { yjs: { ...sums['yjs'], lost: 'a' } } })],
    ['ghosts of yjs', ({ sums, ...state }) => ({ ...state, sums: { yjs: { ...sums['yjs'], ghosts: -1 } } })],
    ['failures', (state) => ({ ...state, failures: [{ seed: 99, policy: 'yjs', wrong: [] }] })],
    ['hasEnded', (state) => ({ ...state, hasEnded: 'yes' })],
  ])('[LA77] a state whose %s cannot be is refused with one sentence, case %#', async (what, damaged) => {
    const words = '--count 10 --policy yjs --resume state'
    const { host } = await run(words)
    host.files.set('state', JSON.stringify(damaged(JSON.parse(host.files.get('state') ?? '') as State)))
    host.said = ''
    const { status, said, complained } = await run(words, { host })
    expect(complained).toBe(
      `schedules: state is damaged: its ${what} cannot be; give another file, or remove it to begin again.\n`,
    )
    expect({ status, said }).toEqual({ status: 2, said: '' })
  })

  test('[LA77] a state that has batches without an answer is none that is damaged', async () => {
    const host = new FakeHost()
    const lost = { kind: 'lost', message: 'its worker died' } as const
    let ran = 0
    const workers: Workers = {
      run: (task) => (++ran === 2 ? Promise.resolve(lost) : perform(task)),
      close: () => Promise.resolve(),
    }
    const words = '--count 30 --policy yjs --jobs 1 --resume state --json'.split(' ')
    for (let times = 0; times < 2; times++)
      expect(await schedules(words, { host, openWorkers: () => workers, batch: 10 })).toBe(1)
    expect(host.complained).toBe('state: these schedules have been run.\n')
    expect(ran).toBe(3)
  })

  test('[LA76] for people it is a line of schedules and runs, a table of sums, and whether anything failed', async () => {
    const { said } = await run('--count 3 --policy yjs,lww-record-arrival')
    expect(said).toMatch(
      /^3 schedules from 1 to 3, each under yjs and lww-record-arrival: 6 runs in 0s, 0 schedules a second\n/,
    )
    expect(said).toMatch(/\n {2}policy +failed +edits +concurrent +effects +lost .* differ\n {2}yjs +0 +\d+ /)
    expect(said).toMatch(/\nNothing failed\.\n$/)
  })

  test('[LA77] with --time it ends when the time is over', async () => {
    const host = new FakeHost()
    const { status, said } = await run('--time 3s --policy yjs --jobs 1 --json', {
      host,
      ran: () => void (host.ms += 1_000),
    })
    expect(status).toBe(0)
    expect(json(said)).toMatchObject({ hasEnded: true, schedules: 30 })
  })

  test('[LA78] seeds have tiny conditions of every kind', () => {
    const all = Array.from({ length: 500 }, (_, seed) => tinyConditions(seed))
    expect(tinyConditions(3)).toEqual(all[3])
    const valuesOf = (of: (each: (typeof all)[number]) => number): number => new Set(all.map(of)).size
    expect([
      valuesOf(({ devices }) => devices),
      valuesOf(({ durationMs }) => durationMs),
      valuesOf(({ apartMs }) => apartMs),
      valuesOf(({ skewMs }) => skewMs),
      valuesOf(({ delayMs }) => delayMs),
      valuesOf(({ edits }) => edits),
    ]).toEqual([2, 2, 7, 3, 3, 4])
  })
})
