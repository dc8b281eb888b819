// The author's process: types the trace into the note of its own replica.
import { ownFolder, serveParent } from '../platform/parent.ts'
import type { Parent } from '../platform/parent.ts'
import { readTrace } from '../platform/trace-file.ts'
import { takeUp } from '../replay/author.ts'
import type { Author } from '../replay/author.ts'
import { inspect, openReplica, openStore, settle } from '../replay/replica.ts'
import type { Replica } from '../replay/replica.ts'
import type { AuthorCalls, AuthorReport } from '../replay/roles.ts'
import { firstOf } from '@rejoin/lab/trace'

let opened: { readonly replica: Replica; readonly author: Author } | undefined

const open = (): NonNullable<typeof opened> => {
  if (opened === undefined) throw new Error('the replica is not open.')
  return opened
}

const parent: Parent<AuthorReport> = serveParent<AuthorCalls, AuthorReport>({
  open: async (argument) => {
    ownFolder(argument.keep ? undefined : argument.folder)
    const whole = readTrace(argument.trace.file)
    const trace = firstOf(whole, argument.trace.first ?? whole.transactions.length)
    const replica = await openReplica(argument, await openStore(argument), parent.report)
    opened = { replica, author: await takeUp(replica, trace, argument.plan, parent.report) }
    return { position: opened.author.position }
  },
  type: () => open().author.type(),
  settle: async (argument) => {
    const level = await settle(open().replica, argument)
    parent.report(open().author.progress())
    return level
  },
  inspect: () => inspect(open().replica),
  close: () => open().replica.close(),
})
