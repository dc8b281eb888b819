import { invariant } from '@rejoin/base'
import { Batch } from './batch.ts'
import { genesis } from './genesis.ts'
import type { RootName } from './genesis.ts'
import type { Handle, Library, OpId, RawHandle } from './library.ts'
import { PastOf } from './past.ts'
import type { Next, Past } from './past.ts'
import type { Transaction } from './transaction.ts'

/** The actor of a document that only reads: nothing is written under it. */
const nobody = '00'

/** What the roots of a document share. */
export class State {
  readonly library: Library
  /** Undefined as long as there is nothing: many documents are never filled. */
  handle: Handle | undefined
  /** Under which the handle writes. */
  actor: string = nobody
  transaction: Transaction | undefined
  /** Whether changes wait for others. */
  waits: boolean = false
  /** Counts what changes the document past the calls of its roots. */
  version: number = 0
  #spent = false
  readonly #past = new PastOf()
  /** Which containers are there, as far as it was asked for. */
  readonly #present = new Map<RootName, boolean>()

  constructor(library: Library) {
    this.library = library
  }

  /** Throws unless the document can be read. */
  check(): void {
    this.library.check()
    invariant(!this.#spent, 'this document is disposed, or was spent by an error')
  }

  spend(): void {
    this.#spent = true
    this.handle?.free()
    this.handle = undefined
  }

  replace(handle: Handle): void {
    this.handle?.free()
    this.handle = handle
  }

  has(root: RootName): boolean {
    this.check()
    const known = this.#present.get(root)
    if (known !== undefined) return known
    // The library ends the change that is being written when it is asked for another.
    this.transaction?.commit()
    const found = this.handle?.has(genesis[root].hash) ?? false
    this.#present.set(root, found)
    return found
  }

  /** Others may have brought containers, or the document is another one. */
  forget(): void {
    this.#present.clear()
    this.version++
  }

  /** Reads a container; gives `empty` if it is not there. */
  read<T>(root: RootName, empty: T, run: (raw: RawHandle, object: OpId) => T): T {
    if (!this.has(root) || this.handle === undefined) return empty
    return this.handle.call((raw) => run(raw, genesis[root].object))
  }

  /** The transaction that is open, with the container made. */
  open(root: RootName): Transaction {
    const { transaction } = this
    invariant(transaction !== undefined, 'changes are made inside transact')
    if (!this.has(root)) {
      transaction.begin(root)
      this.#present.set(root, true)
    }
    return transaction
  }

  /** What the document holds and ever held, the open transaction included. */
  past(next?: Next): Past {
    this.transaction?.commit()
    return this.#past.read(this.handle, next)
  }

  /** For operations that are to come next in the open transaction. */
  batch(): Batch {
    invariant(this.transaction !== undefined, 'changes are made inside transact')
    // The making of a container, which may yet come before, has the counter 1.
    return new Batch({ client: this.transaction.client, clock: Math.max(2, this.transaction.next()) })
  }

  /** Writes a batch, between whose making and this nothing was written. */
  write({ first, operations, roots }: Batch, registers: { forget(): void }): void {
    for (const root of roots) this.open(root)
    if (operations.length === 0) return
    invariant(this.transaction?.write(operations) === first.clock, 'the ids of a batch are known beforehand')
    registers.forget()
    this.version++
  }
}
