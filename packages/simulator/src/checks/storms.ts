import type { Attempt } from '../world/network.ts'

/** Full jitter over a delay that doubles from the one to the other, in milliseconds: what the client promises. */
const base = 250
const cap = 30_000
/** So many connections for each replica are enough when nothing is wrong any more. */
const afterwardsMax = 3

/** What is known of a world's connections. */
export interface Connections {
  readonly outages: readonly { readonly from: number; readonly to: number }[]
  /** When somebody had a reason to try at once. */
  readonly returns: readonly Attempt[]
  readonly network: { readonly attempts: readonly Attempt[] }
  readonly people: readonly { readonly replica: { readonly name: string } }[]
}

export interface Storms {
  /** Connections that were asked for while nobody was let in. */
  readonly tried: number
  /** How many were to be expected at most. */
  readonly allowed: number
}

/** What replicas did while nobody was let in. Over many seeds they must have tried less often than is allowed. */
export function stormsIn({ outages, returns, network, people }: Connections): Storms {
  let [tried, allowed] = [0, 0]
  for (const { from, to } of outages)
    for (const { replica } of people) {
      const isThen = ({ name, at }: Attempt): boolean => name === replica.name && from <= at && at < to
      // Whoever is started, or comes back, during an outage begins anew.
      const begins = 1 + returns.filter(isThen).length
      tried += network.attempts.filter(isThen).length
      allowed += (2 * (to - from)) / cap + begins * (Math.log2(cap / base) + 10)
    }
  return { tried, allowed: Math.round(allowed) }
}

/** In one world chance may bring more tries than the mean over many allows, but not twice as many. */
export function wrongStorms({ tried, allowed }: Storms): readonly string[] {
  return tried > 2 * allowed
    ? [`[I18] replicas tried ${tried} connections while nobody was let in, not ${allowed}`]
    : []
}

/** Whether replicas left the server alone once it let everybody in. */
export function wrongReturns({ network, people }: Connections, calmSinceMs: number): readonly string[] {
  const names = new Set(people.map(({ replica }) => replica.name))
  const tried = network.attempts.filter(({ name, at }) => names.has(name) && at >= calmSinceMs).length
  const allowed = afterwardsMax * names.size
  return tried > allowed ? [`[I18] replicas tried ${tried} connections when all was well, not ${allowed}`] : []
}
