import type { OutboxLimits } from './options.ts'

/** Full jitter under a doubling, capped bound: see Brooker, "Exponential Backoff and Jitter" (2015). */
export function backoffMs({ retryBaseMs, retryCapMs }: OutboxLimits, failures: number, random: number): number {
  return Math.min(retryCapMs, retryBaseMs * 2 ** Math.min(failures - 1, 30)) * random
}

/** At least what the server asks for; the jitter keeps replicas that were told the same apart. */
export function retryDelayMs(
  limits: OutboxLimits,
  failures: number,
  afterMs: number | undefined,
  random: number,
): number {
  if (afterMs === undefined || !(afterMs > 0)) return backoffMs(limits, failures, random)
  return Math.min(afterMs, limits.retryAfterMsMax) + limits.retryBaseMs * random
}
