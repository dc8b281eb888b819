/** What a device writes whole or tears: the unit in which unsynced data is kept or lost. */
export const sectorBytes = 512

/** Chance for what a power cut and a worn-out disk do. */
export interface DiskDice {
  /** In [0, 1). */
  float(): number
  /** A whole number from 0 up to but not including `limit`. */
  below(limit: number): number
  chance(probability: number): boolean
}

/** What became of the sectors that were not synced when the power went. */
export interface Cut {
  kept: number
  lost: number
  torn: number
  flipped: number
}

export interface CutOptions {
  /** The probability, for each file that has unsynced sectors, that a bit of one of them is flipped. */
  readonly flip?: number
}

const nothing = new Uint8Array(0)

/**
 * A file as its readers see it, and for each sector that was written since the last sync what the device has of it.
 * Only those are held twice, and of sectors behind the durable end nothing at all: appending costs one copy.
 */
export class SectorFile {
  #bytes = new Uint8Array(8 * sectorBytes)
  #size = 0
  #durableSize = 0
  readonly #unsynced = new Map<number, Uint8Array>()

  get size(): number {
    return this.#size
  }

  get isSynced(): boolean {
    return this.#unsynced.size === 0
  }

  read(offset: number, count: number): Uint8Array {
    return this.#bytes.slice(offset, Math.min(offset + count, this.#size))
  }

  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return
    const end = offset + bytes.length
    this.#reserve(end)
    for (let sector = Math.floor(offset / sectorBytes); sector * sectorBytes < end; sector++) this.#keep(sector)
    this.#bytes.set(bytes, offset)
    this.#size = Math.max(this.#size, end)
  }

  sync(): void {
    this.#unsynced.clear()
    this.#durableSize = this.#size
  }

  /** The power goes: some unsynced sectors had been written, in any order, and one of them perhaps in part. */
  cut(dice: DiskDice, { flip = 0 }: CutOptions, counts: Cut): void {
    const sectors = [...this.#unsynced.keys()].sort((a, b) => a - b)
    if (sectors.length === 0) return
    const share = dice.float()
    const torn = dice.chance(0.5) ? sectors[dice.below(sectors.length)] : undefined
    const flipped = dice.chance(flip) ? sectors[dice.below(sectors.length)] : undefined
    let size = this.#durableSize
    for (const sector of sectors) {
      const written = sector === torn ? dice.below(sectorBytes) : dice.chance(share) ? sectorBytes : 0
      counts[sector === torn ? 'torn' : written > 0 ? 'kept' : 'lost']++
      if (written > 0) size = Math.max(size, Math.min(sector * sectorBytes + written, this.#size))
      this.#undo(sector, written)
    }
    this.#size = size
    if (flipped !== undefined && this.#flip(flipped, dice)) counts.flipped++
    this.sync()
  }

  /** What the device has. */
  durable(): SectorFile {
    const copy = new SectorFile()
    copy.write(0, this.#bytes.subarray(0, this.#durableSize))
    for (const [sector, bytes] of this.#unsynced) copy.write(sector * sectorBytes, bytes)
    copy.sync()
    return copy
  }

  /** Flips a bit of a synced sector; returns where, or undefined if there is none. */
  rot(dice: DiskDice): number | undefined {
    const sectors: number[] = []
    for (let sector = 0; sector * sectorBytes < this.#durableSize; sector++)
      if (!this.#unsynced.has(sector)) sectors.push(sector)
    const sector = sectors[dice.below(sectors.length)]
    return sector === undefined ? undefined : this.#flip(sector, dice)
  }

  #keep(sector: number): void {
    if (this.#unsynced.has(sector)) return
    const start = sector * sectorBytes
    const end = Math.min(start + sectorBytes, this.#durableSize)
    this.#unsynced.set(sector, start >= end ? nothing : this.#bytes.slice(start, end))
  }

  /** Puts back what the device had of a sector, from `written` on. */
  #undo(sector: number, written: number): void {
    const start = sector * sectorBytes
    const before = this.#unsynced.get(sector) ?? nothing
    this.#bytes.fill(0, start + written, start + sectorBytes)
    this.#bytes.set(before.subarray(written), start + written)
  }

  #flip(sector: number, dice: DiskDice): number | undefined {
    const start = sector * sectorBytes
    const count = Math.min(sectorBytes, this.#size - start)
    if (count <= 0) return undefined
    const at = start + dice.below(count)
    this.#bytes[at] = (this.#bytes[at] ?? 0) ^ (1 << dice.below(8))
    return at
  }

  /** Whole sectors, so that each can be filled to its end. */
  #reserve(size: number): void {
    if (size <= this.#bytes.length) return
    const sectors = Math.ceil(Math.max(size, 2 * this.#bytes.length) / sectorBytes)
    const larger = new Uint8Array(sectors * sectorBytes)
    larger.set(this.#bytes.subarray(0, this.#size))
    this.#bytes = larger
  }
}
