import { RejoinError } from '@rejoin/base'
import type { Folder } from './folder.ts'

/** `answer` stands between a commit that is durable and its caller's hearing of it. */
export type DiskStep = 'read' | 'write' | 'sync' | 'answer'

/**
 * Awaited before each step; `nth` counts the steps of a kind from 1 over the life of the disk. Time may pass here, the
 * process or the power may die, and the step, unless it is an answer, fails if this rejects with a `RejoinError` of a
 * storage kind. A journal's own file is what its commits write and sync; others are the witness's and the key's, and
 * those that end in `.new` become another.
 */
export type DiskPause = (step: DiskStep, nth: number, file: string) => Promise<void> | undefined

/** A write that has begun: a power cut may find part of it on the device. */
export interface Flight {
  readonly file: string
  readonly offset: number
  readonly bytes: Uint8Array
}

export interface MountDeps {
  readonly folder: Folder
  readonly flights: Set<Flight>
  readonly pause: DiskPause | undefined
  nth(step: DiskStep): number
  /** Whether a sync is only said to be done. */
  isLying(file: string): boolean
  released(): void
}

/** A process's hold on a disk. When the process dies, nothing that it began is ever answered. */
export class Mount {
  readonly #deps: MountDeps
  #state: 'open' | 'dead' | 'lost' | 'released' = 'open'

  constructor(deps: MountDeps) {
    this.#deps = deps
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  /** Undefined if there is no such file. */
  async read(file: string): Promise<Uint8Array | undefined> {
    await this.pass('read', file)
    const found = this.#deps.folder.find(file)
    return found?.read(0, found.size)
  }

  /** An empty file of this name; takes no step of its own. */
  create(file: string): void {
    this.#deps.folder.create(file)
  }

  async write(file: string, offset: number, bytes: Uint8Array): Promise<void> {
    const { folder, flights } = this.#deps
    // What a dead process still tries never begins.
    if (this.#state !== 'open') return this.#stopped()
    const flight = { file, offset, bytes }
    flights.add(flight)
    try {
      const wait = this.pass('write', file)
      if (wait !== undefined) await wait
    } finally {
      flights.delete(flight)
    }
    folder.write(file, offset, bytes)
  }

  async sync(file: string): Promise<void> {
    const wait = this.pass('sync', file)
    if (wait !== undefined) await wait
    if (!this.#deps.isLying(file)) this.#deps.folder.sync(file)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.pass('write', to)
    this.#deps.folder.rename(from, to)
  }

  /** Undefined if no time passes. */
  pass(step: DiskStep, file: string): Promise<void> | undefined {
    const nth = this.#deps.nth(step)
    if (this.#state !== 'open') return this.#stopped()
    return this.#deps.pause?.(step, nth, file)?.then(() => (this.#state === 'open' ? undefined : this.#stopped()))
  }

  /** The process dies. */
  die(): void {
    this.#state = 'dead'
  }

  /** The process lives on, but its hold is gone: every call fails until it opens anew. */
  lose(): void {
    if (this.#state === 'open') this.#state = 'lost'
  }

  release(): void {
    if (this.#state !== 'open') return
    this.#state = 'released'
    this.#deps.released()
  }

  #stopped(): Promise<void> {
    if (this.#state === 'dead') return new Promise(() => undefined)
    const why = this.#state === 'lost' ? 'The hold on the disk was lost; open it again.' : 'It was closed.'
    return Promise.reject(new RejoinError('storage-unavailable', why))
  }
}
