import type { Encoding } from '@rejoin/base'
import { Engines } from '@rejoin/documents'
import type { Engine } from '@rejoin/documents'
import type { Collection } from '@rejoin/schema'

/** Which entries a server takes, by their engines, and what reads the documents that it writes itself. */
export class ServerEngines {
  readonly #engines: Engines

  /** Throws `bad-config` if two engines cannot be told apart, or if a collection names one that is not there. */
  constructor(engines: readonly Engine[], collections: readonly Collection[]) {
    this.#engines = new Engines(engines)
    for (const collection of collections) this.#engines.of(collection)
  }

  /** The name of the engine whose bytes these are; undefined if such entries are not taken. */
  nameOf(encoding: Encoding): string | undefined {
    return this.#engines.reading(encoding)?.name ?? relayed.get(encoding)
  }

  of(collection: Collection): Engine {
    return this.#engines.of(collection)
  }
}

/** Entries of these engines are taken though nothing here may read them: relaying asks for no engine. */
const relayed: ReadonlyMap<Encoding, string> = new Map([['automerge', 'automerge']])
