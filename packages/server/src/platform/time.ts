/** The moment as libraries want it; reads no clock. */
export const dateAt = (ms: number): Date => new Date(ms)

/** Milliseconds since 1970-01-01Z by this machine's clock. */
export const currentMs = (): number => Date.now()
