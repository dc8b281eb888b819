import { Worker } from 'node:worker_threads'
import type { Result, Task, Workers } from '../campaign/runner.ts'

export interface ThreadsOptions {
  readonly jobs: number
  /** The module that exports the `runner`. */
  readonly runner: URL
  /** Real time that one task may take. */
  readonly taskMsMax: number
}

/** Runs tasks in worker threads, in the order in which they are given, as many at once as there are jobs. */
export function openThreads({ jobs, runner, taskMsMax }: ThreadsOptions): Workers {
  const lanes = Array.from({ length: jobs }, () => new Lane(runner, taskMsMax))
  const free = [...lanes]
  const waiting: ((lane: Lane) => void)[] = []
  const run = async (task: Task): Promise<Result> => {
    const lane = free.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)))
    const result = await lane.run(task)
    const next = waiting.shift()
    if (next === undefined) free.push(lane)
    else next(lane)
    return result
  }
  const close = async (): Promise<void> => {
    await Promise.all(lanes.map((lane) => lane.close()))
  }
  return { run, close }
}

/** One thread, which is started when there is work and again after it was lost. */
class Lane {
  readonly #runner: URL
  readonly #taskMsMax: number
  #worker: Worker | undefined
  #isClosed = false

  constructor(runner: URL, taskMsMax: number) {
    this.#runner = runner
    this.#taskMsMax = taskMsMax
  }

  async run(task: Task): Promise<Result> {
    if (this.#isClosed) return { kind: 'lost', message: 'the campaign was stopped' }
    this.#worker ??= startWorker(this.#runner)
    const worker = this.#worker
    const result = await resultOf(worker, task, this.#taskMsMax)
    if (result.kind === 'lost') await this.#drop(worker)
    return result
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#worker !== undefined) await this.#drop(this.#worker)
  }

  async #drop(worker: Worker): Promise<void> {
    this.#worker = undefined
    await worker.terminate()
  }
}

function startWorker(runner: URL): Worker {
  // In development the sources run as they are.
  const file = import.meta.url.endsWith('.ts') ? './seed-worker.ts' : './seed-worker.js'
  const worker = new Worker(new URL(file, import.meta.url), { workerData: runner.href, execArgv: [] })
  // An idle worker that dies is found out by the next task.
  return worker.on('error', () => undefined)
}

function resultOf(worker: Worker, task: Task, msMax: number): Promise<Result> {
  return new Promise((resolve) => {
    const end = (result: Result): void => {
      clearTimeout(timer)
      worker.off('message', end).off('error', fail).off('exit', exit)
      resolve(result)
    }
    const lose = (message: string): void => end({ kind: 'lost', message })
    const fail = (cause: unknown): void =>
      lose(`its worker died: ${cause instanceof Error ? cause.message : String(cause)}`)
    const exit = (status: number): void => lose(`its worker died: exit status ${status}`)
    const timer = setTimeout(() => lose(`it hung: no end after ${msMax / 1_000} s of real time`), msMax)
    worker.on('message', end).on('error', fail).on('exit', exit)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(task)
  })
}
