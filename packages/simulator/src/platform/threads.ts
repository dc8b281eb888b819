import type { Workers } from '../campaign/runner.ts'
import { openLanes } from './lanes.ts'

export interface ThreadsOptions {
  readonly jobs: number
  /** The module that exports the `runner`. */
  readonly runner: URL
  /** Real time that one task may take. */
  readonly taskMsMax: number
}

/** Runs tasks of the simulator in worker threads, as many at once as there are jobs. */
export function openThreads({ jobs, runner, taskMsMax }: ThreadsOptions): Workers {
  // In development the sources run as they are.
  const file = import.meta.url.endsWith('.ts') ? './seed-worker.ts' : './seed-worker.js'
  return openLanes({ jobs, worker: new URL(file, import.meta.url), workerData: runner.href, taskMsMax })
}
