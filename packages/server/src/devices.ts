import type { DeviceId, SpaceId, TenantId, UserId } from '@rejoin/base'
import { canonicalCursors, cursorsHash, seqOf } from '@rejoin/protocol'
import type { Interest } from '@rejoin/protocol'
import type { Principal } from './identity/principal.ts'
import type { DeviceRecord } from './log/records.ts'
import type { LogStore } from './log/store.ts'
import { Lru } from './lru.ts'
import type { Rooms } from './rooms.ts'
import { decodeRemembered, encodeRemembered } from './session/device.ts'
import type { Remembered } from './session/device.ts'
import { sameBytes } from './tokens.ts'

export interface DevicesDeps {
  readonly store: LogStore
  readonly rooms: Rooms
  /** With the next commit. */
  write(record: DeviceRecord): void
}

/** A stream that is level without having been subscribed. */
export interface LevelStream {
  readonly space: SpaceId
  readonly interest: Interest
  readonly seq: number
}

const cachedMax = 10_000

/** What each device follows, so that a device that missed nothing need not say it again. */
export class Devices {
  readonly #deps: DevicesDeps
  readonly #latest = new Lru<string, DeviceRecord>(cachedMax)

  constructor(deps: DevicesDeps) {
    this.#deps = deps
  }

  /**
   * The device's streams in canonical order, if the hash is theirs with every cursor at its space's head; else
   * none, and what was remembered is forgotten.
   */
  async recall(principal: Principal, device: DeviceId, hash: Uint8Array): Promise<readonly LevelStream[]> {
    const streams = await this.#read(principal.tenant, principal.user, device)
    if (streams.length === 0) return []
    const level = hash.length === 0 ? [] : await this.#levelWith(principal, streams, hash)
    if (level.length === 0) this.remember(principal, device, [])
    return level
  }

  remember({ tenant, user }: Principal, device: DeviceId, streams: readonly Remembered[]): void {
    const record = { tenant, user, device, bytes: encodeRemembered(streams) }
    const key = `${tenant}/${user}/${device}`
    const latest = this.#latest.get(key)
    if (latest !== undefined && sameBytes(latest.bytes, record.bytes)) return
    this.#latest.set(key, record)
    this.#deps.write(record)
  }

  async #read(tenant: TenantId, user: UserId, device: DeviceId): Promise<readonly Remembered[]> {
    const key = `${tenant}/${user}/${device}`
    const stored = this.#latest.get(key) ?? (await this.#deps.store.device(tenant, user, device))
    const record = stored ?? { tenant, user, device, bytes: encodeRemembered([]) }
    this.#latest.set(key, record)
    return decodeRemembered(record.bytes)
  }

  async #levelWith(
    principal: Principal,
    streams: readonly Remembered[],
    hash: Uint8Array,
  ): Promise<readonly LevelStream[]> {
    const { tenant } = principal
    if (streams.some(({ space }) => principal.roleIn(space) === undefined)) return []
    const cursors = []
    for (const { space, interest } of streams) {
      const token = await this.#deps.rooms.use({ tenant, space }, async (room) => {
        await room.record()
        return room.headToken()
      })
      cursors.push({ space, interest, token })
    }
    if (!sameBytes(cursorsHash(cursors), hash)) return []
    return canonicalCursors(cursors).map(({ space, interest, token }) => ({ space, interest, seq: seqOf(token) }))
  }
}
