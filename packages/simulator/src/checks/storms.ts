import type { World } from '../world/world.ts'

/** Full jitter over a delay that doubles from the one to the other, in milliseconds: what the client promises. */
const base = 250
const cap = 30_000

export interface Storms {
  /** Connections that were asked for while nobody was let in. */
  readonly tried: number
  /** How many were to be expected at most. */
  readonly allowed: number
}

/** What replicas did while nobody was let in. Over many seeds they must have tried less often than is allowed. */
export function stormsIn({ outages, returns, network, people }: World): Storms {
  let [tried, allowed] = [0, 0]
  for (const { from, to } of outages)
    for (const { replica } of people) {
      const isThen = ({ name, at }: { readonly name: string; readonly at: number }): boolean =>
        name === replica.name && from <= at && at < to
      // Whoever is started, or comes back, during an outage begins anew.
      const begins = 1 + returns.filter(isThen).length
      tried += network.attempts.filter(isThen).length
      allowed += (2 * (to - from)) / cap + begins * (Math.log2(cap / base) + 10)
    }
  return { tried, allowed: Math.round(allowed) }
}

/** In one world chance may bring more tries than the mean over many allows, but not twice as many. */
export function checkStorms(world: World): Storms {
  const storms = stormsIn(world)
  if (storms.tried > 2 * storms.allowed)
    world.wrong.push(`[I18] replicas tried ${storms.tried} connections while nobody was let in, not ${storms.allowed}`)
  return storms
}
