import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { devToken } from '@rejoin/server'
import type { Measured, Reply, Request } from './server-process.ts'

/** A server in a process of its own, on the disk that is measured. */
export interface Serving {
  readonly url: string
  /** May write every space. */
  readonly token: string
  fold(space: string): Promise<void>
  measure(space: string): Promise<Measured>
  stop(): Promise<void>
}

/** `unfolded`: the log stays as it was sent. */
export async function serve(folder: string, log: 'folded' | 'unfolded' = 'folded'): Promise<Serving> {
  const secret = 'benchmark'.repeat(4)
  const words = [mkdtempSync(join(folder, 'server-')), secret, log]
  const execArgv = [...process.execArgv, '--expose-gc']
  const child = fork(join(import.meta.dirname, 'server-process.ts'), words, { execArgv })
  const ended = once(child, 'exit')
  const reply = async (): Promise<Reply> => {
    const early = ended.then(() => Promise.reject(new Error('the server process ended')))
    const [message] = (await Promise.race([once(child, 'message'), early])) as [Reply]
    return message
  }
  const ask = (request: Request): Promise<Reply> => {
    const answer = reply()
    child.send(request)
    return answer
  }
  const { url } = await reply()
  const life = { nowMs: Date.now(), lifeMs: 24 * 3_600_000 }
  return {
    url,
    token: await devToken({ secret, user: 'author', spaces: { '*': 'editor' }, ...life }),
    fold: async (space) => void (await ask({ kind: 'fold', space })),
    measure: async (space) => {
      const { measured } = await ask({ kind: 'measure', space })
      if (measured === undefined) throw new Error('the server process measured nothing')
      return measured
    },
    stop: async () => {
      child.send({ kind: 'stop' } satisfies Request)
      await ended
    },
  }
}
