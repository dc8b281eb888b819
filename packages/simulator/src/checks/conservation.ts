import type { Person } from '../world/person.ts'
import type { World } from '../world/world.ts'

/**
 * Whether every edit that the device of a replica has is in one visible state: waiting, stored, or in quarantine.
 * An edit whose space was left meanwhile is not looked for.
 */
export async function checkConserved({ oracle, wrong }: World, { replica }: Person): Promise<void> {
  const rejoin = replica.life?.rejoin
  if (rejoin === undefined) return
  const quarantined = new Set((await rejoin.quarantine.list()).map(({ id }) => id))
  for (const made of oracle.made) {
    if (made.replica !== replica.name || !made.device || made.loose || made.lost !== undefined) continue
    const fate = await rejoin.receipts.find(made.receipt)
    if (replica.life?.rejoin !== rejoin) return
    if (made.loose || oracle.byReceipt(made.receipt) === undefined) continue
    if (fate === undefined) wrong.push(`[I2] ${made.mark} was on the device of ${replica.name} and is nowhere`)
    if (fate === 'stored' && quarantined.has(made.receipt))
      wrong.push(`[I2] ${made.mark} of ${replica.name} is stored and in quarantine`)
  }
}
