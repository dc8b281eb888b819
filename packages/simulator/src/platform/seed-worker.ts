import { parentPort, workerData } from 'node:worker_threads'
import { perform } from '../campaign/runner.ts'
import type { Runner, Task } from '../campaign/runner.ts'

// Runs in a worker thread: one task after the other, each answered with its result.
const { runner } = (await import(String(workerData))) as { readonly runner: Runner }

parentPort?.on('message', (task: Task) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  void perform(runner, task).then((result) => parentPort?.postMessage(result))
})
