import { expect, test } from 'vitest'
import { engineNames } from '../engines.ts'
import { readTrace } from '../platform/trace-file.ts'
import { firstOf } from '@rejoin/lab/trace'
import { rawOf } from './raw.ts'

test.each(engineNames)(
  '[RE21] two bare documents of %s play a trace to its end, and every update is counted',
  async (engine) => {
    const trace = firstOf(readTrace('sveltecomponent'), 500)
    const { play, apply } = await rawOf(engine)
    const raw = play(trace)
    expect(apply(raw.states)).toMatchObject({ text: trace.endContent, position: 500 })
    expect(raw.updateBytes).toBeGreaterThan(500 * 20)
    expect(raw.transactionsPerSecond).toBeGreaterThan(0)
  },
)
