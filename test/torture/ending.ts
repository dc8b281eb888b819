import { setTimeout as pause } from 'node:timers/promises'
import type { Actor } from './actor.ts'
import type { Cast } from './cast.ts'
import type { Found } from './judge.ts'
import { readLedger } from './ledger.ts'
import type { Fate, ReplicaCalls, Shown } from './replica.ts'

/** What the processes say once nothing is written any more. */
export interface Settled {
  readonly replicas: readonly Found[]
  /** By receipt. */
  readonly fates: ReadonlyMap<string, Fate>
  readonly quarantined: ReadonlySet<string>
  readonly accepted: Readonly<Record<string, readonly (readonly [writer: string, runs: readonly number[]])[]>>
}

/**
 * How long replicas may take to come level once everybody is there: the longest rest between two tries to connect,
 * and as long again.
 */
const levelWithinMs = 60_000
const lookEveryMs = 25

/** Nobody edits any more; all must come level of themselves, and so must one that joins now. */
export async function settle({ server, replicas, fresh }: Cast): Promise<Settled> {
  const endMs = performance.now() + levelWithinMs
  await Promise.all([server.child.call('rest'), ...replicas.map(({ child }) => child.call('rest'))])
  await Promise.all(replicas.map((replica) => synced(replica, endMs)))
  await fresh.begin()
  await synced(fresh, endMs)
  const found = await looks([...replicas, fresh], endMs)
  const fates = new Map<string, Fate>()
  const quarantined = new Set<string>()
  for (const replica of replicas) {
    const receipts = replica.lives.flatMap(({ ledger }) =>
      readLedger(ledger).flatMap((line) => (line.kind === 'made' ? [line.receipt] : [])),
    )
    const ends = await replica.child.call('fates', receipts)
    for (const [i, receipt] of receipts.entries()) fates.set(receipt, ends[i] ?? 'unknown')
    for (const receipt of await replica.child.call('quarantined')) quarantined.add(receipt)
  }
  const accepted = await server.child.call('accepted')
  return { replicas: found, fates, quarantined, accepted }
}

async function synced({ child }: Actor<ReplicaCalls>, endMs: number): Promise<void> {
  while (!(await child.call('isSynced')) && performance.now() < endMs) await pause(lookEveryMs)
}

/** What all show, once they show the same; or what they show when the time is over. */
async function looks(replicas: readonly Actor<ReplicaCalls>[], endMs: number): Promise<Found[]> {
  for (;;) {
    const shown = await Promise.all(replicas.map(({ child }) => child.call('look')))
    if (shown.every(({ synced }) => synced) && isEqual(shown)) return found(replicas, shown)
    if (performance.now() > endMs) return found(replicas, shown)
    await pause(lookEveryMs)
  }
}

const found = (replicas: readonly Actor<ReplicaCalls>[], shown: readonly Shown[]): Found[] =>
  shown.map(({ synced, pending, entities }, i) => ({
    name: replicas[i]?.name ?? '',
    isLevel: synced,
    pending,
    entities,
  }))

function isEqual(shown: readonly Shown[]): boolean {
  const hashes = shown.map(({ entities }) =>
    Object.entries(entities)
      .map(([name, { hash }]) => `${name} ${hash}`)
      .sort()
      .join(),
  )
  return new Set(hashes).size === 1
}
