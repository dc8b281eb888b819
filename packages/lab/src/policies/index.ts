import { automerge } from './automerge.ts'
import { clientWins } from './client-wins.ts'
import { firstWriteWins } from './first-write-wins.ts'
import { byArrival, byHybridClock, byWallClock } from './last-write-wins.ts'
import { manual } from './manual.ts'
import { multiValue } from './multi-value.ts'
import type { Policy } from './policy.ts'
import { serverWins } from './server-wins.ts'
import { yjs } from './yjs.ts'

/** In the order in which they are shown: what merges, what keeps all, and what keeps one. */
export const policies: readonly Policy[] = [
  yjs,
  automerge,
  multiValue,
  manual,
  byWallClock('rows'),
  byHybridClock('rows'),
  byArrival('rows'),
  byWallClock('field'),
  byHybridClock('field'),
  byArrival('field'),
  firstWriteWins,
  byWallClock('record'),
  byHybridClock('record'),
  byArrival('record'),
  serverWins,
  clientWins,
]
