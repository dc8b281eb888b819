import { createServer, hs256, listen, sqlite } from '@rejoin/server'

export type Request = { readonly kind: 'fold'; readonly space: string } | { readonly kind: 'stop' }

/** Sent once at the start, and after each fold. */
export interface Reply {
  readonly url: string
}

const [, , folder = '', secret = ''] = process.argv
const server = await createServer({ store: sqlite(folder), authenticate: hs256(secret) })
const { url, close } = await listen(server)

// Also when whoever asked for it is gone.
process.on('disconnect', () => process.exit())
process.on('message', (request: Request) => void answer(request))
reply()

async function answer(request: Request): Promise<void> {
  if (request.kind === 'fold') {
    await server.fold(request.space)
    reply()
    return
  }
  await close()
  await server.close()
  process.disconnect?.()
}

function reply(): void {
  process.send?.({ url } satisfies Reply)
}
