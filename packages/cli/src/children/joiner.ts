// The third replica's process: joins empty at the end. Bare documents go first, as cold as the replica after them.
import { ownFolder, serveParent } from '../platform/parent.ts'
import type { Parent } from '../platform/parent.ts'
import { loadWebSocket } from '../platform/web-socket.ts'
import { joinEmpty } from '../replay/joiner.ts'
import { rawOf } from '../replay/raw.ts'
import { inspect, settle } from '../replay/replica.ts'
import type { Replica } from '../replay/replica.ts'
import type { AckedReport, JoinerCalls } from '../replay/roles.ts'

let opened: Replica | undefined

const open = (): Replica => {
  if (opened === undefined) throw new Error('the replica is not open.')
  return opened
}

const parent: Parent<AckedReport> = serveParent<JoinerCalls, AckedReport>({
  join: async (argument) => {
    ownFolder(argument.keep ? undefined : argument.folder)
    const { applyMs } = (await rawOf(argument.engine)).apply(argument.states)
    loadWebSocket()
    const { replica, catchUpMs, level } = await joinEmpty(argument, parent.report)
    opened = replica
    return { catchUpMs, rawApplyMs: applyMs, level }
  },
  settle: (argument) => settle(open(), argument),
  inspect: () => inspect(open()),
  close: () => open().close(),
})
