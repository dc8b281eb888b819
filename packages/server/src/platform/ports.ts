import { silent } from '@rejoin/base'
import type { Log } from '@rejoin/base'
import { createHmac, hash, randomBytes } from 'node:crypto'
import type { Hashes, ServerPorts } from '../ports.ts'

export const hashes: Hashes = {
  digest: (bytes) => hash('sha256', bytes, 'buffer'),
  mac: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
}

/** The real world. */
export const realPorts = (log: Log = silent): ServerPorts => ({
  clock: { now: () => Date.now() },
  timers: {
    after: (delayMs, fire) => {
      const timer = setTimeout(fire, delayMs)
      return () => clearTimeout(timer)
    },
  },
  random: { bytes: (count) => randomBytes(count), float: () => Math.random() },
  log,
  hashes,
  soon: (fire) => void setImmediate(fire),
})
