import { rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { sentenceOf } from '../failure.ts'
import type { Answer, Argument, Calls, ToChild, ToParent } from '../replay/calls.ts'

export type Handlers<C extends Calls> = {
  readonly [K in keyof C]: (argument: Argument<C, K>) => Answer<C, K> | Promise<Answer<C, K>>
}

export interface Parent<R> {
  report(report: R): void
}

/**
 * Answers the calls of the parent process. The child lives as long as the channel: when the parent is gone,
 * however it ended, so is the child, and its folder with it. Signals from the terminal are the parent's to answer.
 */
export function serveParent<C extends Calls, R>(handlers: Handlers<C>): Parent<R> {
  const toParent = (message: ToParent<R>): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
  }
  process.on('message', (message) => {
    const { call, name, argument } = message as ToChild
    const handler = handlers[name] as ((argument: unknown) => unknown) | undefined
    Promise.resolve(argument)
      .then((given) => {
        if (handler === undefined) throw new Error(`there is no call ${name}.`)
        return handler(given)
      })
      .then(
        (value) => toParent({ kind: 'answer', call, value }),
        (cause) => toParent({ kind: 'failure', call, message: sentenceOf(cause), stack: stackOf(cause) }),
      )
  })
  process.on('disconnect', () => {
    removeFolder()
    process.exit(1)
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
  return { report: (report) => toParent({ kind: 'report', report }) }
}

let folderToRemove: string | undefined

/** Which folder goes when the parent has died without removing it. */
export function ownFolder(folder: string | undefined): void {
  folderToRemove = folder
}

/** The last child to go removes the session's folder, which is empty then. */
function removeFolder(): void {
  if (folderToRemove === undefined) return
  try {
    rmSync(folderToRemove, { recursive: true, force: true, maxRetries: 3 })
    rmdirSync(dirname(folderToRemove))
  } catch {
    // A sibling still has its own folder there, and removes both.
  }
}

const stackOf = (cause: unknown): string => (cause instanceof Error ? (cause.stack ?? '') : '')
