// The third replica's process: joins empty at the end, then measures bare Yjs.
import { ownFolder, serveParent } from '../platform/parent.ts'
import type { Parent } from '../platform/parent.ts'
import { readTrace } from '../platform/trace-file.ts'
import { joinEmpty } from '../replay/joiner.ts'
import { measureRaw } from '../replay/raw.ts'
import { inspect, settle } from '../replay/replica.ts'
import type { Replica } from '../replay/replica.ts'
import type { AckedReport, JoinerCalls } from '../replay/roles.ts'
import { firstOf } from '../trace/trace.ts'

let opened: Replica | undefined

const open = (): Replica => {
  if (opened === undefined) throw new Error('the replica is not open.')
  return opened
}

const parent: Parent<AckedReport> = serveParent<JoinerCalls, AckedReport>({
  join: async (argument) => {
    ownFolder(argument.keep ? undefined : argument.folder)
    const { replica, catchUpMs, level } = await joinEmpty(argument, parent.report)
    opened = replica
    return { catchUpMs, level }
  },
  settle: (argument) => settle(open(), argument),
  inspect: () => inspect(open()),
  close: () => open().close(),
  raw: (choice) => {
    const whole = readTrace(choice.file)
    const {
      text: _text,
      position: _position,
      ...figures
    } = measureRaw(firstOf(whole, choice.first ?? whole.transactions.length))
    return figures
  },
})
