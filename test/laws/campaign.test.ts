import { expect, test } from 'vitest'
import { runCampaign } from './campaign.ts'
import { readOptions } from './options.ts'
import { summaryOf } from './report.ts'
import { begin, printState, readState } from './state.ts'
import type { Batch, Result, State } from './state.ts'

const held: Result = {
  kind: 'held',
  statistics: { histories: 200, operations: 4_000, medianOperations: 20, concurrent: 0.75 },
}
const told = { seed: 5, cores: 2, known: ['DO1', 'DO2'], engines: ['yjs', 'other'] }

function deps(tried: Batch[], result: (batch: Batch) => Result = () => held) {
  let ms = 0
  return {
    jobs: 2,
    batches: 6,
    forMs: undefined as number | undefined,
    nowMs: () => (ms += 10),
    tryBatch: async (batch: Batch) => {
      tried.push(batch)
      // The second of two ends first.
      for (let i = 0; i < (tried.length % 2) * 3; i++) await Promise.resolve()
      return result(batch)
    },
    moved: (): void => undefined,
    isStopped: () => false,
  }
}

test('each law gets each seed, and all come into the sums', async () => {
  const tried: Batch[] = []
  const state = await runCampaign(begin('yjs', ['[DO1] one', '[DO2] two'], 7), deps(tried))
  expect(tried.map(({ law, seed }) => `${law.slice(1, 4)} ${seed}`)).toEqual([
    ...['DO1 7', 'DO2 7', 'DO1 8', 'DO2 8', 'DO1 9', 'DO2 9'],
  ])
  expect(state).toMatchObject({ next: 6, failures: [] })
  expect(state.sums['[DO2] two']).toEqual({ runs: 600, operations: 12_000, concurrent: 450, medianOperations: 20 })
  expect(summaryOf(state)).toContain('     600      20        75 %  [DO2] two\n')
})

test('a campaign that was stopped goes on where it was, as if it had never been', async () => {
  const whole = await runCampaign(begin('yjs', ['[DO1] one', '[DO2] two'], 7), deps([]))
  const kept: State[] = []
  await runCampaign(begin('yjs', ['[DO1] one', '[DO2] two'], 7), {
    ...deps([]),
    moved: (state) => void kept.push(state),
    isStopped: () => kept.length >= 3,
  })
  const again = readState(printState(kept.at(-1) ?? whole))
  const resumed = await runCampaign(again ?? whole, deps([]))
  expect({ ...resumed, elapsedMs: 0 }).toEqual({ ...whole, elapsedMs: 0 })
})

test('it ends with the time; a law that is broken is told, and the others go on', async () => {
  const tried: Batch[] = []
  const broken = deps(tried, ({ law }) => (law === 'b' ? { kind: 'broken', message: 'b\nno\nclocks 0 0' } : held))
  const state = await runCampaign(begin('yjs', ['a', 'b'], 1), { ...broken, jobs: 1, batches: undefined, forMs: 100 })
  expect(tried.length).toBeGreaterThan(2)
  expect(state.failures[0]).toEqual({ law: 'b', seed: 1, message: 'b\nno\nclocks 0 0' })
  expect(summaryOf(state)).toMatch(/b\nno\nclocks 0 0\n\(batch of seed 1\)\n/)
})

test('the words of the command', () => {
  expect(readOptions([], told)).toMatchObject({
    kind: 'campaign',
    engine: 'yjs',
    batches: 100,
    seed: 5,
    jobs: 2,
    rules: [],
  })
  expect(readOptions(['--time', '20m', '--laws', 'DO2', '--seed', '9', '--json'], told)).toMatchObject({
    ...{ forMs: 1_200_000, batches: undefined, rules: ['DO2'], seed: 9, json: true },
  })
  expect(readOptions(['--file', 'x', '--laws', 'DO1'], told)).toEqual({
    ...{ kind: 'replay', engine: 'yjs', path: 'x', rules: ['DO1'] },
  })
  expect(readOptions(['--engine', 'other'], told)).toMatchObject({ engine: 'other' })
  for (const bad of [
    ['--time', '20'],
    ['--laws', 'DO3'],
    ['--engine', 'no'],
    ['--seed', '-1'],
    ['--jobs', '0'],
    ['--sed', '1'],
  ])
    expect(readOptions(bad, told)).toMatch(/\nusage: npm run laws/)
  expect(['', '{}', '{"version":1}', 'null'].map(readState)).toEqual([undefined, undefined, undefined, undefined])
})
