import { createServer, hs256, listen, sqlite } from '@rejoin/server'

export type Request = { readonly kind: 'fold' | 'measure'; readonly space: string } | { readonly kind: 'stop' }

/** Sent once at the start, and after each request but the last. */
export interface Reply {
  readonly url: string
  readonly measured?: Measured
}

/** The server without its garbage, and the log of a space. */
export interface Measured {
  readonly rssBytes: number
  readonly entries: number
  readonly logBytes: number
}

const [, , folder = '', secret = '', log = ''] = process.argv
const neverFold = { foldEntriesMin: Number.MAX_SAFE_INTEGER, foldBytesMin: Number.MAX_SAFE_INTEGER }
const limits = log === 'unfolded' ? neverFold : {}
const server = await createServer({ store: sqlite(folder), authenticate: hs256(secret), limits })
const { url, close } = await listen(server)

// Also when whoever asked for it is gone.
process.on('disconnect', () => process.exit())
process.on('message', (request: Request) => void answer(request))
reply({})

async function answer(request: Request): Promise<void> {
  if (request.kind === 'fold') {
    await server.fold(request.space)
    return reply({})
  }
  if (request.kind === 'measure') return reply({ measured: await measure(request.space) })
  await server.close()
  await close()
  process.disconnect?.()
}

/** Memory first: reading the log takes some. */
async function measure(space: string): Promise<Measured> {
  for (let round = 0; round < 3; round++) globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  const rssBytes = process.memoryUsage().rss
  let entries = 0
  let logBytes = 0
  for await (const { bytes } of server.entries(space)) {
    entries++
    logBytes += bytes.length
  }
  return { rssBytes, entries, logBytes }
}

function reply(more: Omit<Reply, 'url'>): void {
  process.send?.({ url, ...more } satisfies Reply)
}
