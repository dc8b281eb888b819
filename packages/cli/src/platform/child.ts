import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Failure } from '../failure.ts'
import type { Answer, Argument, Calls, ToChild, ToParent } from '../replay/calls.ts'

/** A call had no answer because the process is gone. */
export class ChildGone extends Error {
  override readonly name = 'ChildGone'
}

/** A child process of the session. Its end rejects every call that has no answer yet. */
export interface Child<C extends Calls> {
  call<K extends keyof C & string>(name: K, argument: Argument<C, K>): Promise<Answer<C, K>>
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
  readonly gone: boolean
}

export interface ChildOptions<R> {
  /** What the child is called in sentences: `the author`. */
  readonly name: string
  /** Which committed entry file of `children/` it runs. */
  readonly entry: 'author' | 'follower' | 'joiner' | 'merger' | 'raw' | 'server'
  readonly debug: boolean
  /** Flags for its Node. */
  readonly flags?: readonly string[]
  report(report: R): void
  /** It ended without being killed by us. */
  died(message: string): void
}

const lastWordsMax = 2000

export function startChild<C extends Calls, R>(options: ChildOptions<R>): Child<C> {
  const child = fork(fileURLToPath(new URL(`../children/${options.entry}.js`, import.meta.url)), [], {
    execArgv: [...process.execArgv, ...(options.flags ?? [])],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', options.debug ? 'inherit' : 'pipe', 'ipc'],
  })
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (cause: unknown) => void }>()
  let calls = 0
  let killed = false
  let gone = false
  let lastWords = ''
  child.stderr?.on('data', (bytes: Buffer) => (lastWords = (lastWords + bytes.toString('utf8')).slice(-lastWordsMax)))

  child.on('message', (message) => {
    const received = message as ToParent<R>
    if (received.kind === 'report') return options.report(received.report)
    const call = waiting.get(received.call)
    waiting.delete(received.call)
    if (received.kind === 'answer') call?.resolve(received.value as never)
    else call?.reject(failureIn(options, received))
  })

  const ended = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      if (gone) return
      gone = true
      const message = `${capital(options.name)} process ended unexpectedly (${how})${saidIn(lastWords)}.`
      if (!killed) options.died(message)
      for (const call of waiting.values()) call.reject(new ChildGone(message))
      waiting.clear()
      resolve()
    }
    child.on('exit', (code, signal) => end(signal ?? `exit status ${code}`))
    child.on('error', (cause) => end(cause.message))
  })

  return {
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        const call = ++calls
        waiting.set(call, { resolve, reject })
        const message: ToChild = { call, name, argument }
        if (gone) reject(new ChildGone(`${capital(options.name)} process is gone.`))
        else send(child, message)
      }),
    kill: () => {
      killed = true
      child.kill('SIGKILL')
      return ended
    },
    get gone() {
      return gone
    },
  }
}

/** A message to a process that is just ending is lost; its end rejects the call. */
function send(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message, () => undefined)
}

function failureIn<R>(
  options: ChildOptions<R>,
  failure: { readonly message: string; readonly stack: string },
): Failure {
  const cause = new Error(failure.message)
  cause.stack = failure.stack
  return new Failure(`${capital(options.name)} failed: ${failure.message}`, { cause })
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The line of a crash report that names the error. */
function saidIn(words: string): string {
  const line = words.split('\n').find((candidate) => /error/i.test(candidate))
  return line === undefined ? '' : `: ${line.trim()}`
}
