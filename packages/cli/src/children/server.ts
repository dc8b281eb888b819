// The server's process: the same server as `rejoin serve`, with the calls of an audit.
import { createServer, hs256, listen, sqlite } from '@rejoin/server'
import type { Listener, RejoinServer } from '@rejoin/server'
import { residentBytes } from '../platform/memory.ts'
import { ownFolder, serveParent } from '../platform/parent.ts'
import { space, tenant } from '../replay/app.ts'
import type { LoggedEntry, ServerCalls } from '../replay/roles.ts'

/** The log is counted at the end, entry by entry; so it is folded only when that is done. */
const limits = { foldEntriesMin: Number.MAX_SAFE_INTEGER, foldBytesMin: Number.MAX_SAFE_INTEGER }

let started: { readonly server: RejoinServer; readonly listener: Listener } | undefined

const running = (): NonNullable<typeof started> => {
  if (started === undefined) throw new Error('the server is not started.')
  return started
}

serveParent<ServerCalls, never>({
  start: async ({ folder, keep, port, secret }) => {
    ownFolder(keep ? undefined : folder)
    const server = await createServer({ store: sqlite(folder), authenticate: hs256(secret), limits })
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
  fold: async () => {
    const { folded, skipped } = await running().server.fold({ tenant, space })
    return { folded, skipped }
  },
  close: async () => {
    const { server, listener } = running()
    await server.close()
    await listener.close()
  },
})
