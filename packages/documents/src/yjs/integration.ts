import { invariant } from '@rejoin/base'
import * as Y from 'yjs'
import type { WriteId } from '../engine.ts'
import type { Decoded, Deletion, Struct } from './structs.ts'
import type { Section } from './waiting-sections.ts'
import type { WaitingRoom } from './waiting.ts'

/**
 * Takes updates into the document of a transaction, in whatever order they come. What lacks something goes to the
 * waiting room, and from there what lacks nothing any more goes in: nothing is left waiting that could go in. The time is
 * in proportion to the updates, but for the logarithm of how many wait.
 */
export function integrateAll(transaction: Y.Transaction, room: WaitingRoom, { sections, deletions }: Decoded): void {
  const integration = new Integration(transaction, room)
  integration.recall()
  for (const structs of sections) integration.enter(structs)
  for (const deletion of room.deletions.take(integration.stateOf)) integration.delete(deletion)
  for (const deletion of deletions) integration.delete(deletion)
}

/**
 * Puts updates into the waiting room of which nothing can go in yet: what comes out of order costs no transaction. False,
 * and nothing is done, if something may go in.
 */
export function setAside(store: Y.Doc['store'], room: WaitingRoom, { sections, deletions }: Decoded): boolean {
  const stateOf: StateOf = (client) => Y.getState(store, client)
  // What was written here may be what others have waited for.
  if (room.sections.isDue(stateOf) || room.deletions.isDue(stateOf)) return false
  const lacking: (readonly WriteId[])[] = []
  for (const structs of sections) {
    const lacks = lackedFirst(structs[0], stateOf)
    if (lacks === undefined) return false
    lacking.push(lacks)
  }
  if (deletions.some(({ client, clock }) => clock < stateOf(client))) return false
  for (const [i, structs] of sections.entries()) room.sections.add({ structs, at: 0 }, lacking[i] ?? [])
  for (const deletion of deletions) room.deletions.add(deletion)
  return true
}

type StateOf = (client: number) => number

/** Any of which may let a section of structs go on; undefined if it lacks nothing, or has to be looked at. */
function lackedFirst(first: Struct | undefined, stateOf: StateOf): readonly WriteId[] | undefined {
  if (first === undefined || first instanceof Y.Skip) return undefined
  const { client, clock } = first.id
  const state = stateOf(client)
  if (clock > state) return [{ client, clock: clock - 1 }]
  if (clock + first.length <= state || !(first instanceof Y.Item)) return undefined
  const lacks = lackedBy(first, stateOf)
  return lacks && [lacks, { client, clock: clock + first.length - 1 }]
}

class Integration {
  readonly #transaction: Y.Transaction
  readonly #store: Y.Doc['store']
  readonly #room: WaitingRoom
  /** What was taken out of the waiting room and may go on. */
  readonly #called: Section[] = []

  constructor(transaction: Y.Transaction, room: WaitingRoom) {
    this.#transaction = transaction
    this.#store = transaction.doc.store
    this.#room = room
  }

  readonly stateOf: StateOf = (client) => Y.getState(this.#store, client)

  /** What was written here, or past us, may be what others have waited for. */
  recall(): void {
    if (this.#room.sections.isEmpty) return
    for (const client of [...this.#room.sections.lacked]) this.#call(client, this.stateOf(client))
    this.#goOn()
  }

  enter(structs: readonly Struct[]): void {
    this.#takeIn(structs, 0)
    this.#goOn()
  }

  delete({ client, clock, len }: Deletion): void {
    const state = this.stateOf(client)
    const end = clock + len
    const from = Math.max(clock, state)
    if (from < end) this.#room.deletions.add({ client, clock: from, len: end - from })
    if (clock < state) deleteRange(this.#transaction, client, clock, Math.min(end, state))
  }

  #goOn(): void {
    for (let next = this.#called.pop(); next !== undefined; next = this.#called.pop())
      this.#takeIn(next.structs, next.at)
  }

  /** Takes in structs of one client, until one lacks something. */
  #takeIn(structs: readonly Struct[], start: number): void {
    const { sections } = this.#room
    const client = structs[start]?.id.client ?? 0
    let state = this.stateOf(client)
    let called = sections.leastLacked(client)
    for (let at = start, struct = structs[at]; struct !== undefined; struct = structs[++at]) {
      const { clock } = struct.id
      const end = clock + struct.length
      if (end <= state || struct instanceof Y.Skip) continue
      if (clock > state) return sections.add({ structs, at }, [{ client, clock: clock - 1 }])
      if (struct instanceof Y.Item) {
        const lacks = lackedBy(struct, this.stateOf)
        // What stands for it may come meanwhile and lack nothing.
        if (lacks !== undefined) return sections.add({ structs, at }, [lacks, { client, clock: end - 1 }])
        link(this.#transaction, struct)
      }
      struct.integrate(this.#transaction, state - clock)
      state = end
      if (called >= state) continue
      this.#call(client, state)
      called = sections.leastLacked(client)
    }
  }

  #call(client: number, state: number): void {
    const { sections } = this.#room
    for (let next = sections.take(client, state); next !== undefined; next = sections.take(client, state))
      this.#called.push(next)
  }
}

/** What has not come of that by which Yjs places an item. Of its own client all before it has. */
function lackedBy({ id: { client }, origin, rightOrigin, parent }: Y.Item, stateOf: StateOf): WriteId | undefined {
  const isLacking = (needed: Y.ID): boolean => needed.client !== client && needed.clock >= stateOf(needed.client)
  if (origin !== null && isLacking(origin)) return origin
  if (rightOrigin !== null && isLacking(rightOrigin)) return rightOrigin
  return parent instanceof Y.ID && isLacking(parent) ? parent : undefined
}

/** Finds the neighbours and the parent of an item that lacks nothing. */
function link(transaction: Y.Transaction, item: Y.Item): void {
  const parent: unknown = item.parent
  if (typeof parent === 'string') item.parent = transaction.doc.get(parent)
  const missing = item.getMissing(transaction, transaction.doc.store)
  invariant(missing === null, 'what lacks nothing can be placed')
}

/** Deletes clocks that have come, as Yjs does. */
function deleteRange(transaction: Y.Transaction, client: number, from: number, to: number): void {
  const { store } = transaction.doc
  const structs = store.clients.get(client) ?? []
  for (let i = Y.findIndexSS(structs, from), struct = structs[i]; struct !== undefined; struct = structs[++i]) {
    const { clock } = struct.id
    if (clock >= to) return
    if (!(struct instanceof Y.Item) || struct.deleted) continue
    if (clock < from) {
      Y.getItemCleanStart(transaction, Y.createID(client, from))
      continue
    }
    if (clock + struct.length > to) Y.getItemCleanEnd(transaction, store, Y.createID(client, to - 1))
    struct.delete(transaction)
  }
}
