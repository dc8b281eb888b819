import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { benchPage } from './bench-page.ts'
import type { Bench } from './bench.ts'
import { measure } from './measure.ts'
import { parseResult } from './result.ts'
import type { Stopwatch } from './runner.ts'

const stopwatch: Stopwatch = {
  time: (run) => Promise.resolve({ wallMs: 1, cpuMs: 1, result: run() }),
}

const bench = (name: string, verify: () => void): Bench => ({
  name,
  about: 'made up',
  prepare: () =>
    Promise.resolve([
      {
        name: 'c',
        count: 1,
        unit: 'u',
        contestants: [{ name: 'ours', role: 'subject', settings: 'as is', run: () => 1, verify }],
      },
    ]),
})

const well = (): void => undefined
const wrong = (): void => {
  throw new Error('2 is not <b>1</b>')
}

test('a benchmark that fails is told of, and the others are there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'measure-'))
  const told: string[] = []
  try {
    const result = await measure(
      [
        ['one', () => Promise.resolve(bench('one', well))],
        ['two', () => Promise.resolve(bench('two', wrong))],
        ['three', () => Promise.reject(new Error('no such module'))],
        ['four', () => Promise.resolve(bench('four', well))],
      ],
      { quick: true, seed: 1, rounds: 1, traceFile: '/x/a.json', folder, machine: { cpu: 'c' } },
      stopwatch,
      {
        done: ({ name }) => void told.push(`${name} done`),
        failed: ({ bench }) => void told.push(`${bench} failed`),
        progress: () => undefined,
      },
    )
    expect(told).toEqual(['one done', 'two failed', 'three failed', 'four done'])
    expect(result.failures).toEqual([
      { bench: 'two', sentence: 'c: the result of ours is wrong, so its speed means nothing: 2 is not <b>1</b>' },
      { bench: 'three', sentence: 'no such module' },
    ])
    expect(result.benches[0]?.cases[0]?.contestants[0]?.settings).toBe('as is')
    expect(parseResult(JSON.stringify(result))).toEqual(result)
    const page = await benchPage(result, {})
    expect(page).toContain('<strong>two failed</strong>')
    expect(page).toContain('2 is not &lt;b&gt;1&lt;/b&gt;')
    expect(page).toContain('ours: as is')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
