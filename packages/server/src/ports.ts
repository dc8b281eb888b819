import type { Clock, Log, Random, Timers } from '@rejoin/base'

/** Hashing, as ports so that the core needs no platform. Both are deterministic: the simulator uses the real ones. */
export interface Hashes {
  /** SHA-256. */
  digest(bytes: Uint8Array): Uint8Array
  /** HMAC-SHA-256. */
  mac(key: Uint8Array, bytes: Uint8Array): Uint8Array
}

/** The world as the server sees it. `src/platform/` has the real one. */
export interface ServerPorts {
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly log: Log
  readonly hashes: Hashes
  /** Runs `fire` after the input that has already arrived was handled: what it brought is committed together. */
  soon(fire: () => void): void
}
