import { parseDocumentKey, RejoinError } from '@rejoin/base'
import type { DocumentKey } from '@rejoin/base'
import { Engines } from '@rejoin/documents'
import type { Engine, Update } from '@rejoin/documents'
import type { Collection } from '@rejoin/schema'

/** The engines of a replica, and which of them have failed since the open. */
export class ReplicaEngines {
  readonly #engines: Engines
  readonly #collections: ReadonlyMap<string, Collection>
  readonly #lost = new Map<string, RejoinError>()
  readonly #told: () => void

  /** Throws `bad-config` if a collection names an engine that is not there. `told`: one has failed. */
  constructor(engines: readonly Engine[], collections: readonly Collection[], told: () => void) {
    this.#engines = new Engines(engines)
    this.#collections = new Map(collections.map((collection) => [collection.name, collection]))
    this.#told = told
    for (const collection of collections) this.#engines.of(collection)
  }

  of(collection: Collection): Engine {
    return this.#engines.of(collection)
  }

  /** Whether there is an engine for such bytes. */
  reads({ encoding }: Update): boolean {
    return this.#engines.reading(encoding) !== undefined
  }

  /**
   * One update of consecutive ones of one writer. It goes by the bytes: they are sent as they were written, whatever
   * this version of the app makes of the collection. Undefined if they cannot be made one, nor ever will.
   */
  squash(updates: readonly Update[]): Update | undefined {
    const [first] = updates
    if (first === undefined) return undefined
    const engine = this.#engines.reading(first.encoding)
    if (engine === undefined) return updates.length === 1 ? first : undefined
    try {
      return engine.squash(updates)
    } catch (cause) {
      if (isLost(cause)) throw cause
      return undefined
    }
  }

  /**
   * The engine of a document: that of its collection, or, if this version of the app does not know that, the one that
   * reads what was written.
   */
  ofDocument(document: DocumentKey, { encoding }: Update): Engine | undefined {
    const collection = this.#collections.get(parseDocumentKey(document).collection)
    return collection === undefined ? this.#engines.reading(encoding) : this.#engines.of(collection)
  }

  /** Does something with an engine. Once that has failed, nothing is begun any more, and `engine-lost` is thrown. */
  use<T>({ name }: Engine, act: () => T): T {
    const lost = this.#lost.get(name)
    if (lost !== undefined) throw lost
    try {
      return act()
    } catch (cause) {
      throw isLost(cause) ? this.#noted(name, cause) : cause
    }
  }

  hasLost(collection: Collection): boolean {
    return this.#lost.has(collection.engine)
  }

  /** The first failure there was. */
  get failure(): RejoinError | undefined {
    return this.#lost.values().next().value
  }

  /** What was said of another engine before passes: it was asked for in an edit of this one. */
  #noted(name: string, cause: RejoinError): RejoinError {
    for (const lost of this.#lost.values()) if (lost === cause) return lost
    const message =
      `The engine ${name} has failed: what it holds can neither be read nor edited until the replica is opened again ` +
      'with a fresh one. What is on the disk is whole.'
    const lost = new RejoinError('engine-lost', message, { cause })
    this.#lost.set(name, lost)
    this.#told()
    return lost
  }
}

/** Whether an engine has failed. What was to be read is sound, and waits for the next open. */
export const isLost = (cause: unknown): cause is RejoinError =>
  cause instanceof RejoinError && cause.kind === 'engine-lost'

/** For what nobody waits for: undefined if the engine has failed, which the status tells. */
export function unlessLost<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (cause) {
    if (isLost(cause)) return undefined
    throw cause
  }
}
