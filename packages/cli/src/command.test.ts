import { openRejoin } from '@rejoin/client'
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { appIn } from './replay/app.ts'

const bin = fileURLToPath(new URL('../bin/rejoin.js', import.meta.url))
let folder: string

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'rejoin-command-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

interface Running {
  readonly ended: Promise<Ended>
  /** Resolves once the text appears on stderr. */
  said(text: RegExp): Promise<string>
  signal(signal: NodeJS.Signals): void
}

/** The real command in a process of its own, with a temporary folder of its own. */
function start(
  words: readonly string[],
  options: { readonly env?: Record<string, string>; readonly node?: readonly string[] } = {},
): Running {
  const { REJOIN_SECRET: _secret, REJOIN_DEBUG: _debug, ...inherited } = process.env
  const child = spawn(process.execPath, [...(options.node ?? []), bin, ...words], {
    env: { ...inherited, TMPDIR: folder, NO_COLOR: '1', ...options.env },
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (bytes) => (out += bytes))
  child.stderr.on('data', (bytes) => (err += bytes))
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ status, out, err })))
  return {
    ended,
    signal: (signal) => child.kill(signal),
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = text.exec(err)
          if (found !== null) resolve(found[1] ?? found[0])
        }
        child.stderr.on('data', look)
        void ended.then(() => reject(new Error(`It ended without saying ${text}: ${err}`)))
        look()
      }),
  }
}

const run = (words: readonly string[], env: Record<string, string> = {}): Promise<Ended> => start(words, { env }).ended

describe('the process', () => {
  test('[RE15] a failure sets the exit status and is one sentence', async () => {
    expect(await run(['replay', 'none.json'])).toEqual({
      status: 1,
      out: '',
      err: expect.stringMatching(/^rejoin: There is no file none\.json[^\n]*\.\n$/) as string,
    })
  })

  test('[RE20] an old Node is told which versions work', async () => {
    const old =
      'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.11.0"}})'
    const { status, err } = await start(['replay'], { node: ['--import', old] }).ended
    expect(err).toMatch(
      /^rejoin: it needs Node 22\.23, 24\.15, or 26 and later, and this is Node 20\.11\.0; .*npm start.*\.\n$/,
    )
    expect(status).toBe(1)
  })
})

describe('serve', () => {
  test('[RE16, RE17] --dev listens on loopback only and says so; SIGTERM drains', async () => {
    const server = start(['serve', '--dev', '--port', '0', '--data', join(folder, 'dev'), '--json'])
    const line = await server.said(/(\{.*"event":"listening".*\})\n/)
    expect(JSON.parse(line)).toMatchObject({
      level: 'warn',
      dev: true,
      url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/sync$/) as string,
    })
    await using replica = await openRejoin({
      collections: appIn('yjs'),
      spaces: { course: 'c' },
      server: String(JSON.parse(line).url),
    })
    const note = await replica.notes.create({ title: 'Anyone' })
    await note.edit((draft) => draft.body.insert(0, 'may write')).stored
    server.signal('SIGTERM')
    const { status, err } = await server.ended
    expect(err).toMatch(/"event":"stopped"/)
    expect(status).toBe(0)
  })

  test.each([
    [['--host', '127.0.0.1'], '127.0.0.1'],
    [[], '0.0.0.0'],
  ])('[RE16] with a key and %j it listens on %s', async (words, host) => {
    const env = { REJOIN_SECRET: 's'.repeat(32) }
    const server = start(['serve', '--port', '0', '--data', join(folder, 'keyed'), '--json', ...words], { env })
    const line = await server.said(/(\{.*"event":"listening".*\})\n/)
    expect(String(JSON.parse(line).url)).toContain(`ws://${host}:`)
    server.signal('SIGTERM')
    expect((await server.ended).status).toBe(0)
  })

  test('[RE17] a port in use is said in one sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { status, err } = await run(['serve', '--dev', '--port', String(port), '--data', join(folder, 'port')])
    other.close()
    expect(err).toMatch(new RegExp(`^rejoin: Port ${port} of 127\\.0\\.0\\.1 is in use[^\\n]*\\.\\n$`))
    expect(status).toBe(1)
  })
})

