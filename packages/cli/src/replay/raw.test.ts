import { expect, test } from 'vitest'
import { readTrace } from '../platform/trace-file.ts'
import { firstOf } from '../trace/trace.ts'
import { applyRaw, playRaw } from './raw.ts'

test('[RE21] two bare documents play a trace to its end, and every update is counted', () => {
  const trace = firstOf(readTrace('sveltecomponent'), 500)
  const raw = playRaw(trace)
  expect(applyRaw(raw.states)).toMatchObject({ text: trace.endContent, position: 500 })
  expect(raw.updateBytes).toBeGreaterThan(500 * 20)
  expect(raw.transactionsPerSecond).toBeGreaterThan(0)
})
