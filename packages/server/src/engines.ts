import { RejoinError } from '@rejoin/base'
import type { Encoding } from '@rejoin/base'
import { Engines } from '@rejoin/documents'
import type { Engine } from '@rejoin/documents'
import type { Collection } from '@rejoin/schema'

/** Which entries a server takes, by their engines, and what it writes its own documents with. */
export class ServerEngines {
  readonly #engines: Engines
  /** Automerge comes with the server, unless the app gave one of its own. */
  readonly #hasAutomerge: boolean

  /** Throws `bad-config` if two engines cannot be told apart, or if a collection names one that is not there. */
  constructor(engines: readonly Engine[], collections: readonly Collection[]) {
    this.#engines = new Engines(engines)
    this.#hasAutomerge = engines.every(({ name }) => name !== automerge)
    for (const collection of collections) if (!this.#isOurs(collection)) this.#engines.of(collection)
  }

  /** The name of the engine whose bytes these are; undefined if such entries are not taken. Loads nothing. */
  nameOf(encoding: Encoding): string | undefined {
    return this.#engines.reading(encoding)?.name ?? (encoding === automerge ? automerge : undefined)
  }

  /** Loads Automerge when it is first wanted, and again after it has failed. */
  async of(collection: Collection): Promise<Engine> {
    return this.#isOurs(collection) ? loadAutomerge() : this.#engines.of(collection)
  }

  #isOurs({ engine }: Collection): boolean {
    return engine === automerge && this.#hasAutomerge
  }
}

/** The engine's name, and what its bytes are in. */
const automerge = 'automerge'

export async function loadAutomerge(): Promise<Engine> {
  const { openAutomerge } = await import('@rejoin/documents/automerge')
  return openAutomerge()
}

/** Whether an engine's instance has failed: what it was given is not to be given to it again. */
export const isLost = (cause: unknown): boolean => cause instanceof RejoinError && cause.kind === 'engine-lost'
