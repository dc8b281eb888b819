import type { Timers } from '@rejoin/base'
import type { CallApp } from '../guarded.ts'
import type { LiveEntity } from './live-entity.ts'

/** Tells watchers of changed entities: soon, and once however many changes were made in one turn. */
export class Announcer {
  readonly #timers: Timers
  readonly #callApp: CallApp
  readonly #changed = new Set<LiveEntity>()

  constructor(timers: Timers, callApp: CallApp) {
    this.#timers = timers
    this.#callApp = callApp
  }

  changed(live: LiveEntity): void {
    if (live.watchers.size === 0) return
    if (this.#changed.size === 0) this.#timers.after(0, () => this.#tell())
    this.#changed.add(live)
  }

  #tell(): void {
    const lives = [...this.#changed]
    this.#changed.clear()
    for (const live of lives) {
      if (live.gone) continue
      for (const show of [...live.watchers]) this.#callApp(show)
    }
  }
}
