import { invariant, RejoinError } from '@rejoin/base'
import { Folder } from './folder.ts'
import { Mount } from './mount.ts'
import type { DiskPause, Flight } from './mount.ts'
import type { Cut, CutOptions, DiskDice } from './sectors.ts'

const noCut: Readonly<Cut> = { kept: 0, lost: 0, torn: 0, flipped: 0 }

/**
 * A disk that outlives processes and power cuts. What is written is read at once and is durable after its file's
 * sync. Everything that chance decides is decided by the dice that are given.
 */
export class VirtualDisk {
  readonly #folder: Folder
  readonly #mounts = new Map<string, Mount>()
  readonly #flights = new Set<Flight>()
  readonly #counts = new Map<string, number>()
  /** Of which files a sync answers and has done nothing; an honest disk if undefined. */
  liesAbout: ((file: string) => boolean) | undefined

  constructor(folder: Folder = new Folder()) {
    this.#folder = folder
  }

  /** How often this has happened, this time included; counted over the life of the disk. */
  nth(what: string): number {
    const nth = (this.#counts.get(what) ?? 0) + 1
    this.#counts.set(what, nth)
    return nth
  }

  /** Opens what is kept under a name, once at a time: throws `storage-unavailable` while it is open elsewhere. */
  mount(name: string, pause?: DiskPause): Mount {
    if (this.#mounts.has(name))
      throw new RejoinError('storage-unavailable', `${name} on this disk is open elsewhere; close it there first.`)
    const mount: Mount = new Mount({
      folder: this.#folder,
      flights: this.#flights,
      pause,
      nth: (step) => this.nth(step),
      isLying: (file) => this.liesAbout?.(file) === true,
      released: () => this.#mounts.delete(name),
    })
    this.#mounts.set(name, mount)
    return mount
  }

  /** Bytes in a file; 0 if there is none. */
  size(file: string): number {
    return this.#folder.find(file)?.size ?? 0
  }

  /**
   * Every process that has something open here dies. With it goes, if the power does, what was not synced: each
   * sector is kept or lost, and one of a file perhaps torn. Tells how many.
   */
  crash(what: 'process'): Readonly<Cut>
  crash(what: 'power', dice: DiskDice, options?: CutOptions): Readonly<Cut>
  crash(what: 'process' | 'power', dice?: DiskDice, options: CutOptions = {}): Readonly<Cut> {
    for (const mount of this.#mounts.values()) mount.die()
    this.#mounts.clear()
    const flights = [...this.#flights]
    this.#flights.clear()
    if (what === 'process') return noCut
    invariant(dice !== undefined, 'a power cut needs dice')
    for (const { file, offset, bytes } of flights) this.#folder.write(file, offset, bytes)
    return this.#folder.cut(dice, options)
  }

  /** Somebody has something open here. */
  get isOpen(): boolean {
    return this.#mounts.size > 0
  }

  /** Every hold on this disk is lost: calls fail with `storage-unavailable` until it is opened again. */
  lose(): void {
    for (const mount of this.#mounts.values()) mount.lose()
    this.#mounts.clear()
    this.#flights.clear()
  }

  /** Everything is gone, and with it every hold. */
  wipe(): void {
    this.lose()
    this.#folder.clear()
  }

  /** Flips a bit of synced data; tells where, or undefined if there is none. */
  rot(dice: DiskDice, file?: string): { readonly file: string; readonly offset: number } | undefined {
    return this.#folder.rot(dice, file)
  }

  /** Another disk with what is durable on this one: of the files named, or of all. */
  copy(files?: Iterable<string>): VirtualDisk {
    return new VirtualDisk(this.#folder.durable(files))
  }

  /** Puts the files of a copy in the place of those that are here. Nothing may be open. */
  restore(copy: VirtualDisk): void {
    invariant(this.#mounts.size === 0, 'a disk is restored while it is closed')
    this.#folder.restore(copy.#folder)
  }
}
