import { openLanes } from '@rejoin/simulator/campaigns'
import { availableParallelism } from 'node:os'
import type { Workers } from '../campaign/campaign.ts'

export interface WorkersOptions {
  readonly jobs: number
}

/** As many jobs as the machine has cores. */
export const jobsUnlessTold = (): number => availableParallelism()

/** Threads that run cells and schedules. */
export function openWorkers({ jobs }: WorkersOptions): Workers {
  // In development the sources run as they are.
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
  return openLanes({ jobs, worker: new URL(file, import.meta.url), taskMsMax })
}

/** Real time after which a task is said to hang: a batch of schedules is done in seconds, a long session in minutes. */
const taskMsMax = 1_800_000
