import { err } from '@rejoin/base'
import type { Update } from '@rejoin/documents'
import { Worker } from 'node:worker_threads'
import type { FoldAnswer } from '../fold/answers.ts'
import type { Folded } from '../fold/fold.ts'
import type { Folder } from '../fold/folder.ts'

export interface FoldRequest {
  readonly documents: readonly (readonly Update[])[]
}

/** For one document. */
export interface FolderBudget {
  readonly msMax: number
  /** Of the thread's own heap. */
  readonly memoryMibMax: number
  /** By how much the whole process may grow meanwhile: an engine in WebAssembly has its memory in no heap. */
  readonly growthMibMax: number
}

/** A worker without work is ended after this long, and its memory with it. */
const idleMs = 10_000
/** How often the size of the process is looked at. */
const lookEveryMs = 50

// In development the sources run as they are.
const foldWorker = new URL(import.meta.url.endsWith('.ts') ? './fold-worker.ts' : './fold-worker.js', import.meta.url)

/**
 * Folds in a worker thread. A document over its budget, or one that an engine fails over, ends the worker, and only that
 * document fails.
 */
export function workerFolder(budget: FolderBudget, script: URL = foldWorker): Folder {
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
      worker ??= startWorker(script, budget)
      worker.ref()
      const end = await foldIn(worker, documents.slice(results.length), budget, results)
      if (end === 'whole' || isClosed) continue
      if (end === 'over') results.push(err({ kind: 'budget', message: overBudget(budget) }))
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
  return { encodings: ['yjs-1', 'yjs-2', 'automerge'], fold, close }
}

const startWorker = (script: URL, { memoryMibMax }: FolderBudget): Worker =>
  new Worker(script, { resourceLimits: { maxOldGenerationSizeMb: memoryMibMax }, execArgv: [] })

const overBudget = ({ msMax, memoryMibMax, growthMibMax }: FolderBudget): string =>
  `Over ${msMax} ms, ${memoryMibMax} MiB of its own or ${growthMibMax} MiB of the process.`

/**
 * `whole` if every document was answered; `over` if the one after the last answer broke the budget or the worker;
 * `spent` if an engine failed over the last one that was answered.
 */
function foldIn(
  worker: Worker,
  documents: FoldRequest['documents'],
  { msMax, growthMibMax }: FolderBudget,
  results: Folded[],
): Promise<'whole' | 'over' | 'spent'> {
  return new Promise((resolve) => {
    const wanted = results.length + documents.length
    const end = (how: 'whole' | 'over' | 'spent'): void => {
      clearTimeout(timer)
      clearInterval(look)
      // Ours only: whoever ends the worker listens for its exit too.
      worker.off('message', take).off('error', fail).off('exit', fail)
      resolve(how)
    }
    const fail = (): void => end('over')
    const take = ({ folded, isSpent }: FoldAnswer): void => {
      results.push(folded)
      clearTimeout(timer)
      if (isSpent) return end('spent')
      if (results.length === wanted) return end('whole')
      before = processBytes()
      timer = setTimeout(fail, msMax)
    }
    let before = processBytes()
    let timer = setTimeout(fail, msMax)
    const look = setInterval(() => {
      if (processBytes() - before > growthMibMax * mib) fail()
    }, lookEveryMs)
    worker.on('message', take).on('error', fail).on('exit', fail)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage({ documents } satisfies FoldRequest)
  })
}

const mib = 1024 * 1024
const processBytes = (): number => process.memoryUsage.rss()
