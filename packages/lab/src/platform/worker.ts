import { parentPort } from 'node:worker_threads'
import { perform } from '../campaign/task.ts'
import type { Task } from '../campaign/task.ts'

// Runs in a worker thread: one task after the other, each answered with what came of it.
parentPort?.on('message', (task: Task) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  void perform(task).then((answer) => parentPort?.postMessage(answer))
})
