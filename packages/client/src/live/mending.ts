import type { DocumentKey, Log, SpaceId } from '@rejoin/base'
import type { Store } from '@rejoin/storage'
import type { SpaceState } from '../downstream/space-state.ts'
import { BatchBuilder } from '../replica/committer.ts'
import type { Committer } from '../replica/committer.ts'
import { setAside } from '../replica/damage.ts'
import type { Damages } from '../replica/damage.ts'
import { keys, numberOf, partsOf } from '../replica/keys.ts'
import { documentOf } from '../replica/reading.ts'
import type { Damaged } from '../replica/reading.ts'
import { isSound } from '../replica/records.ts'
import { encodeRow } from '../replica/row.ts'
import type { LocalRow } from '../replica/row.ts'
import type { Losses } from '../upstream/losses.ts'
import type { OwnWriters } from '../upstream/own-writers.ts'
import type { Views } from '../views/views.ts'
import type { Entities } from './entities.ts'

export interface MendingDeps {
  readonly store: Store
  readonly committer: Committer
  readonly writers: OwnWriters
  readonly damages: Damages
  readonly losses: Losses
  readonly entities: () => Entities
  readonly views: () => Views
  readonly log: Log
  /** The space, unless it is not joined or being left. */
  readonly lifeOf: (space: SpaceId) => SpaceState | undefined
  /** What an unanswered entry knows of the row, if it holds it. */
  readonly standInFor: (space: SpaceId, document: DocumentKey, row: number) => LocalRow | undefined
  /** The counts have changed. */
  readonly changed: () => void
  /** Every stream is to be asked for again, on a new connection. */
  readonly reconnect: () => void
}

/**
 * What becomes of a base or row that is found damaged while the replica is open. If an unanswered entry holds the
 * same, its bytes stand in; what the server has is asked for from the beginning; what waits in no entry is lost.
 */
export class Mending {
  readonly #deps: MendingDeps
  /** Keys that are being seen to. Whoever reads one of them meanwhile adds nothing to it. */
  readonly #underway = new Set<string>()

  constructor(deps: MendingDeps) {
    this.#deps = deps
  }

  damaged(space: SpaceId): Damaged {
    return (key, bytes) => {
      const { log, damages, lifeOf, writers, committer, changed, reconnect } = this.#deps
      if (this.#underway.has(key)) return
      this.#underway.add(key)
      log('error', 'store.damaged', { key })
      damages.found(key)
      changed()
      const isInEntry = this.#standInFor(space, key) !== undefined
      if (!isInEntry) {
        lifeOf(space)?.rewind()
        writers.forgetAnswers(space)
      }
      committer.insist('damage', () => this.#mend(space, key, bytes))
      // On the connection that there is, the server would not send our own entries a second time.
      if (!isInEntry) reconnect()
    }
  }

  async #mend(space: SpaceId, key: string, bytes: Uint8Array): Promise<void> {
    const { store, committer, losses, views, writers, lifeOf } = this.#deps
    const [found, pointer] = await store.get([key, keys.waiting(rowOf(key) ?? 0)])
    const batch = new BatchBuilder()
    const standIn = this.#standInFor(space, key)
    const isThere = found !== undefined && (isSame(found, bytes) || !isSound(found))
    const isLost = isThere && standIn === undefined && pointer !== undefined
    if (isThere) {
      if (standIn === undefined) {
        if (isLost) losses.write(batch, key, found)
        else setAside(batch, key, found)
      } else {
        batch.put(keys.damaged(key), found)
        batch.put(key, encodeRow(standIn))
      }
    }
    if (standIn === undefined) {
      writers.write(batch, space)
      lifeOf(space)?.write(batch)
    }
    views().touch(batch, space, documentOf(key))
    await committer.apply(batch)
    this.#underway.delete(key)
    if (isLost) losses.add([key])
    // What stands there now was not read.
    const live = this.#deps.entities().holding(space, documentOf(key))
    if (live !== undefined) this.#deps.entities().refresh(live)
  }

  #standInFor(space: SpaceId, key: string): LocalRow | undefined {
    const row = rowOf(key)
    return row === undefined ? undefined : this.#deps.standInFor(space, documentOf(key), row)
  }
}

function rowOf(key: string): number | undefined {
  const [table, , , number = ''] = partsOf(key)
  return table === 'row' ? numberOf(number) : undefined
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i])
