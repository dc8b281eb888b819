import type { Fate } from '../oracle/judge.ts'
import type { Person } from '../world/person.ts'
import type { World } from '../world/world.ts'

/** How every edit ended, asked of the replica that made it; and whether quarantine holds exactly the rejected ones. */
export async function fatesOf(world: World, people: readonly Person[]): Promise<ReadonlyMap<string, Fate>> {
  const fates = new Map<string, Fate>()
  for (const { replica, hasForgotten } of people) {
    const rejoin = replica.life?.rejoin
    if (rejoin === undefined) continue
    const own = world.oracle.made.filter((made) => made.replica === replica.name)
    for (const { receipt } of own) fates.set(receipt, await rejoin.receipts.find(receipt))
    const quarantined = new Set((await rejoin.quarantine.list()).map(({ id }) => id))
    for (const { mark, receipt, lost, discarded } of own)
      if (fates.get(receipt) === 'rejected' && lost === undefined && !discarded && !quarantined.has(receipt))
        world.wrong.push(`[I9] ${mark} was rejected on ${replica.name} and is not in quarantine`)
    // Of what a device has half forgotten, it may know either half.
    if (hasForgotten) continue
    for (const id of quarantined) {
      const fate = fates.get(id) ?? (await rejoin.receipts.find(id))
      // Of a write whose answers were half in when its space was left, quarantine has the other half.
      if (fate === 'stored' && world.oracle.byReceipt(id)?.loose === true) continue
      if (fate !== 'rejected')
        world.wrong.push(`[I9] ${id} is in the quarantine of ${replica.name} and its receipt says ${fate ?? 'nothing'}`)
    }
  }
  return fates
}
