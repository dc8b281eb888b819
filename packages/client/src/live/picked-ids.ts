import type { WriterId } from '@rejoin/base'
import { ClientIds } from '@rejoin/documents'
import type { ClientIdSource } from '@rejoin/documents'

/**
 * The CRDT client ids of this replica's writer that were really picked: the ones to declare. Those passed over do not
 * count. Anybody can work them out and fill a document with them, and thousands declared in every space for one
 * document would be more than a server takes.
 */
export class PickedIds implements ClientIdSource {
  #ids: ClientIds
  readonly #picked = new Set<number>()
  /** Counts what was asked and told of each document, to know whether somebody else was there since. */
  readonly #latest = new Map<string, number>()
  #count = 0
  /** How many there were when the writer was renewed. */
  #before = 0
  #all: readonly number[] = []

  constructor(writer: WriterId) {
    this.#ids = new ClientIds(writer)
  }

  pick(documentKey: string, clockOf: (clientId: number) => number): number {
    const id = this.#ids.pick(documentKey, clockOf)
    this.#picked.add(id)
    this.#latest.set(documentKey, ++this.#count)
    return id
  }

  used(documentKey: string, clock: number): void {
    this.#ids.used(documentKey, clock)
    this.#latest.set(documentKey, ++this.#count)
  }

  /**
   * For documents that may come to nothing. `giveBack` then says so, and their ids serve again where nobody else has
   * written since: else each attempt would need one more.
   */
  trial(): Required<ClientIdSource> & { giveBack(): void } {
    const before = new Map<string, number>()
    const latest = new Map<string, number>()
    return {
      pick: (documentKey, clockOf) => {
        const id = this.pick(documentKey, clockOf)
        before.set(documentKey, clockOf(id))
        return id
      },
      used: (documentKey, clock) => {
        this.used(documentKey, clock)
        latest.set(documentKey, this.#count)
      },
      all: () => this.all(),
      giveBack: () => {
        for (const [documentKey, count] of latest)
          if (this.#latest.get(documentKey) === count) this.used(documentKey, before.get(documentKey) ?? 0)
      },
    }
  }

  /** None of the ids so far is picked again: from now on they are those of another writer. */
  renew(writer: WriterId): void {
    this.#ids = new ClientIds(writer)
    this.#before = this.#picked.size
  }

  /** Those picked since the writer was renewed. */
  latest(): readonly number[] {
    return this.all().slice(this.#before)
  }

  /** In the order of picking: what was added since stands at the end. */
  all(): readonly number[] {
    if (this.#all.length !== this.#picked.size) this.#all = [...this.#picked]
    return this.#all
  }
}
