import { simulate } from './campaign/command.ts'
import type { ExitStatus } from './campaign/command.ts'
import { processHost } from './platform/process-host.ts'
import { openThreads } from './platform/threads.ts'
import { runner } from './runner.ts'

/** The composition root of `npm run simulate`: the real machine, and worker threads that run the real simulator. */
export function main(words: readonly string[]): Promise<ExitStatus> {
  // In development the sources run as they are.
  const file = import.meta.url.endsWith('.ts') ? './runner.ts' : './runner.js'
  const runnerFile = new URL(file, import.meta.url)
  return simulate(words, {
    runner,
    host: processHost(),
    openWorkers: (options) => openThreads({ ...options, runner: runnerFile }),
  })
}
