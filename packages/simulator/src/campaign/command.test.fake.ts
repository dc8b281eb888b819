import { openThreads } from '../platform/threads.ts'
import { processHost } from '../platform/process-host.ts'
import { simulate } from './command.ts'
import { usualLimits } from './limits.ts'
import { runner } from './runner.test.fake.ts'

// The command as a process of its own, over the simulator without a world.
process.exitCode = await simulate(process.argv.slice(2), {
  runner,
  host: processHost(),
  openWorkers: (options) => openThreads({ ...options, runner: new URL('runner.test.fake.ts', import.meta.url) }),
  limits: { ...usualLimits, taskMsMax: 2_000, saveEveryMs: 20 },
})
