import { SectorFile } from './sectors.ts'
import type { Cut, CutOptions, DiskDice } from './sectors.ts'

/**
 * Names of files, as they are seen and as the device has them. A new name, or a file that was moved over another, is
 * durable when the file was synced under that name. Before, a power cut decides; but no file takes the place of
 * another with anything in it that is not durable, as journaling file systems have it.
 */
export class Folder {
  readonly #seen = new Map<string, SectorFile>()
  readonly #durable = new Map<string, SectorFile>()

  find(name: string): SectorFile | undefined {
    return this.#seen.get(name)
  }

  /** An empty file of this name, whatever had it. */
  create(name: string): SectorFile {
    const file = new SectorFile()
    this.#seen.set(name, file)
    return file
  }

  write(name: string, offset: number, bytes: Uint8Array): void {
    const file = this.#seen.get(name) ?? this.create(name)
    file.write(offset, bytes)
  }

  /** Moves a file, over another if there is one. */
  rename(from: string, to: string): void {
    const file = this.#seen.get(from)
    if (file === undefined) return
    this.#seen.delete(from)
    this.#seen.set(to, file)
  }

  sync(name: string): void {
    const file = this.#seen.get(name)
    if (file === undefined) return
    file.sync()
    this.#settle(name, file)
  }

  cut(dice: DiskDice, options: CutOptions): Cut {
    const counts: Cut = { kept: 0, lost: 0, torn: 0, flipped: 0 }
    for (const [name, file] of this.#seen) {
      const before = this.#durable.get(name)
      const mayMove = before !== file && (before === undefined || file.isSynced)
      if (mayMove && dice.chance(0.5)) this.#settle(name, file)
    }
    this.#seen.clear()
    for (const [name, file] of this.#durable) {
      file.cut(dice, options, counts)
      this.#seen.set(name, file)
    }
    return counts
  }

  /** What the device has, of the files named or of all. */
  durable(names: Iterable<string> = this.#durable.keys()): Folder {
    const copy = new Folder()
    for (const name of names) {
      const file = this.#durable.get(name)
      if (file !== undefined) copy.#put(name, file.durable())
    }
    return copy
  }

  /** Puts what another folder has in the place of what is here. */
  restore(other: Folder): void {
    for (const [name, file] of other.#durable) this.#put(name, file.durable())
  }

  /** Flips a bit of synced data in one of the files, or in the one named. */
  rot(dice: DiskDice, name?: string): { readonly file: string; readonly offset: number } | undefined {
    const names = name === undefined ? [...this.#durable.keys()].sort() : [name]
    const file = names[dice.below(names.length)] ?? ''
    const offset = this.#durable.get(file)?.rot(dice)
    return offset === undefined ? undefined : { file, offset }
  }

  clear(): void {
    this.#seen.clear()
    this.#durable.clear()
  }

  #put(name: string, file: SectorFile): void {
    this.#seen.set(name, file)
    this.#durable.set(name, file)
  }

  /** The device knows the file by this name, and by no other. */
  #settle(name: string, file: SectorFile): void {
    if (this.#durable.get(name) === file) return
    for (const [other, known] of this.#durable) if (known === file) this.#durable.delete(other)
    this.#durable.set(name, file)
  }
}
