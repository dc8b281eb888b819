import { nameOf } from '../world/app.ts'
import type { Place } from '../world/app.ts'
import { openEntity } from '../world/entity.ts'
import type { Dispute, Page, Replica } from '../world/entity.ts'

export interface Read {
  readonly page: Page
  readonly isDeleted: boolean
  readonly disputes: readonly Dispute[]
  readonly hash: string
}

/** What a replica has of these entities, by name; nothing for one that it does not know. */
export async function readAll(rejoin: Replica, places: readonly Place[]): Promise<ReadonlyMap<string, Read>> {
  const reads = new Map<string, Read>()
  for (const place of places) {
    const opened = await openEntity(rejoin, place, { deleted: true })
    if (opened === undefined) continue
    reads.set(nameOf(place), {
      page: opened.page(),
      isDeleted: opened.isDeleted(),
      disputes: opened.disputes(),
      hash: opened.hash(),
    })
    await opened.close()
  }
  return reads
}
