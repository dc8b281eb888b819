import { BytesError } from '@rejoin/base'
import * as Y from 'yjs'

/** What a decoded update is made of: neither linked nor integrated, and ours to change. */
export type Struct = Y.Item | Y.GC | Y.Skip

/** Clocks of one client. */
export interface Range {
  readonly clock: number
  readonly len: number
}

/** Clocks of one client, ascending and disjoint. */
export type Ranges = readonly Range[]

/** What an update deletes, by client. */
export type Deletions = ReturnType<typeof Y.mergeDeleteSets>

/** What updates hold: the structs of one client in each section, ascending, and what is deleted. */
export interface Decoded {
  readonly sections: (readonly Struct[])[]
  readonly deletions: Deletion[]
}

/** Throws on an item whose place is told by what its own client made later, or never: Yjs would stumble over it. */
export function checkPlace({ id, origin, rightOrigin, parent }: Y.Item): void {
  if (cannotBe(origin, id) || cannotBe(rightOrigin, id) || (parent instanceof Y.ID && cannotBe(parent, id)))
    throw new BytesError('a place among what comes later')
}

const cannotBe = (needed: Y.ID | null, { client, clock }: Y.ID): boolean =>
  needed !== null && (needed.clock < 0 || (needed.client === client && needed.clock >= clock))

/** Clocks of a client whose content is deleted. */
export interface Deletion extends Range {
  readonly client: number
}

/** As Yjs has them: ascending and disjoint. */
export function deletionsOf(all: Iterable<Deletion>): Deletions {
  const { clients } = Y.createDeleteSet()
  for (const { client, clock, len } of all) {
    const ranges = clients.get(client)
    if (ranges === undefined) clients.set(client, [{ clock, len }])
    else ranges.push({ clock, len })
  }
  return Y.mergeDeleteSets([{ clients }])
}

/** Shortens a struct to `offset` clocks and gives the rest, with the origins Yjs gives it when it splits an item. */
export function cut<S extends Struct>(struct: S, offset: number): S
export function cut(struct: Struct, offset: number): Struct {
  const { client, clock } = struct.id
  const id = Y.createID(client, clock + offset)
  const rest = restOf(struct, id, offset)
  struct.length = offset
  return rest
}

function restOf(struct: Struct, id: Y.ID, offset: number): Struct {
  if (struct instanceof Y.GC) return new Y.GC(id, struct.length - offset)
  if (struct instanceof Y.Skip) return new Y.Skip(id, struct.length - offset)
  const origin = Y.createID(id.client, id.clock - 1)
  return new Y.Item(id, null, origin, null, struct.rightOrigin, null, null, struct.content.splice(offset))
}

/** In the order of clocks, each clock once, gaps filled. */
export function contiguous(structs: readonly Struct[]): Struct[] {
  const result: Struct[] = []
  let end: number | undefined
  for (const struct of [...structs].sort((a, b) => a.id.clock - b.id.clock)) {
    if (struct instanceof Y.Skip) continue
    const { client, clock } = struct.id
    const next = clock + struct.length
    if (end !== undefined && clock > end) result.push(new Y.Skip(Y.createID(client, end), clock - end))
    const known = Math.max(0, (end ?? 0) - clock)
    if (known >= struct.length) continue
    result.push(known === 0 ? struct : cut(copyOf(struct), known))
    end = next
  }
  return result
}

function copyOf(struct: Y.Item | Y.GC): Struct {
  if (struct instanceof Y.GC) return new Y.GC(struct.id, struct.length)
  const { id, origin, rightOrigin, parent, parentSub, content } = struct
  return new Y.Item(id, null, origin, null, rightOrigin, parent, parentSub, content.copy())
}
