/**
 * Hybrid clock stamps: 41 bits of milliseconds since 2020-01-01Z and 12 bits of counter in one safe
 * integer, so that a stamp is a plain number on every engine. After Kulkarni et al., "Logical Physical
 * Clocks" (2014); the counter steps when the wall clock does not.
 */
export type Stamp = number

const epochMs = 1_577_836_800_000
const counterBits = 12
const counterStep = 2 ** counterBits
const greatest = 2 ** 53 - 1

/** How far ahead of our own clock a stamp may lie and still be adopted, in milliseconds. */
export const skewAllowedMs: number = 5 * 60_000

export const noStamp: Stamp = 0

export const stampAt = (wallMs: number): Stamp => {
  const ms = Number.isFinite(wallMs) ? Math.floor(wallMs) - epochMs : 0
  return Math.min(Math.max(ms, 0) * counterStep, greatest)
}

export const wallOf = (stamp: Stamp): number => Math.floor(stamp / counterStep) + epochMs
export const isStamp = (value: unknown): value is Stamp => Number.isSafeInteger(value) && (value as number) >= 0

/** The next stamp to write: the wall clock, but always above the last one seen. */
export const nextStamp = (last: Stamp, wallMs: number): Stamp => Math.max(stampAt(wallMs), Math.min(last + 1, greatest))

/** What to remember after seeing a stamp from elsewhere: one too far ahead is shown, but not adopted. */
export const observeStamp = (last: Stamp, seen: Stamp, wallMs: number): Stamp =>
  seen > stampAt(wallMs + skewAllowedMs) ? last : Math.max(last, seen)
