import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Stopwatch } from './runner.ts'

/** The real one. Collects garbage before each lap, so that nobody pays for what others left. */
export function createStopwatch(): Stopwatch {
  setFlagsFromString('--expose-gc')
  // Else each collection ages code that waits for its turn, and throws it away.
  setFlagsFromString('--no-flush-bytecode')
  const collect: unknown = runInNewContext('gc')
  return {
    async time(run) {
      if (typeof collect === 'function') collect()
      const cpu = process.cpuUsage()
      const start = performance.now()
      const result = await run()
      const wallMs = performance.now() - start
      const { user, system } = process.cpuUsage(cpu)
      return { wallMs, cpuMs: (user + system) / 1000, result }
    },
  }
}
