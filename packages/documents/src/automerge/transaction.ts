import { invariant } from '@rejoin/base'
import type { Stamp } from '@rejoin/base'
import type { Survivor, WriteId } from '../engine.ts'
import { genesis } from './genesis.ts'
import type { RootName } from './genesis.ts'
import { actorOf, writeIdOf } from './library.ts'
import type { Handle, Hash, Heads, PlainOp } from './library.ts'

/**
 * What one transaction writes. The calls of the library that write go into one change of Automerge; operations that it
 * has no call for go into changes of their own, in between.
 */
export class Transaction {
  readonly handle: Handle
  readonly client: number
  /** The state that it started from. */
  readonly before: Heads
  readonly #actor: string
  readonly #made: Uint8Array[] = []
  /** The last change of this client that the document knows. */
  #own: Hash | undefined
  /** Keys of registers that lost these values, all that were seen, and may yet be written: then one operation does both. */
  readonly #removed = new Map<string, readonly Survivor[]>()

  constructor(handle: Handle, client: number, own: Hash | undefined) {
    this.handle = handle
    this.client = client
    this.before = handle.call((raw) => raw.getHeads())
    this.#actor = actorOf(client)
    this.#own = own
  }

  get own(): Hash | undefined {
    return this.#own
  }

  /** The changes of Automerge made so far, in their order. */
  get made(): readonly Uint8Array[] {
    return this.#made
  }

  get changedAnything(): boolean {
    if (this.#made.length > 0 || this.#removed.size > 0) return true
    return this.handle.call((raw) => raw.pendingOps()) > 0
  }

  /** Adds the container if it is not there. */
  begin(root: RootName): void {
    this.commit()
    this.handle.call((raw) => raw.applyChanges([genesis[root].bytes]))
  }

  /** Takes away all values of a key of the registers. */
  removeKey(key: string, values: readonly Survivor[]): void {
    this.#removed.set(key, values)
  }

  /** Puts one value in the place of all values of a key. */
  putKey(key: string, stamp: Stamp, text: string): WriteId {
    const { object } = genesis.registers
    const isLike = this.#removed.get(key)?.some((each) => each.stamp === stamp) === true
    this.#removed.delete(key)
    return this.handle.call((raw) => {
      // The library does nothing for a value that is there already; this is another write all the same.
      if (isLike) raw.delete(object, key)
      raw.put(object, key, text, 'str')
      const id = raw.getAll(object, key).at(-1)?.at(-1)
      invariant(typeof id === 'string', 'what was put is there')
      return writeIdOf(id)
    })
  }

  /** Ends the change that the calls of the library have written so far. */
  commit(): void {
    this.handle.call((raw) => {
      for (const key of this.#removed.keys()) raw.delete(genesis.registers.object, key)
      this.#removed.clear()
      if (raw.pendingOps() === 0) return
      const hash = raw.commit(null, 0)
      const bytes = raw.getLastLocalChange()
      invariant(hash !== null && bytes !== null, 'a change with operations')
      this.#made.push(bytes)
      this.#own = hash
    })
  }

  /** The counter that the first operation of the next `write` gets. Greater than any in the document. */
  next(): number {
    this.commit()
    return this.handle.call((raw) => {
      const hashes = [...raw.getHeads(), ...(this.#own === undefined ? [] : [this.#own])]
      return 1 + Math.max(0, ...hashes.map((hash) => raw.getChangeMetaByHash(hash)?.maxOp ?? 0))
    })
  }

  /** One change with exactly these operations. Gives the counter of the first; the others count up. */
  write(ops: readonly PlainOp[]): number {
    const startOp = this.next()
    const { library } = this.handle
    const seq =
      1 + (this.#own === undefined ? 0 : this.handle.call((raw) => raw.getChangeMetaByHash(this.#own ?? '')?.seq ?? 0))
    const deps = this.handle.call((raw) => raw.getHeads())
    const bytes = library.encodeChange({ actor: this.#actor, seq, startOp, time: 0, message: null, deps, ops })
    this.handle.call((raw) => raw.applyChanges([bytes]))
    this.#made.push(bytes)
    const [head] = this.handle.call((raw) => raw.getHeads())
    invariant(head !== undefined, 'a change that saw all others is the only head')
    this.#own = head
    return startOp
  }
}
