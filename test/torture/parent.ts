import type { Moment } from './moments.ts'

/** A call of the director, its argument and its answer as JSON. */
export interface Question {
  readonly call: number
  readonly name: string
  readonly argument?: unknown
}

/** What a process says: first of all that its program is loaded and begins. */
export type Answer =
  | { readonly awake: true }
  | { readonly told: Moment }
  | { readonly call: number; readonly value?: unknown }
  | { readonly call: number; readonly failure: string }

/** Calls by name. */
export type Calls = Readonly<Record<string, (argument: never) => unknown>>

/** Answers the director's calls. The process ends with the channel: when the director is gone, so is the child. */
export function answerDirector(calls: Calls): void {
  process.on('message', (message) => void answer(calls, message as Question))
  process.on('disconnect', () => process.exit(1))
  // Signals from the terminal are the director's to answer.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  send({ awake: true })
}

async function answer(calls: Calls, { call, name, argument }: Question): Promise<void> {
  try {
    const value = await calls[name]?.(argument as never)
    send({ call, value })
  } catch (cause) {
    send({ call, failure: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
  }
}

/** Not more often than this: the director waits for one, and needs not know of all. */
const tellEveryMs = 4
const toldAtMs: Partial<Record<Moment, number>> = {}

/** Lets the director know that it may be time for a kill. */
export function tellDirector(told: Moment): void {
  const nowMs = performance.now()
  if (nowMs - (toldAtMs[told] ?? 0) < tellEveryMs) return
  toldAtMs[told] = nowMs
  send({ told })
}

function send(message: Answer): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

/** What the director gave the process on its way. */
export const givenStart = <T>(): T => JSON.parse(process.argv[2] ?? '{}') as T
