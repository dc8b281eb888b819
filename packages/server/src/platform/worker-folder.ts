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
  let isClosed = false
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
      if (isClosed)
        return documents.map((_, i) => results[i] ?? err({ kind: 'budget', message: 'The server is closing.' }))
      worker ??= startWorker(budget)
      worker.ref()
      const isWhole = await foldIn(worker, documents.slice(results.length), budget.msMax, results)
      if (isWhole || isClosed) continue
      results.push(err({ kind: 'budget', message: `Over ${budget.msMax} ms or ${budget.memoryMibMax} MiB.` }))
      await stop()
    }
    worker?.unref()
    idle = setTimeout(() => void stop(), idleMs)
    idle.unref()
    return results
  }
  const close = (): Promise<void> => {
    isClosed = true
    return stop()
  }
  return { encodings: ['yjs-1', 'yjs-2'], fold, close }
}

function startWorker({ memoryMibMax }: FolderBudget): Worker {
  // In development the sources run as they are.
  const file = import.meta.url.endsWith('.ts') ? './fold-worker.ts' : './fold-worker.js'
  return new Worker(new URL(file, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMibMax },
    execArgv: [],
  })
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
      // Ours only: whoever ends the worker listens for its exit too.
      worker.off('message', take).off('error', fail).off('exit', fail)
      resolve(isWhole)
    }
    const fail = (): void => end(false)
    const take = ({ folded }: FoldResponse): void => {
      results.push(folded)
      clearTimeout(timer)
      if (results.length === wanted) return end(true)
      timer = setTimeout(fail, msMax)
    }
    let timer = setTimeout(fail, msMax)
    worker.on('message', take).on('error', fail).on('exit', fail)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage({ documents } satisfies FoldRequest)
  })
}
