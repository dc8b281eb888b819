import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diceOf } from './dice.ts'
import { readLedger } from './ledger.ts'
import { readOptions } from './options.ts'
import { drawStrike } from './strikes.ts'
import { torture } from './torture.ts'

test('real processes that are killed 30 times on real files keep every promise', { timeout: 120_000 }, async () => {
  const kills = 30
  const { figures, failures } = await torture({ kills, seed: 20_261_120, replicas: 4, json: false }, () => undefined)
  expect(failures).toEqual([])
  expect(figures.kills).toBe(kills)
  // No promise is kept by nobody asking for it.
  const { serverKills, replicaKills, edits, deviceReceipts, storedReceipts, acked, entries } = figures
  for (const figure of [serverKills, replicaKills, edits, deviceReceipts, storedReceipts, acked, entries])
    expect(figure).toBeGreaterThan(0)
})

test('a seed draws the same strikes again, at the server, at replicas and at both', () => {
  const strikes = (seed: number) => {
    const dice = diceOf(seed)
    return Array.from({ length: 200 }, () => drawStrike(dice, 3))
  }
  expect(strikes(1)).toEqual(strikes(1))
  expect(strikes(1)).not.toEqual(strikes(2))
  const victims = strikes(1).map(({ blows }) => blows.map(({ victim }) => victim))
  const atServer = victims.filter((who) => who.includes('server'))
  expect(atServer.some((who) => who.length === 1)).toBe(true)
  expect(atServer.some((who) => who.length === 4)).toBe(true)
  expect(victims.filter((who) => !who.includes('server') && who.length > 1).length).toBeGreaterThan(0)
})

test('the last line of a ledger may be torn, and a life may be without one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rejoin-ledger-'))
  try {
    const file = join(folder, 'r0.0.jsonl')
    expect(readLedger(file)).toEqual([])
    writeFileSync(file, '{"kind":"device","mark":"R0.0.1"}\n{"kind":"dev')
    expect(readLedger(file)).toEqual([{ kind: 'device', mark: 'R0.0.1' }])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('what is asked for is read, and what cannot be is refused in a sentence', () => {
  expect(readOptions([], 5)).toEqual({ kills: 100, seed: 5, replicas: undefined, json: false })
  expect(readOptions(['--kills', '7', '--seed', '3', '--replicas', '4', '--json'], 5)).toEqual({
    kills: 7,
    seed: 3,
    replicas: 4,
    json: true,
  })
  for (const words of ['--kills 0', '--kills x', '--seed -1', '--replicas 5', '--replicas 1', '--what', '7'])
    expect(readOptions(words.split(' '), 5)).toMatch(/^[^\n.]+; usage: npm run torture/)
})

test('bad arguments end with status 2 and one line', () => {
  const main = join(import.meta.dirname, 'main.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--kills', 'many'], { encoding: 'utf8' })
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(/^--kills is a whole number from 1 to 1000000, not "many"; usage: .*\n$/)
})
