import { Worker } from 'node:worker_threads'
import type { Batch, Result } from './state.ts'

/** Threads that try batches, each one at a time. */
export class Threads {
  readonly #engine: string
  readonly #all = new Set<Worker>()
  readonly #free: Worker[] = []

  constructor(engine: string) {
    this.#engine = engine
  }

  tryBatch(batch: Batch): Promise<Result> {
    const worker = this.#free.pop() ?? this.#start()
    return new Promise((resolve) => {
      const end = (result: Result): void => {
        worker.off('message', told).off('error', fail)
        resolve(result)
      }
      const told = (result: Result): void => {
        // Its engine may have been lost by what broke the law.
        if (result.kind === 'broken') this.#dismiss(worker)
        else this.#free.push(worker)
        end(result)
      }
      const fail = (cause: unknown): void => {
        this.#all.delete(worker)
        end({ kind: 'broken', message: `${batch.law}\nits thread died: ${String(cause)}` })
      }
      worker.on('message', told).on('error', fail)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage(batch)
    })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()))
  }

  #dismiss(worker: Worker): void {
    this.#all.delete(worker)
    void worker.terminate()
  }

  #start(): Worker {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: this.#engine })
    this.#all.add(worker)
    return worker
  }
}
