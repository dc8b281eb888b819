import * as Y from 'yjs'

/** What a decoded update is made of: neither linked nor integrated, and ours to change. */
export type Struct = Y.Item | Y.GC | Y.Skip

/** Clocks of one client, ascending and disjoint. */
export type Ranges = readonly { readonly clock: number; readonly len: number }[]

/** What an update deletes, by client. */
export type Deletions = ReturnType<typeof Y.mergeDeleteSets>

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
