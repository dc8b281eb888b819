/**
 * The world as the code sees it. Only `src/platform/` of a package implements these against the real
 * one; the simulator implements them from a seed.
 */

/** Milliseconds since 1970-01-01Z by this machine's own clock, which may be wrong and may jump. */
export interface Clock {
  now(): number
}

/** Runs `fire` once after at least `delayMs`; the returned function cancels it. */
export interface Timers {
  after(delayMs: number, fire: () => void): () => void
}

export interface Random {
  /** `count` random bytes; ids are made of them, so the real one is cryptographic. */
  bytes(count: number): Uint8Array
  /** A float in [0, 1), for jitter only. */
  float(): number
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Structured log. Fields carry ids, counts and kinds; never payloads, never tokens. */
export interface Log {
  (level: LogLevel, event: string, fields?: Readonly<Record<string, string | number | boolean>>): void
}

export const silent: Log = () => undefined
