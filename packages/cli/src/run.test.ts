import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spaceId } from '@rejoin/base'
import { hs256 } from '@rejoin/server'
import type { Principal } from '@rejoin/server'
import pc from 'picocolors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExitStatus } from './exit-status.ts'
import { runCommand } from './run.ts'

let folder: string

beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'rejoin-run-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly status: ExitStatus
  readonly out: string
  readonly err: string
}

/** The command in this process, with a terminal that only listens. */
async function run(words: readonly string[], secret?: string): Promise<Ended> {
  let out = ''
  let err = ''
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    live: false,
    columns: 80,
    colors: pc.createColors(false),
  }
  const status = await runCommand(words, terminal, { version: '1.2.3', secret, debug: false })
  return { status, out, err }
}

describe('bad input', () => {
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const wrongEnd = JSON.stringify({ startContent: '', endContent: 'x', txns: [{ patches: [[0, 0, 'y']] }] })
  const ahead = JSON.stringify({
    kind: 'concurrent',
    endContent: '',
    numAgents: 1,
    txns: [{ agent: 0, parents: [0], patches: [] }],
  })

  test.each<readonly [what: string, words: () => readonly string[], sentence: RegExp]>([
    ['no such file', () => ['replay', 'none.json'], /There is no file none\.json/],
    ['no trace', () => ['replay', file('a.json', '{}'), '--json'], /a\.json is not a trace/],
    ['another end', () => ['replay', file('b.json', wrongEnd)], /b\.json does not replay to its endContent/],
    [
      'a folder that is a file',
      () => ['replay', '--keep', join(file('c', ''), 'x')],
      /The folder .* cannot be written \(ENOTDIR\)/,
    ],
    ['a folder in use', () => ['replay', '--keep', fileURLToPath(new URL('.', import.meta.url))], /is not empty/],
    [
      'data in no folder',
      () => ['serve', '--dev', '--data', '/proc/rejoin'],
      /The folder \/proc\/rejoin cannot be written/,
    ],
    ['merge: no such file', () => ['merge', 'none.json'], /There is no file none\.json/],
    [
      'merge: a sequential trace',
      () => ['merge', 'sveltecomponent', '--json'],
      /sveltecomponent is a sequential trace/,
    ],
    ['merge: no JSON', () => ['merge', file('d', 'x')], /d is not a trace: it is not JSON/],
    [
      'merge: a parent ahead',
      () => ['merge', file('e.json', ahead)],
      /e\.json is .* transaction 0 names 0 as a parent/,
    ],
    ['replay: a concurrent trace', () => ['replay', 'friendsforever-concurrent'], /concurrent trace;.*`rejoin merge`/],
    ['a token without a key', () => ['token', '--tenant', 't', '--user', 'u', '--space', 's=editor'], /REJOIN_SECRET/],
  ])('[RE15] %s: exit status 1 and one sentence', async (_what, words, sentence) => {
    const { status, out, err } = await run(words())
    expect(err).toMatch(/^rejoin: [^\n]*\.\n$/)
    expect(err).toMatch(sentence)
    expect({ status, out }).toEqual({ status: 1, out: '' })
  })

  test.each<readonly [words: readonly string[], says: RegExp]>([
    [[], /Usage: rejoin/],
    [['fly'], /unknown command 'fly'/],
    [['replay', '--first', 'x'], /--first.*It must be a whole number/],
    [['replay', '--first', '0'], /It must be 1 or more/],
    [['replay', '--cuts', '51'], /at most 50/],
    [['replay', 'a', 'b'], /too many arguments/],
    [['replay', '--fast'], /unknown option '--fast'/],
    [['merge', '--engine', 'word'], /--engine.*'word' is invalid\. Allowed choices are yjs/],
    [['merge', '--order', 'sorted'], /--order.*Allowed choices are causal, shuffled, reversed, doubled/],
    [['merge', '--replicas', '0'], /--replicas.*It must be 1 or more/],
    [['merge', '--chunk', '0'], /--chunk.*It must be 1 or more/],
    [['merge', '--seed', '-1'], /--seed.*It must be a whole number/],
    [['merge', 'a', 'b'], /too many arguments/],
    [['serve', '--port', '70000'], /It must be a port/],
    [['token', '--tenant', 't'], /required option '--user/],
    [['token', '--tenant', 't', '--user', 'u', '--space', 's'], /It must be name=role/],
    [['token', '--tenant', 't/x', '--user', 'u', '--space', 's=editor'], /It must be 1 to 128 characters/],
    [
      ['token', '--tenant', 't', '--user', 'u', '--space', 's=editor', '--expires', 'soon'],
      /It must be a time such as/,
    ],
  ])('[RE15] %j is wrong usage: exit status 2', async (words, says) => {
    const { status, out, err } = await run(words)
    expect(err).toMatch(says)
    expect(err).not.toMatch(/\n\s+at /)
    expect({ status, out }).toEqual({ status: 2, out: '' })
  })
})

describe('serve', () => {
  test.each([
    ['no key', undefined, /^rejoin: .*REJOIN_SECRET.*--dev.*\n$/],
    ['a short key', 'k'.repeat(31), /^rejoin: .*32 bytes.*\n$/],
  ])('[RE16] refuses to start with %s', async (_what, secret, sentence) => {
    const { status, err } = await run(['serve', '--data', join(folder, 'never')], secret)
    expect(err).toMatch(sentence)
    expect(status).toBe(1)
    expect(readdirSync(folder)).not.toContain('never')
  })

  test('[RE16] --dev refuses a host that other machines can reach', async () => {
    const { status, err } = await run(['serve', '--dev', '--host', '0.0.0.0', '--data', join(folder, 'open')])
    expect(err).toMatch(/^rejoin: With --dev everyone may do everything, .*127\.0\.0\.1.*\n$/)
    expect(status).toBe(1)
    expect(readdirSync(folder)).not.toContain('open')
  })
})

describe('words', () => {
  test('[RE15] help and version are no failure', async () => {
    expect(await run(['--version'])).toEqual({ status: 0, out: '1.2.3\n', err: '' })
    expect(await run(['replay', '--help'])).toMatchObject({
      status: 0,
      out: expect.stringMatching(/automerge-paper/) as string,
      err: '',
    })
  })
})

describe('token', () => {
  const secret = 's'.repeat(32)
  const words = [
    'token',
    '--tenant',
    'acme',
    '--user',
    'ada',
    '--space',
    'course-7=editor',
    '--space',
    'staff=viewer',
    '--expires',
    '30m',
  ]

  async function principalOf(made: string): Promise<Principal> {
    const judged = await hs256(secret)({ now: () => Date.now() })(made)
    if (!judged.ok) throw new Error(judged.error.message)
    return judged.value
  }

  test('[RE18] the server of the same key accepts the token, with its roles and its end', async () => {
    const { status, out } = await run(words, secret)
    expect(status).toBe(0)
    const principal = await principalOf(out.trim())
    expect(principal).toMatchObject({ tenant: 'acme', user: 'ada' })
    expect(['course-7', 'staff', 'other'].map((space) => principal.roleIn(spaceId(space)))).toEqual([
      'editor',
      'viewer',
      undefined,
    ])
    const minutes = (principal.expiresMs - Date.now()) / 60_000
    expect(minutes).toBeGreaterThan(28)
    expect(minutes).toBeLessThan(33)
  })

  test('[RE18] --json says what is in it; a server with another key refuses it', async () => {
    const made = JSON.parse((await run([...words, '--json'], secret)).out) as Record<string, unknown>
    expect(made).toEqual({
      token: expect.any(String) as string,
      tenant: 'acme',
      user: 'ada',
      spaces: { 'course-7': 'editor', 'staff': 'viewer' },
      expiresInSeconds: 1800,
    })
    expect(await hs256('x'.repeat(32))({ now: () => Date.now() })(String(made['token']))).toMatchObject({ ok: false })
  })

  test('[RE18] a role that does not exist is said in one sentence', async () => {
    const { status, err } = await run(['token', '--tenant', 't', '--user', 'u', '--space', 's=king'], secret)
    expect(err).toBe('rejoin: There is no role king; roles are viewer, editor, admin, owner.\n')
    expect(status).toBe(1)
  })
})
