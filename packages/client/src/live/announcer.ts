import type { Timers } from '@rejoin/base'
import type { LiveEntity } from './live-entity.ts'

/** Tells watchers of local edits: soon, and once however many edits were made in one turn. */
export class Announcer {
  readonly #timers: Timers
  readonly #changed = new Set<LiveEntity>()

  constructor(timers: Timers) {
    this.#timers = timers
  }

  changed(live: LiveEntity): void {
    if (live.watchers.size === 0) return
    if (this.#changed.size === 0) this.#timers.after(0, () => this.#tell())
    this.#changed.add(live)
  }

  #tell(): void {
    const lives = [...this.#changed]
    this.#changed.clear()
    for (const live of lives) live.changed()
  }
}
