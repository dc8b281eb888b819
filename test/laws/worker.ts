import { parentPort } from 'node:worker_threads'
import type { Batch } from './state.ts'
import { tryBatch } from './try-batch.ts'

// A thread of the campaign: a batch comes in, its result goes out.
parentPort?.on('message', (batch: Batch) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(tryBatch(batch))
})