describe('replay', () => {
  const documented = [
    'trace',
    'engine',
    'transactions',
    'seconds',
    'transactionsPerSecond',
    'rawYjsTransactionsPerSecond',
    'entriesAcked',
    'bytesUp',
    'bytesDown',
    'rawUpdateBytes',
    'cuts',
    'kills',
    'unackedAtKills',
    'madeOffline',
    'catchUpMs',
    'rawApplyMs',
    'serverRssMb',
    'textMatches',
    'countersExact',
    'hashesEqual',
    'outboxesEmpty',
    'exactlyOnce',
    'ok',
    'commentsExact',
    'serverKills',
    'unackedAtServerKills',
    'unackedAtCuts',
    'seed',
    'failures',
  ]

  test('[RE14] a session with cuts and kills holds every promise and leaves nothing behind', async () => {
    const { status, out, err } = await run(['replay', 'sveltecomponent', '--first', '3000', '--seed', '7', '--json'])
    const figures = JSON.parse(out) as Record<string, unknown>
    expect(Object.keys(figures).sort()).toEqual([...documented].sort())
    expect(figures['failures']).toEqual([])
    expect(figures).toMatchObject({
      trace: 'sveltecomponent',
      engine: 'yjs',
      transactions: 3000,
      seed: 7,
      cuts: 5,
      kills: 1,
      serverKills: 1,
      ok: true,
      textMatches: true,
      countersExact: true,
      commentsExact: true,
      hashesEqual: true,
      outboxesEmpty: true,
      exactlyOnce: true,
    })
    for (const figure of [
      'seconds',
      'transactionsPerSecond',
      'rawYjsTransactionsPerSecond',
      'entriesAcked',
      'bytesUp',
      'bytesDown',
      'rawUpdateBytes',
      'madeOffline',
      'catchUpMs',
      'rawApplyMs',
      'serverRssMb',
    ])
      expect(figures[figure], figure).toBeGreaterThan(0)
    expect([figures['unackedAtKills'], figures['unackedAtServerKills'], figures['unackedAtCuts']]).toMatchObject([
      { length: 1 },
      { length: 1 },
      { length: 5 },
    ])
    expect(err).toMatch(/SIGKILL to the author/)
    expect(status).toBe(0)
    expect(readdirSync(folder).filter((name) => name.startsWith('rejoin-'))).toEqual([])
  })

  test('[RE14] it does in Automerge, on the same wire and disk', async () => {
    const words = ['replay', 'sveltecomponent', '--engine', 'automerge', '--first', '800', '--seed', '7', '--json']
    const { status, out } = await run(words)
    const figures = JSON.parse(out) as Record<string, unknown>
    const fields = documented.map((field) => (field === 'rawYjsTransactionsPerSecond' ? rawAutomerge : field))
    expect(Object.keys(figures).sort()).toEqual(fields.sort())
    expect(figures['failures']).toEqual([])
    expect(figures).toMatchObject({
      engine: 'automerge',
      transactions: 800,
      cuts: 5,
      kills: 1,
      serverKills: 1,
      ok: true,
    })
    expect(figures[rawAutomerge]).toBeGreaterThan(0)
    expect(status).toBe(0)
  }, 60_000)
  const rawAutomerge = 'rawAutomergeTransactionsPerSecond'

  const left = (): string[] => readdirSync(folder).filter((name) => name.startsWith('rejoin-'))

  test('[RE19] Ctrl-C ends everything with 130', async () => {
    const session = start(['replay', 'sveltecomponent', '--cuts', '50'])
    await session.said(/Cut 1/)
    expect(left()).toHaveLength(1)
    session.signal('SIGINT')
    const { status, out } = await session.ended
    expect({ status, out }).toEqual({ status: 130, out: '' })
    expect(left()).toEqual([])
  })

  test('[RE19] children whose parent was killed end, and remove what is theirs', async () => {
    const session = start(['replay', 'sveltecomponent', '--cuts', '50'])
    await session.said(/Cut 1/)
    expect(left()).toHaveLength(1)
    session.signal('SIGKILL')
    await session.ended
    await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 10_000 })
  })
})

