import { actorOf } from './library.ts'
import type { Handle } from './library.ts'

/**
 * A copy finds one clock soon. Who asks for more of one state, as where somebody has written under every name that a
 * writer could take, is told from a list of all changes.
 */
const copiesMax = 2

/** The next clocks of clients under which a document does not write. */
export class OtherClocks {
  #version = -1
  #asked = 0
  #all: ReadonlyMap<string, number> | undefined

  /** `find` looks for the one clock that is asked for. `version` is that of the document. */
  of(clientId: number, version: number, handle: Handle, find: () => number): number {
    if (this.#version !== version) [this.#version, this.#asked, this.#all] = [version, 0, undefined]
    if (++this.#asked <= copiesMax) return find()
    this.#all ??= clocksIn(handle)
    return this.#all.get(actorOf(clientId)) ?? 0
  }
}

function clocksIn(handle: Handle): ReadonlyMap<string, number> {
  const clocks = new Map<string, number>()
  for (const { actor, maxOp } of handle.call((raw) => raw.getChangesMeta([])))
    clocks.set(actor, Math.max(clocks.get(actor) ?? 0, maxOp + 1))
  return clocks
}
