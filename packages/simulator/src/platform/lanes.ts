import { Worker } from 'node:worker_threads'

export interface LanesOptions {
  readonly jobs: number
  /** The module that each thread runs; it answers every message with one, in the same order. */
  readonly worker: URL
  readonly workerData?: unknown
  /** Real time that one task may take. */
  readonly taskMsMax: number
}

/** A task that has no answer, because its worker died or hung or was stopped. */
export interface Lost {
  readonly kind: 'lost'
  readonly message: string
}

/** An answer says what it is; a worker may itself say that a task is lost, and is then not used again. */
interface Told {
  readonly kind: string
}

/** Where tasks run. A task whose worker dies or hangs is lost, and says so; it never rejects. */
export interface Lanes<Task, Answer extends Told> {
  run(task: Task): Promise<Answer | Lost>
  /** Ends everything that runs; what has no answer yet is lost. */
  close(): Promise<void>
}

/** Runs tasks in worker threads, in the order in which they are given, as many at once as there are jobs. */
export function openLanes<Task, Answer extends Told>({ jobs, ...options }: LanesOptions): Lanes<Task, Answer> {
  const lanes = Array.from({ length: jobs }, () => new Lane<Task, Answer>(options))
  const free = [...lanes]
  const waiting: ((lane: Lane<Task, Answer>) => void)[] = []
  const run = async (task: Task): Promise<Answer | Lost> => {
    const lane = free.pop() ?? (await new Promise<Lane<Task, Answer>>((resolve) => waiting.push(resolve)))
    const answer = await lane.run(task)
    const next = waiting.shift()
    if (next === undefined) free.push(lane)
    else next(lane)
    return answer
  }
  const close = async (): Promise<void> => {
    await Promise.all(lanes.map((lane) => lane.close()))
  }
  return { run, close }
}

type LaneOptions = Omit<LanesOptions, 'jobs'>

/** One thread, which is started when there is work and again after it was lost. */
class Lane<Task, Answer extends Told> {
  readonly #options: LaneOptions
  #worker: Worker | undefined
  #isClosed = false

  constructor(options: LaneOptions) {
    this.#options = options
  }

  async run(task: Task): Promise<Answer | Lost> {
    if (this.#isClosed) return { kind: 'lost', message: 'the campaign was stopped' }
    this.#worker ??= startWorker(this.#options)
    const worker = this.#worker
    const answer = await answerOf<Answer>(worker, task, this.#options.taskMsMax)
    if (answer.kind === 'lost') await this.#drop(worker)
    return answer
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

function startWorker({ worker: file, workerData }: LaneOptions): Worker {
  const worker = new Worker(file, { workerData, execArgv: [] })
  // An idle worker that dies is found out by the next task.
  return worker.on('error', () => undefined)
}

function answerOf<Answer>(worker: Worker, task: unknown, msMax: number): Promise<Answer | Lost> {
  return new Promise((resolve) => {
    const end = (answer: Answer | Lost): void => {
      clearTimeout(timer)
      worker.off('message', end).off('error', fail).off('exit', exit)
      resolve(answer)
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
