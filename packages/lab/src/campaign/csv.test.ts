import { expect, test } from 'vitest'
import { runsCsv, sessionsCsv } from './csv.ts'
import { result } from './results.test.helper.ts'

test('[LA72] has a line of names and one for each run; what a run does not have is empty', () => {
  const [head, line, end] = runsCsv([result({ distance: 0.25, seed: 7 })]).split('\r\n')
  const cells = Object.fromEntries((head ?? '').split(',').map((name, at) => [name, line?.split(',')[at]]))
  expect(cells).toMatchObject({
    policy: 'yjs',
    seed: '7',
    effects: '100',
    deletions: '10',
    distance: '0.25',
    interleaving: '',
    convergent: 'true',
    cpuMs: '12.5',
  })
  expect(end).toBe('')
  // Every figure of a run has a column.
  expect(Object.keys(cells)).toEqual(expect.arrayContaining(Object.keys(result())))
})

test('[LA72] commas, quotes and line ends are quoted', () => {
  const invariants = { 'one, "two"': 3, 'not broken': 0, 'a\nb': 1 }
  expect(runsCsv([result({ invariants })])).toContain(',4,"one, ""two"": 3; a\nb: 1",true,')
})

test('[LA72] sessions have a file of their own, which is no more than its names if there are none', () => {
  expect(sessionsCsv([])).toMatch(/^policy,trace,.*,lostEffects,traceLength,lostShare,ghosts,.*,cpuMs\r\n$/)
})
