/** The author's link is down from before transaction `from` until before transaction `to`. */
export interface Cut {
  readonly from: number
  readonly to: number
}

/** When the faults of a session happen, in transactions of the trace. All lists ascend. */
export interface Plan {
  readonly cuts: readonly Cut[]
  readonly kills: readonly number[]
  readonly serverKills: readonly number[]
}

export interface Faults {
  readonly cuts: number
  readonly kills: number
  readonly serverKills: number
}

export const defaultFaults: Faults = { cuts: 5, kills: 1, serverKills: 1 }
export const calm: Faults = { cuts: 0, kills: 0, serverKills: 0 }

/** The share of the session that the author spends offline, all cuts together. */
export const offlineShare = 0.25

/** A cut needs some transactions, and some around it. */
export const transactionsPerCutMin = 8

/**
 * Draws the faults of a session of `transactions`: fewer cuts where there is no room for them. Cuts never touch; kills fall into the stretches between
 * them, and never into the first twentieth of the session. `draw` gives numbers in [0, 1).
 */
export function drawPlan(transactions: number, faults: Faults, draw: () => number): Plan {
  const cuts = drawCuts(transactions, Math.min(faults.cuts, Math.floor(transactions / transactionsPerCutMin)), draw)
  const stretches = shuffled(stretchesBetween(transactions, cuts), draw)
  const positions = Array.from({ length: faults.kills + faults.serverKills }, (_, index) => {
    const stretch = stretches[index % stretches.length] ?? { from: 0, to: transactions }
    return Math.floor(stretch.from + (stretch.to - stretch.from) * (0.1 + 0.5 * draw()))
  })
  return {
    cuts,
    kills: positions.slice(0, faults.kills).sort((a, b) => a - b),
    serverKills: positions.slice(faults.kills).sort((a, b) => a - b),
  }
}

/** One cut in each equal slot of the session, all of the same length. */
function drawCuts(transactions: number, count: number, draw: () => number): Cut[] {
  const slot = transactions / Math.max(count, 1)
  const length = Math.max(1, Math.round(slot * offlineShare))
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor(slot * index + (slot - length) * (0.1 + 0.8 * draw()))
    return { from, to: Math.min(from + length, transactions) }
  })
}

function stretchesBetween(transactions: number, cuts: readonly Cut[]): Cut[] {
  const first = Math.floor(transactions / 20)
  const starts = [first, ...cuts.map((cut) => cut.to)]
  const ends = [...cuts.map((cut) => cut.from), transactions]
  const stretches = starts.map((from, index) => ({ from: Math.max(from, first), to: ends[index] ?? transactions }))
  const longest = Math.max(...stretches.map((stretch) => stretch.to - stretch.from))
  return stretches.filter((stretch) => stretch.to - stretch.from >= longest / 3)
}

export function shuffled<T>(items: readonly T[], draw: () => number): T[] {
  return items
    .map((item) => ({ item, rank: draw() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item)
}

/** The same numbers for the same seed (mulberry32). */
export function seededDraw(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
