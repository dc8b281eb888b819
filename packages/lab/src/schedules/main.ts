import { processHost } from '@rejoin/simulator/campaigns'
import { openWorkers } from '../platform/workers.ts'
import { schedules } from './command.ts'
import type { ExitStatus } from './command.ts'

/** The composition root of `npm run schedules`: the real machine, and worker threads. */
export const main = (words: readonly string[]): Promise<ExitStatus> =>
  schedules(words, { host: processHost(), openWorkers })
