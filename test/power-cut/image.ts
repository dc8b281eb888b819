import type { Dice } from './dice.ts'

/** What a disk writes whole or not at all. */
const sectorBytes = 512

type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number }

/**
 * What a power cut does to what was not synced.
 * - `lost`, `kept`: all of it
 * - `torn`: each sector holds any of the states that it was in since the last sync, independent of all others: so
 *   writes are missing, cut and out of order. The size is any that the file had.
 * - `flipped`: torn, and in some sectors a bit of what was being written is wrong
 */
export type Cut = 'lost' | 'kept' | 'torn' | 'flipped'
export const cuts: readonly Cut[] = ['lost', 'kept', 'torn', 'torn', 'torn', 'flipped', 'flipped']

/** A file as the process sees it, and as much of it as is on the disk for sure. */
export class FileImage {
  readonly #seen = new Content()
  readonly #safe = new Content()
  #unsynced: Change[] = []

  change(change: Change): void {
    this.#seen.apply(change)
    this.#unsynced.push(change)
  }

  sync(): void {
    for (const change of this.#unsynced) this.#safe.apply(change)
    this.#unsynced = []
  }

  /** All that was written. */
  seen(): Uint8Array {
    return this.#seen.copy()
  }

  /** What is there after the power came back. */
  afterCut(cut: Cut, dice: Dice): Uint8Array {
    if (this.#unsynced.length === 0 || cut === 'lost') return this.#safe.copy()
    if (cut === 'kept') return this.#seen.copy()
    const states = this.#states()
    // Long runs of luck are as likely as none: whole commits are kept, with one sector of them missing.
    const keepsLast = dice.pick([0, 0.5, 0.9, 0.99])
    const after = new Content()
    after.apply({ kind: 'write', offset: 0, bytes: this.#safe.copy() })
    for (const [sector, versions] of states.sectors) {
      const chosen = versions[dice.chance(keepsLast) ? versions.length - 1 : dice.below(versions.length + 1) - 1]
      if (chosen === undefined) continue
      if (cut === 'flipped' && dice.chance(0.1)) flipWritten(chosen, dice)
      after.apply({ kind: 'write', offset: sector * sectorBytes, bytes: chosen.bytes })
    }
    after.resize(dice.chance(0.5) ? this.#seen.size : dice.pick(states.sizes))
    return after.copy()
  }

  /** Every state of every sector, and every size, since the last sync. */
  #states(): States {
    const content = new Content()
    content.apply({ kind: 'write', offset: 0, bytes: this.#safe.copy() })
    const sectors = new Map<number, Version[]>()
    const sizes = [content.size]
    for (const change of this.#unsynced) {
      const from = change.kind === 'write' ? change.offset : change.size
      const to = change.kind === 'write' ? change.offset + change.bytes.length : Math.max(content.size, change.size)
      content.apply(change)
      sizes.push(content.size)
      for (let sector = Math.floor(from / sectorBytes); sector * sectorBytes < to; sector++) {
        const start = sector * sectorBytes
        const version = { bytes: content.read(start, sectorBytes), from: Math.max(from - start, 0), to: to - start }
        const known = sectors.get(sector)
        if (known === undefined) sectors.set(sector, [version])
        else known.push(version)
      }
    }
    return { sectors, sizes }
  }
}

interface States {
  readonly sectors: ReadonlyMap<number, readonly Version[]>
  readonly sizes: readonly number[]
}

/** A sector after a write, of which `from` to `to` is new. */
interface Version {
  readonly bytes: Uint8Array
  readonly from: number
  readonly to: number
}

/** Only in what was being written: a disk that spoils its neighbours is what SQLite calls not power-safe. */
function flipWritten({ bytes, from, to }: Version, dice: Dice): void {
  const at = from + dice.below(Math.min(to, sectorBytes) - from)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << dice.below(8))
}

/** Bytes that grow, with zeros in what was never written. */
class Content {
  #bytes = new Uint8Array(4096)
  size = 0

  apply(change: Change): void {
    if (change.kind === 'truncate') return this.resize(change.size)
    const { offset, bytes } = change
    if (offset + bytes.length > this.size) this.resize(offset + bytes.length)
    this.#bytes.set(bytes, offset)
  }

  resize(size: number): void {
    if (size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(size, 2 * this.#bytes.length))
      grown.set(this.#bytes.subarray(0, this.size))
      this.#bytes = grown
    }
    if (size < this.size) this.#bytes.fill(0, size, this.size)
    this.size = size
  }

  /** What lies behind the end reads as zeros. */
  read(offset: number, count: number): Uint8Array {
    const found = new Uint8Array(count)
    found.set(this.#bytes.subarray(offset, Math.max(offset, Math.min(offset + count, this.size))))
    return found
  }

  copy(): Uint8Array {
    return this.#bytes.slice(0, this.size)
  }
}
