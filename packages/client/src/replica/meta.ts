import { ByteWriter, deviceId, newDeviceId, nextStamp, noStamp, skewAllowedMs, stampAt, userId } from '@rejoin/base'
import type { Clock, DeviceId, Random, Result, Stamp, UserId } from '@rejoin/base'
import type { BatchBuilder } from './committer.ts'
import { keys } from './keys.ts'
import { openRecord, sealRecord } from './records.ts'
import type { Damage } from './records.ts'

/** What a replica counts over all of its spaces. */
export interface MetaRecord {
  readonly device: DeviceId
  /** Who wrote last; stands in while the app cannot say. */
  readonly principal: UserId
  readonly lastRow: number
  readonly lastStamp: Stamp
  /** The greatest stamp of ours that the server has: later ones must be above it, whatever any clock says. */
  readonly storedStamp: Stamp
  /** Server's clock minus this device's, milliseconds, as last heard. */
  readonly skewMs: number
}

const skewBiasMs = 2 ** 52
/** A server's time further from this device's is taken for so far: 50 years, what a clock that starts in 1976 has to go. */
const skewMsMax = 50 * 365.25 * 24 * 3_600_000

/** Stands for whoever wrote before anybody was known. */
export const nobody: UserId = userId('local')

export const newMeta = (random: Random): MetaRecord => ({
  device: newDeviceId(random),
  principal: nobody,
  lastRow: 0,
  lastStamp: noStamp,
  storedStamp: noStamp,
  skewMs: 0,
})

export function encodeMeta(meta: MetaRecord): Uint8Array {
  const body = new ByteWriter().text(meta.device).text(meta.principal).number(meta.lastRow).number(meta.lastStamp)
  return sealRecord(body.number(meta.storedStamp).number(Math.round(meta.skewMs) + skewBiasMs))
}

export const decodeMeta = (bytes: Uint8Array): Result<MetaRecord, Damage> =>
  openRecord(bytes, (body) => ({
    device: deviceId(body.text()),
    principal: userId(body.text()),
    lastRow: body.number(),
    lastStamp: body.number(),
    storedStamp: body.number(),
    skewMs: body.number() - skewBiasMs,
  }))

/** Hands out row numbers and stamps; what was handed out is on disk with the rows that use it. */
export class Counters {
  readonly #clock: Clock
  readonly #elapsed: () => number
  /** The server's time when it was heard last on this connection, and our elapsed time then. */
  #heard: { readonly serverMs: number; readonly elapsedMs: number } | undefined
  readonly principal: UserId
  #device: DeviceId
  #lastRow: number
  #lastStamp: Stamp
  #storedStamp: Stamp
  #skewMs: number

  /** `principal` is who writes from now on; `elapsed` counts milliseconds that only go forward. */
  constructor(clock: Clock, elapsed: () => number, meta: MetaRecord, principal: UserId) {
    this.principal = principal
    this.#clock = clock
    this.#elapsed = elapsed
    this.#device = meta.device
    this.#lastRow = meta.lastRow
    this.#lastStamp = meta.lastStamp
    this.#storedStamp = meta.storedStamp
    this.#skewMs = meta.skewMs
  }

  get device(): DeviceId {
    return this.#device
  }

  /** Another replica goes by the old name: a copy of this store. On disk with the next `write`. */
  renameDevice(random: Random): void {
    this.#device = newDeviceId(random)
  }

  get skewMs(): number {
    return this.#skewMs
  }

  nextRow(): number {
    this.#lastRow += 1
    return this.#lastRow
  }

  nextStamp(): Stamp {
    this.#lastStamp = nextStamp(this.#lastStamp, this.#serverNow())
    return this.#lastStamp
  }

  /**
   * The server told its time: from now on stamps follow it instead of this device's clock. A last stamp far ahead
   * of it comes from a clock that was wrong, and would have every write refused until that time has come. What the
   * server has taken stays below what is written next, unless the wrong clock was the server's own: then too a
   * write supersedes what it saw, since it takes its place.
   */
  heardServerTime(toldMs: number): void {
    const skewMs = toldMs - this.#clock.now()
    if (!Number.isFinite(skewMs)) return
    this.#skewMs = Math.round(Math.max(-skewMsMax, Math.min(skewMs, skewMsMax)))
    const serverMs = this.#clock.now() + this.#skewMs
    this.#heard = { serverMs, elapsedMs: this.#elapsed() }
    const greatest = stampAt(serverMs + skewAllowedMs)
    if (this.#storedStamp > greatest) this.#storedStamp = noStamp
    if (this.#lastStamp > greatest) this.#lastStamp = Math.max(stampAt(serverMs), this.#storedStamp)
  }

  /** No server takes a write with this stamp now. */
  isAhead(stamp: Stamp): boolean {
    return stamp > stampAt(this.#serverNow() + skewAllowedMs)
  }

  /** Whether a server takes what is written now. */
  get isRight(): boolean {
    return !this.isAhead(nextStamp(this.#lastStamp, this.#serverNow()))
  }

  /** The server has a write of ours with this stamp; on disk with the next `write`. */
  stored(stamp: Stamp): void {
    this.#storedStamp = Math.max(this.#storedStamp, stamp)
  }

  /**
   * The connection is gone. From now on the clock counts, with the skew as last measured: elapsed time may stand
   * still while the device sleeps.
   */
  lostServer(): void {
    this.#heard = undefined
  }

  write(batch: BatchBuilder): void {
    batch.put(
      keys.meta,
      encodeMeta({
        device: this.#device,
        principal: this.principal,
        lastRow: this.#lastRow,
        lastStamp: this.#lastStamp,
        storedStamp: this.#storedStamp,
        skewMs: this.#skewMs,
      }),
    )
  }

  #serverNow(): number {
    if (this.#heard === undefined) return this.#clock.now() + this.#skewMs
    return this.#heard.serverMs + this.#elapsed() - this.#heard.elapsedMs
  }
}
