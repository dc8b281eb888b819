// Plays the trace on bare documents of an engine, in a process in which nothing else has run.
import { serveParent } from '../platform/parent.ts'
import { readTrace } from '../platform/trace-file.ts'
import { rawOf } from '../replay/raw.ts'
import type { RawCalls } from '../replay/roles.ts'
import { firstOf } from '@rejoin/lab/trace'

serveParent<RawCalls, never>({
  play: async ({ engine, file, first }) => {
    const whole = readTrace(file)
    return (await rawOf(engine)).play(firstOf(whole, first ?? whole.transactions.length))
  },
})
