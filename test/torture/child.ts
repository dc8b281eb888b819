import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Moment } from './moments.ts'
import type { Answer, Calls, Question } from './parent.ts'

/** A process of the run. */
export interface Child<C extends Calls> {
  call<K extends keyof C & string>(name: K, argument?: Parameters<C[K]>[0]): Promise<Awaited<ReturnType<C[K]>>>
  /** Resolves when its program is loaded and begins, or will never. */
  readonly awake: Promise<void>
  readonly isGone: boolean
  /** SIGKILL, at once; resolves when the process is gone. False if it was gone before. */
  kill(): Promise<boolean>
  /** Lets it end of itself. */
  release(): Promise<void>
}

export interface ChildStart {
  readonly entry: 'replica' | 'server'
  /** Handed over as JSON. */
  readonly start: object
  /** A file for what it says on its standard error. */
  readonly errors: string
  /** Where Node keeps what it has compiled, so that a life begins sooner. */
  readonly cache: string
  /** It was told something. */
  told(moment: Moment): void
  /** It ended, and nobody had killed it. */
  died(how: string): void
}

export function startChild<C extends Calls>(options: ChildStart): Child<C> {
  const errors = openSync(options.errors, 'a')
  const child = fork(fileURLToPath(new URL(`${options.entry}.ts`, import.meta.url)), [JSON.stringify(options.start)], {
    // Not those of a test runner.
    execArgv: [],
    env: { ...process.env, NODE_COMPILE_CACHE: options.cache, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', errors, 'ipc'],
  })
  closeSync(errors)
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (cause: Error) => void }>()
  let calls = 0
  let expected = false
  let gone = false
  const awake = Promise.withResolvers<void>()

  child.on('message', (message) => {
    const answer = message as Answer
    if ('awake' in answer) return awake.resolve()
    if ('told' in answer) return options.told(answer.told)
    const call = waiting.get(answer.call)
    waiting.delete(answer.call)
    if ('failure' in answer) call?.reject(new Error(answer.failure))
    else call?.resolve(answer.value as never)
  })
  const ended = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      if (gone) return
      gone = true
      awake.resolve()
      for (const { reject } of waiting.values()) reject(new Error(`The process is gone (${how}).`))
      if (!expected) options.died(`${how}${lastWords(options.errors)}`)
      resolve()
    }
    child.on('exit', (code, signal) => end(signal ?? `exit status ${code}`))
    child.on('error', (cause) => end(cause.message))
  })

  return {
    awake: awake.promise,
    get isGone() {
      return gone
    },
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(new Error('The process is gone.'))
        const question: Question = { call: ++calls, name, argument }
        waiting.set(question.call, { resolve, reject })
        send(child, question)
      }),
    kill: async () => {
      const wasThere = !gone
      expected = true
      if (wasThere) child.kill('SIGKILL')
      await ended
      return wasThere
    },
    release: async () => {
      expected = true
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** A message to a process that is just ending is lost; its end rejects the call. */
function send(child: ChildProcess, question: Question): void {
  if (child.connected) child.send(question, () => undefined)
}

function lastWords(file: string): string {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((candidate) => /error/i.test(candidate))
  return line === undefined ? '' : `: ${line.trim()}`
}
