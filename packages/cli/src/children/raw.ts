// Plays the trace on bare Yjs, in a process in which nothing else has run.
import { serveParent } from '../platform/parent.ts'
import { readTrace } from '../platform/trace-file.ts'
import { playRaw } from '../replay/raw.ts'
import type { RawCalls } from '../replay/roles.ts'
import { firstOf } from '../trace/trace.ts'

serveParent<RawCalls, never>({
  play: (choice) => {
    const whole = readTrace(choice.file)
    return playRaw(firstOf(whole, choice.first ?? whole.transactions.length))
  },
})
