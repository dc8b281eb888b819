import type { WriteId } from '../engine.ts'
import type { Handle, Heads } from './library.ts'
import { operationsOf } from './operations.ts'
import type { Operation } from './operations.ts'
import { Row } from './row.ts'

/** What a document holds and ever held: Automerge itself finds only what still stands, and little of it by id. */
export class Past {
  readonly text: Row = new Row()
  readonly list: Row = new Row()
  /** Client to the clock behind its last operation. */
  readonly #clocks = new Map<number, number>()

  /** In an order in which each operation comes after those it builds on. */
  integrate(operations: readonly Operation[]): void {
    for (const operation of operations) {
      const { id } = operation
      this.#clocks.set(id.client, Math.max(id.clock + 1, this.#clocks.get(id.client) ?? 0))
      if (operation.kind === 'insertion') this[operation.root].insert(operation)
      else if (operation.kind === 'deletion') this[operation.root].delete(operation)
      else if (operation.kind === 'foreign' && operation.within !== undefined)
        this[operation.within.root].spoil(operation.within.element)
    }
  }

  /** Whether it has been seen. */
  knows({ client, clock }: WriteId): boolean {
    return clock < (this.#clocks.get(client) ?? 0)
  }
}

/** Operations as they follow on a state. */
export interface Next {
  readonly before: Heads
  readonly operations: readonly Operation[]
}

/**
 * The past of a document in memory. It is read when it is first asked for, which takes time in proportion to the whole
 * history; from then on only what is new is read.
 */
export class PastOf {
  readonly #past = new Past()
  #heads: Heads = []

  /** Until now. Nothing that was written may wait to be committed. What is decoded already need not be read again. */
  read(handle: Handle | undefined, next?: Next): Past {
    if (handle === undefined) return this.#past
    if (next?.before.join() === this.#heads.join()) this.#past.integrate(next.operations)
    else
      for (const bytes of handle.call((raw) => raw.getChanges([...this.#heads])))
        this.#past.integrate(operationsOf(handle.library.decodeChange(bytes)))
    this.#heads = handle.heads()
    return this.#past
  }
}
