import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const program = fileURLToPath(new URL('command.test.fake.ts', import.meta.url))
let folder: string

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'simulate-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** The command in a process of its own. As soon as `when` holds it gets the signal, once. */
function run(words: string, signal?: { readonly name: NodeJS.Signals; readonly when: () => boolean }): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...words.split(' ')], { cwd: folder })
  let out = ''
  let err = ''
  child.stdout.on('data', (bytes) => (out += bytes))
  child.stderr.on('data', (bytes) => (err += bytes))
  let isSent = false
  const look = setInterval(() => {
    if (!isSent && signal?.when() === true) isSent = child.kill(signal.name)
  }, 5)
  return new Promise((resolve) =>
    child.on('close', (status) => {
      clearInterval(look)
      resolve({ status, out, err })
    }),
  )
}

interface Summary {
  readonly seedsRun: number
  readonly failures: readonly { readonly seed: number; readonly wrong: readonly string[] }[]
}

const json = ({ out }: Ended): Summary => JSON.parse(out) as Summary
const comparable = (ended: Ended): unknown => ({
  ...json(ended),
  elapsedMs: 0,
  seedsPerSecond: 0,
  virtualHoursPerHour: 0,
})

describe('threads', () => {
  test('[SI43] as many jobs as one likes give the same sums and the same failures in the same order', async () => {
    const [one, three] = await Promise.all([
      run('--seeds 60 --from 40 --json --no-shrink --jobs 1'),
      run('--seeds 60 --from 40 --json --no-shrink --jobs 3'),
    ])
    expect(one.status).toBe(1)
    expect(comparable(three)).toEqual(comparable(one))
    expect(json(three).failures.map(({ seed }) => seed)).toEqual([43, 53, 63, 73, 83, 93])
  })

  test('[SI43] a worker that dies, a seed that hangs and a simulator that falls over are errors with their seeds', async () => {
    const ended = await run('--seeds 30 --from 961 --json --no-shrink --jobs 2')
    expect(ended.status).toBe(1)
    expect(json(ended)).toMatchObject({ seedsRun: 30 })
    const lost = json(ended).failures.filter(({ seed }) => seed % 10 !== 3)
    expect(lost).toMatchObject([
      { seed: 966, wrong: ['its worker died: exit status 3'] },
      { seed: 977, wrong: ['it hung: no end after 2 s of real time'] },
      { seed: 988, wrong: ['the simulator itself failed: Error: the fake fell over'] },
    ])
    expect(ended.err).toContain('seed 977: BROKEN\n  it hung')
  })
})

describe('signals', () => {
  const words = '--seeds 250 --json --no-shrink --jobs 2'

  const hasBegun = (state: string) => (): boolean =>
    existsSync(state) && Number(/"next": (\d+)/.exec(readFileSync(state, 'utf8'))?.[1]) > 20

  test('[SI44] after SIGINT, and after SIGKILL, the same command goes on and ends with the same sums', async () => {
    const whole = run(words)
    const state = join(folder, 'state')
    const stopped = await run(`${words} --resume state`, { name: 'SIGINT', when: hasBegun(state) })
    expect(stopped.status).toBe(130)
    expect(json(stopped)).toMatchObject({ hasEnded: false })
    const { seedsRun } = json(stopped)
    const killed = await run(`${words} --resume state`, {
      name: 'SIGKILL',
      when: () => Number(/"next": (\d+)/.exec(readFileSync(state, 'utf8'))?.[1]) > seedsRun + 20,
    })
    expect(killed).toMatchObject({ status: null, out: '' })
    const ended = await run(`${words} --resume state`)
    expect(ended.err).toMatch(/^state: it goes on at seed \d+\.\n/)
    expect(ended.status).toBe(1)
    expect(comparable(ended)).toEqual(comparable(await whole))
  })
})