describe('merge', () => {
  const documented = [
    'engine',
    'trace',
    'order',
    'transactions',
    'replicas',
    'endContentMatches',
    'hashesEqual',
    'seconds',
    'ok',
    'writingSeconds',
    'deliverySeconds',
    'authors',
    'chunk',
    'seed',
    'failures',
  ]
  const trace = (endContent: string): string => {
    const txns = [
      { agent: 0, parents: [], patches: [[0, 0, 'one']] },
      { agent: 1, parents: [0], patches: [[3, 0, ' two']] },
    ]
    const file = join(folder, `${endContent.length}.json`)
    writeFileSync(file, JSON.stringify({ kind: 'concurrent', endContent, numAgents: 2, txns }))
    return file
  }

  test('[RE30] a session that merges is one JSON object and 0', async () => {
    const { status, out } = await run(['merge', trace('one two'), '--order', 'doubled', '--replicas', '3', '--json'])
    const figures = JSON.parse(out) as Record<string, unknown>
    expect(Object.keys(figures)).toEqual(documented)
    expect(figures).toMatchObject({
      engine: 'yjs',
      trace: '7',
      order: 'doubled',
      transactions: 2,
      replicas: 3,
      endContentMatches: true,
      hashesEqual: true,
      ok: true,
      authors: 2,
      chunk: 4,
      seed: 1,
      failures: [],
    })
    expect(figures['seconds']).toBeGreaterThan(0)
    expect(status).toBe(0)
  })

  test('[RE28] the engine is the one that was chosen', async () => {
    const { status, out } = await run(['merge', trace('one two'), '--engine', 'automerge', '--json'])
    expect(JSON.parse(out)).toMatchObject({ engine: 'automerge', ok: true })
    expect(status).toBe(0)
  })

  test('[RE30] one that does not is 1; a table is shown without colours where they are not wanted', async () => {
    const { status, out, err } = await run(['merge', trace('one, two')])
    expect(out).toMatch(/✗ The session does not merge:\n {2}- The text of author 0 is not the endContent/)
    expect(out).not.toContain('\u001b')
    expect(err).toMatch(/2 transactions of 2 authors/)
    expect(status).toBe(1)
  })

  test('[RE15, RE26] a patch outside the text is said in one sentence, though it shows late', async () => {
    const file = join(folder, 'outside.json')
    const txns = [{ agent: 0, parents: [], patches: [[0, 1, '']] }]
    writeFileSync(file, JSON.stringify({ kind: 'concurrent', endContent: '', numAgents: 1, txns }))
    const { status, out, err } = await run(['merge', file, '--json'])
    expect(err).toMatch(/rejoin: .*outside\.json is not a trace: .* reaches to 1 in a text of 0 characters\.\n$/)
    expect({ status, out }).toEqual({ status: 1, out: '' })
  })

  test('[RE30] Ctrl-C ends it with 130, also while an engine is busy', async () => {
    const session = start(['merge', '--replicas', '1000', '--order', 'reversed', '--json'])
    await session.said(/26,078 transactions of 2 authors/)
    session.signal('SIGINT')
    expect(await session.ended).toMatchObject({ status: 130, out: '' })
  })
})

describe('lab', () => {
  const words = ['lab', '--policy', 'yjs,lww-field-hlc', '--workload', 'counters', '--edits', '20', '--seeds', '15']
  const runsIn = (name: string): readonly string[] => {
    const file = join(folder, name, 'runs.jsonl')
    return existsSync(file)
      ? readFileSync(file, 'utf8')
          .replaceAll(/"cpuMs":[\d.]+/g, '')
          .split('\n')
      : []
  }
  /** Resolves once more runs than that are in the file. */
  const written = (name: string, count: number): Promise<void> =>
    vi.waitUntil(() => runsIn(name).length > count, { timeout: 30_000, interval: 5 }).then(() => undefined)

  test('[RE35] after Ctrl-C, which is 130, and after SIGKILL, the same command goes on and leaves the same runs', async () => {
    const whole = await run([...words, '--out', join(folder, 'whole'), '--json'])
    expect(whole.status).toBe(0)

    const out = join(folder, 'cut')
    const stopped = start([...words, '--out', out, '--jobs', '1'])
    await written('cut', 10)
    stopped.signal('SIGINT')
    expect(await stopped.ended).toMatchObject({
      status: 130,
      out: '',
      err: expect.stringMatching(/Stopped after \d+ of 270 runs; the same command goes on with \/.*\.\n$/) as string,
    })
    const kept = runsIn('cut').length
    const killed = start([...words, '--out', out])
    await written('cut', kept + 10)
    killed.signal('SIGKILL')
    expect(await killed.ended).toMatchObject({ status: null, out: '' })
    expect(runsIn('cut').length).toBeLessThan(270)
    appendFileSync(join(out, 'runs.jsonl'), '{"kind":"run","policy":"y')

    const ended = await run([...words, '--out', out, '--json'])
    expect(ended.err).toMatch(/cut: \d+ of 270 runs are there already\.\n/)
    expect(ended.status).toBe(0)
    expect(runsIn('cut')).toEqual(runsIn('whole'))
    const withoutTimes = (text: string): string => text.replaceAll(/"cpuMs":\{[^}]*\}/g, '')
    expect(withoutTimes(ended.out)).toBe(withoutTimes(whole.out))
  }, 60_000)
})
