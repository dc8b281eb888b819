import type { Change, Deleted, Heir, Inserted, RegisterChange, WriteId } from '../engine.ts'
import { nameOf } from '../history/net.ts'
import { Batch } from './batch.ts'
import { entryText } from './entries.ts'
import type { RootName } from './genesis.ts'
import type { RowRoot } from './operations.ts'
import type { Past } from './past.ts'
import type { AutomergeRegisters } from './registers.ts'
import { listSequence, textSequence } from './sequence.ts'
import type { Sequence } from './sequence.ts'
import type { State } from './state.ts'

/** Makes changes again, in the open transaction. Undefined, and nothing is changed, if they do not stand alone. */
export function redo(
  state: State,
  registers: AutomergeRegisters,
  changes: readonly Change[],
): readonly Heir[] | undefined {
  const batch = state.batch()
  const heirs = new Redo(state, registers, batch).make(changes)
  if (heirs !== undefined) state.write(batch, registers)
  return heirs
}

/** Whether they would be made. */
export const standAlone = (state: State, registers: AutomergeRegisters, changes: readonly Change[]): boolean =>
  new Redo(state, registers, new Batch({ client: 0, clock: 0 })).make(changes) !== undefined

/** Writes the changes of a list into a batch, one after another. */
class Redo {
  readonly #state: State
  readonly #registers: AutomergeRegisters
  readonly #batch: Batch
  /** By root and old name, the ids of what the list has made so far. */
  readonly #made: Readonly<Record<RootName, Map<string, WriteId>>> = {
    registers: new Map(),
    text: new Map(),
    list: new Map(),
  }
  /** What stands under the keys that the list has come to, by name. */
  readonly #standing = new Map<string, Map<string, WriteId>>()
  readonly #deleted = new Set<string>()
  readonly #heirs: Heir[] = []
  #known: Past | undefined

  constructor(state: State, registers: AutomergeRegisters, batch: Batch) {
    this.#state = state
    this.#registers = registers
    this.#batch = batch
  }

  /** What stands for what; undefined if something named is not there when the list comes to it. */
  make(changes: readonly Change[]): readonly Heir[] | undefined {
    return changes.every((change) => this.#makeOne(change)) ? this.#heirs : undefined
  }

  #makeOne(change: Change): boolean {
    if (change.root === 'untold') return false
    if (change.root === 'registers') return this.#write(change)
    if (change.root === 'text')
      return 'delete' in change ? this.#delete(textSequence, change) : this.#insert(textSequence, change)
    return 'delete' in change ? this.#delete(listSequence, change) : this.#insert(listSequence, change)
  }

  #write({ key, wrote, removed }: RegisterChange): boolean {
    const standing = this.#standingUnder(key)
    if (!removed.every((each) => standing.has(nameOf(each)) || this.#isThere('registers', each))) return false
    const replaced = removed
      .map((each) => standing.get(nameOf(this.#now('registers', each))))
      .filter((each) => each !== undefined)
    for (const each of replaced) standing.delete(nameOf(each))
    if (wrote === undefined) this.#batch.erase(key, replaced)
    else {
      const id = this.#batch.write(key, entryText(wrote.stamp, wrote.value), replaced)
      standing.set(nameOf(id), id)
      this.#keep('registers', wrote, id, 1)
    }
    return true
  }

  #insert<Content>(sequence: Sequence<RowRoot, Content>, { insert, id, after }: Inserted<RowRoot, Content>): boolean {
    const { root } = sequence
    let behind = after && this.#now(root, after)
    if (after !== null && !this.#made[root].has(nameOf(after)) && this.#past[root].get(after) === undefined)
      return false
    const ids = sequence.store(insert).map((value) => (behind = this.#batch.insert(root, behind, value)))
    const [first] = ids
    if (first !== undefined) this.#keep(root, id, first, ids.length)
    return true
  }

  #delete<Content>(sequence: Sequence<RowRoot, Content>, { delete: content, id }: Deleted<RowRoot, Content>): boolean {
    const { root } = sequence
    const elements = sequence.store(content).map((_, i) => ({ client: id.client, clock: id.clock + i }))
    if (!elements.every((each) => this.#isThere(root, each))) return false
    for (const each of elements) {
      const now = this.#now(root, each)
      const isMade = this.#made[root].has(nameOf(each))
      if (this.#deleted.has(nameOf(now)) || !(isMade || this.#past[root].stands(now))) continue
      this.#batch.delete(root, now)
      this.#deleted.add(nameOf(now))
    }
    return true
  }

  /** Whether it is there when the list comes to it, or was once. */
  #isThere(root: RootName, id: WriteId): boolean {
    return this.#made[root].has(nameOf(id)) || this.#past.knows(id)
  }

  /** The id under which it is known now. */
  #now(root: RootName, id: WriteId): WriteId {
    return this.#made[root].get(nameOf(id)) ?? id
  }

  /** Nothing is written until the list is through. Many changes of registers can do without. */
  get #past(): Past {
    return (this.#known ??= this.#state.past())
  }

  #standingUnder(key: string): Map<string, WriteId> {
    const known = this.#standing.get(key)
    if (known !== undefined) return known
    const standing = new Map(this.#registers.survivors(key).map((each): [string, WriteId] => [nameOf(each), each]))
    this.#standing.set(key, standing)
    return standing
  }

  #keep(root: RootName, { client, clock }: WriteId, id: WriteId, length: number): void {
    for (let i = 0; i < length; i++)
      this.#made[root].set(nameOf({ client, clock: clock + i }), { client: id.client, clock: id.clock + i })
    this.#heirs.push({ of: { client, clock }, id, length })
  }
}
