import type { WriterId } from '@rejoin/base'
import { ClientIds } from '@rejoin/documents'
import type { ClientIdSource } from '@rejoin/documents'

/**
 * The CRDT client ids of this replica's writer that were really picked: the ones to declare. Those passed over do not
 * count. Anybody can work them out and fill a document with them, and thousands declared in every space for one
 * document would be more than a server takes.
 */
export class PickedIds implements ClientIdSource {
  readonly #ids: ClientIds
  readonly #picked = new Set<number>()
  #all: readonly number[] = []

  constructor(writer: WriterId) {
    this.#ids = new ClientIds(writer)
  }

  pick(documentKey: string, clockOf: (clientId: number) => number): number {
    const id = this.#ids.pick(documentKey, clockOf)
    this.#picked.add(id)
    return id
  }

  used(documentKey: string, clock: number): void {
    this.#ids.used(documentKey, clock)
  }

  /** In the order of picking: what was added since stands at the end. */
  all(): readonly number[] {
    if (this.#all.length !== this.#picked.size) this.#all = [...this.#picked]
    return this.#all
  }
}
