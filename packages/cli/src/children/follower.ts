// The second replica's process: follows the note live and edits its other fields.
import { ownFolder, serveParent } from '../platform/parent.ts'
import type { Parent } from '../platform/parent.ts'
import { follow } from '../replay/follower.ts'
import type { Follower } from '../replay/follower.ts'
import { inspect, noteOf, openReplica, openStore, settle } from '../replay/replica.ts'
import type { Replica } from '../replay/replica.ts'
import type { FollowerCalls, FollowerReport } from '../replay/roles.ts'

let opened: { readonly replica: Replica; readonly follower: Follower } | undefined

const open = (): NonNullable<typeof opened> => {
  if (opened === undefined) throw new Error('the replica is not open.')
  return opened
}

const parent: Parent<FollowerReport> = serveParent<FollowerCalls, FollowerReport>({
  open: async (argument) => {
    ownFolder(argument.keep ? undefined : argument.folder)
    const replica = await openReplica(argument, await openStore(argument), parent.report)
    opened = { replica, follower: follow(replica, await noteOf(replica), parent.report) }
  },
  finish: () => open().follower.finish(),
  settle: (argument) => settle(open().replica, argument),
  inspect: () => inspect(open().replica),
  close: () => open().replica.close(),
})
