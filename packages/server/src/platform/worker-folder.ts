import { err } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import { Worker } from 'node:worker_threads'
import type { Folded } from '../fold/fold.ts'
import type { Folder } from '../fold/folder.ts'

export interface FoldRequest {
  readonly documents: readonly (readonly Update[])[]
}

export interface FoldResponse {
  readonly index: number
  readonly folded: Folded
}

export interface FolderBudget {
  /** For one document. */
  readonly msMax: number
  readonly memoryMibMax: number
}

/** A worker without work is ended after this long, and its memory with it. */
const idleMs = 10_000

/** Folds in a worker thread. A document over its budget ends the worker, and only that document fails. */
export function workerFolder(budget: FolderBudget): Folder {
  let worker: Worker | undefined
  let idle: ReturnType<typeof setTimeout> | undefined
  const stop = async (): Promise<void> => {
    clearTimeout(idle)
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }
  const fold = async (documents: readonly (readonly Update[])[]): Promise<readonly Folded[]> => {
    clearTimeout(idle)
    const results: Folded[] = []
    while (results.length < documents.length) {
      worker ??= startWorker(budget)
      const isWhole = await foldIn(worker, documents.slice(results.length), budget.msMax, results)
      if (isWhole) continue
      results.push(err({ kind: 'budget', message: `Over ${budget.msMax} ms or ${budget.memoryMibMax} MiB.` }))
      await stop()
    }
    idle = setTimeout(() => void stop(), idleMs)
    idle.unref()
    return results
  }
  return { fold, close: stop }
}

function startWorker({ memoryMibMax }: FolderBudget): Worker {
  // In development the sources run as they are.
  const file = import.meta.url.endsWith('.ts') ? './fold-worker.ts' : './fold-worker.js'
  const worker = new Worker(new URL(file, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMibMax },
    execArgv: [],
  })
  worker.unref()
  return worker
}

/** True if every document was answered; false if the one after the last answer broke the budget or the worker. */
function foldIn(
  worker: Worker,
  documents: FoldRequest['documents'],
  msMax: number,
  results: Folded[],
): Promise<boolean> {
  return new Promise((resolve) => {
    const wanted = results.length + documents.length
    const end = (isWhole: boolean): void => {
      clearTimeout(timer)
      worker.removeAllListeners()
      resolve(isWhole)
    }
    let timer = setTimeout(() => end(false), msMax)
    worker.on('message', ({ folded }: FoldResponse) => {
      results.push(folded)
      clearTimeout(timer)
      if (results.length === wanted) return end(true)
      timer = setTimeout(() => end(false), msMax)
    })
    worker.on('error', () => end(false))
    worker.on('exit', () => end(false))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage({ documents } satisfies FoldRequest)
  })
}
