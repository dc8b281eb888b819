// The server's process: the same server as `rejoin serve`, with the calls of an audit.
import { createServer, hs256, listen, memory } from '@rejoin/server'
import type { Listener, RejoinServer } from '@rejoin/server'
import { residentBytes } from '../platform/memory.ts'
import { ownFolder, serveParent } from '../platform/parent.ts'
import { space, tenant } from '../replay/app.ts'
import type { LoggedEntry, ServerCalls } from '../replay/roles.ts'

let started: { readonly server: RejoinServer; readonly listener: Listener } | undefined

const running = (): NonNullable<typeof started> => {
  if (started === undefined) throw new Error('the server is not started.')
  return started
}

serveParent<ServerCalls, never>({
  start: async ({ folder, keep, port, secret }) => {
    ownFolder(keep ? undefined : folder)
    const server = await createServer({ store: memory(), authenticate: hs256(secret) })
    started = { server, listener: await listen(server, { port }) }
    return { port: started.listener.port, url: started.listener.url }
  },
  audit: async () => {
    const { server } = running()
    const entries: LoggedEntry[] = []
    for await (const { writer, n } of server.entries({ tenant, space }))
      if (writer !== undefined) entries.push({ writer, n })
    return { entries, accepted: [...(await server.accepted({ tenant, space }))] }
  },
  rssMb: () => residentBytes() / 1024 / 1024,
  fold: async () => 0,
  close: async () => {
    const { server, listener } = running()
    await Promise.all([server.close(), listener.close()])
  },
})
