/** What a replica was told: that its device has an edit, that the server has an entry. */
export type Moment = 'device' | 'acked'

/** Lets somebody wait for the next moment of a kind, at whichever replica it comes. */
export interface Moments {
  told(moment: Moment): void
  /** Resolves at the next one, or when the time is over. */
  next(moment: Moment, withinMs: number): Promise<void>
}

export function createMoments(): Moments {
  const waiting: Record<Moment, Set<() => void>> = { device: new Set(), acked: new Set() }
  return {
    told: (moment) => {
      for (const resolve of waiting[moment]) resolve()
      waiting[moment].clear()
    },
    next: (moment, withinMs) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          waiting[moment].delete(done)
          resolve()
        }
        const timer = setTimeout(done, withinMs)
        waiting[moment].add(done)
      }),
  }
}
