import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRunFile } from '../platform/run-file.ts'
import { openWorkers } from '../platform/workers.ts'
import { sessionOf } from '../session/session.ts'
import type { Session } from '../session/session.ts'
import { parseConcurrent } from '../trace/index.ts'
import { runCampaign } from './campaign.ts'
import type { Workers } from './campaign.ts'
import { filesOf } from './files.ts'
import type { Outcome } from './outcome.ts'
import { runsOf, sessionsOf } from './outcome.ts'
import { planOf } from './plan.ts'
import type { Plan } from './plan.ts'
import { perform } from './task.ts'

let folder: string

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'rejoin-lab-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Two people who type one letter each at the same time. */
const session = ((): Session => {
  const txns = [
    { agent: 0, parents: [], patches: [[0, 0, 'a']] },
    { agent: 1, parents: [0], patches: [[1, 0, 'b']] },
    { agent: 0, parents: [0], patches: [[0, 0, 'c']] },
  ]
  const trace = parseConcurrent('two', JSON.stringify({ kind: 'concurrent', endContent: 'cab', numAgents: 2, txns }))
  const read = trace.ok ? sessionOf(trace.value) : trace
  if (!read.ok) throw new Error(read.error)
  return read.value
})()

const asked = {
  policies: ['yjs', 'lww-field-hlc'],
  workloads: ['counters', 'sets'],
  conditions: ['hours'],
  dials: { edits: 6 },
  seeds: 3,
  sessions: [session],
}
const plan = planOf(asked)
const cells = 2 + 2 * 2 * 3

/** In this thread; `ran` is told before each. */
const workersHere = (ran: () => void = () => undefined): Workers => ({
  run: async (task) => {
    ran()
    return perform(task)
  },
  close: () => Promise.resolve(),
})

async function runIn(
  name: string,
  { workers = workersHere(), jobs = 1, stopAfter = Infinity, of = plan }: RunOptions = {},
): Promise<readonly Outcome[]> {
  const log = openRunFile(join(folder, name), of)
  const isStopped = (): boolean => log.outcomes.length >= stopAfter
  try {
    await runCampaign(of, { log, workers, jobs, sessions: [session], isStopped })
  } finally {
    log.close()
  }
  return log.outcomes
}

interface RunOptions {
  readonly workers?: Workers
  readonly jobs?: number
  readonly stopAfter?: number
  readonly of?: Plan
}

const fileOf = (name: string): string => join(folder, name, 'runs.jsonl')
const textOf = (name: string): string => readFileSync(fileOf(name), 'utf8').replaceAll(/"cpuMs":[\d.]+/g, '"cpuMs":0')

describe('a campaign', () => {
  test('[LA70] writes the same file with any number of threads, processor time left out', async () => {
    const workers = openWorkers({ jobs: 3 })
    try {
      const [here, there] = await Promise.all([runIn('one'), runIn('three', { workers, jobs: 3 })])
      expect(there).toHaveLength(cells)
      expect(textOf('three')).toBe(textOf('one'))
      const tables = [here, there].map((outcomes) =>
        filesOf({ plan, runs: runsOf(outcomes), sessions: sessionsOf(outcomes) }).map(({ name, text }) => {
          return { name, text: text.replaceAll(/"cpuMs": [\d.]+/g, '').replaceAll(/,[\d.]+(?=\r\n)/g, '') }
        }),
      )
      expect(tables[1]).toEqual(tables[0])
    } finally {
      await workers.close()
    }
  }, 30_000)

  test('[LA71] goes on where it was stopped, and behind a line that a crash tore', async () => {
    await runIn('whole')
    let ran = 0
    const workers = workersHere(() => void ran++)
    await runIn('torn', { stopAfter: 5 })
    appendFileSync(fileOf('torn'), '{"kind":"run","policy":"yjs","workl')
    await runIn('torn', { workers })
    // The one that was begun when it was stopped had not been written.
    expect(ran).toBe(cells - 5)
    expect(textOf('torn')).toBe(textOf('whole'))
    await runIn('torn', { workers })
    expect(ran).toBe(cells - 5)
  })

  test('[LA71] a header that was torn is written again', async () => {
    await runIn('whole')
    await runIn('header')
    truncateSync(fileOf('header'), 20)
    await runIn('header')
    expect(textOf('header')).toBe(textOf('whole'))
  })

  test.each<readonly [what: string, of: Plan, sentence: RegExp]>([
    ['seeds', planOf({ ...asked, seeds: 4 }), /runs\.jsonl is of another plan: its seeds are 3, and not 4; .*\.$/],
    [
      'dials',
      planOf({ ...asked, dials: { edits: 7 } }),
      /is of another plan: its conditions are \{"name":"hours".*"edits":6.*\}, and not \{.*"edits":7.*\}; .*\.$/,
    ],
    [
      'policies',
      planOf({ ...asked, policies: ['yjs'] }),
      /its policies are yjs, lww-field-hlc, and not yjs; give another folder, or the same words as then\.$/,
    ],
  ])('[LA71] a folder of other %s is refused with one sentence', async (_what, of, sentence) => {
    await runIn('other', { stopAfter: 1 })
    await expect(runIn('other', { of })).rejects.toThrow(sentence)
  })

  test('[LA71] so is a file of something else, or one whose lines are not its runs', async () => {
    await runIn('spoilt', { stopAfter: 4 })
    const lines = textOf('spoilt').split('\n')
    writeFileSync(fileOf('spoilt'), lines.toSpliced(2, 1).join('\n'))
    await expect(runIn('spoilt')).rejects.toThrow(/is damaged in line 3: it is not the run that belongs there\.$/)
    for (const value of ['"x"', '-1', '1.5', 'null']) {
      writeFileSync(fileOf('spoilt'), lines.join('\n').replace(/"lost":\d+/, `"lost":${value}`))
      await expect(runIn('spoilt')).rejects.toThrow(
        /is damaged in line \d+: its lost cannot be; give another folder, .*\.$/,
      )
    }
    writeFileSync(fileOf('spoilt'), '{"seeds":3}\n')
    await expect(runIn('spoilt')).rejects.toThrow(/is not a list of runs\.$/)
  })

  test('[LA74] a run that does not come to its end is named, and what was done before is kept', async () => {
    let ran = 0
    const here = workersHere()
    const workers: Workers = {
      ...here,
      run: (task) => (++ran === 4 ? Promise.resolve({ kind: 'lost', message: 'it hung' }) : here.run(task)),
    }
    await expect(runIn('lost', { workers })).rejects.toThrow(
      'The run of lww-field-hlc, counters, hours, seed 1 failed: it hung',
    )
    expect(await runIn('lost')).toHaveLength(cells)
    expect(textOf('lost').split('\n')).toHaveLength(cells + 2)
  })
})
