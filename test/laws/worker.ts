import { parentPort, workerData } from 'node:worker_threads'
import { candidateNamed } from './engines.ts'
import type { Batch } from './state.ts'
import { tryBatch } from './try-batch.ts'

// A thread of the campaign, told the name of its engine: a batch comes in, its result goes out.
const candidate = candidateNamed(String(workerData))
const engine = await candidate.open()
parentPort?.on('message', (batch: Batch) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(tryBatch(engine, batch, candidate.runs / 5))
})
