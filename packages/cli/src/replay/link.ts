import type { Plan } from './plan.ts'

/** What the plan does to the author's link, as the author goes through the trace. */
export interface Link {
  /** Is called before the transaction `at`; takes the link down or up where the plan says so. */
  follow(at: number): void
  /** Which cut the author is in. */
  readonly cut: number | undefined
}

export interface LinkEnds {
  cut(index: number, at: number): void
  rejoined(index: number, at: number): void
}

export function createLink(plan: Plan, ends: LinkEnds): Link {
  let current: number | undefined
  return {
    follow: (at) => {
      const found = plan.cuts.findIndex((cut) => cut.from <= at && at < cut.to)
      const next = found === -1 ? undefined : found
      if (next === current) return
      if (current !== undefined) ends.rejoined(current, at)
      if (next !== undefined) ends.cut(next, at)
      current = next
    },
    get cut() {
      return current
    },
  }
}

/** Where to stop typing and look around, after `at`: the end of a batch, an end of a cut, the end of the trace. */
export function nextStop(plan: Plan, at: number, batch: number, total: number): number {
  let stop = Math.min(total, at - (at % batch) + batch)
  for (const { from, to } of plan.cuts) {
    if (from > at) stop = Math.min(stop, from)
    if (to > at) stop = Math.min(stop, to)
  }
  return stop
}
