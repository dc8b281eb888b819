import { Worker } from 'node:worker_threads'
import type { Batch, Result } from './state.ts'

/** Threads that try batches, each one at a time. */
export class Threads {
  readonly #all = new Set<Worker>()
  readonly #free: Worker[] = []

  tryBatch(batch: Batch): Promise<Result> {
    const worker = this.#free.pop() ?? this.#start()
    return new Promise((resolve) => {
      const end = (result: Result): void => {
        worker.off('message', held).off('error', fail)
        resolve(result)
      }
      const held = (result: Result): void => {
        this.#free.push(worker)
        end(result)
      }
      const fail = (cause: unknown): void => {
        this.#all.delete(worker)
        end({ kind: 'broken', message: `${batch.law}\nits thread died: ${String(cause)}` })
      }
      worker.on('message', held).on('error', fail)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(batch)
    })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()))
  }

  #start(): Worker {
    const worker = new Worker(new URL('worker.ts', import.meta.url))
    this.#all.add(worker)
    return worker
  }
}
