import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { devToken } from '@rejoin/server'
import type { Reply, Request } from './server-process.ts'

/** A server in a process of its own, on the disk that is measured. */
export interface Serving {
  readonly url: string
  /** May write every space. */
  readonly token: string
  fold(space: string): Promise<void>
  stop(): Promise<void>
}

export async function serve(folder: string): Promise<Serving> {
  const secret = 'benchmark'.repeat(4)
  const child = fork(join(import.meta.dirname, 'server-process.ts'), [mkdtempSync(join(folder, 'server-')), secret])
  const ended = once(child, 'exit')
  const reply = async (): Promise<Reply> => {
    const early = ended.then(() => Promise.reject(new Error('the server process ended')))
    const [message] = (await Promise.race([once(child, 'message'), early])) as [Reply]
    return message
  }
  const ask = async (request: Request): Promise<void> => {
    const answer = reply()
    child.send(request)
    await answer
  }
  const { url } = await reply()
  const life = { nowMs: Date.now(), lifeMs: 24 * 3_600_000 }
  return {
    url,
    token: await devToken({ secret, user: 'author', spaces: { '*': 'editor' }, ...life }),
    fold: (space) => ask({ kind: 'fold', space }),
    stop: async () => {
      child.send({ kind: 'stop' } satisfies Request)
      await ended
    },
  }
}
