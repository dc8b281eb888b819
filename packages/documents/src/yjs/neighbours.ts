import * as Y from 'yjs'

/** So few Yjs joins itself as fast. */
const few = 64

/**
 * Joins the values that a transaction has made next to each other, as Yjs does at its end. Yjs goes from right to left and
 * keeps the copy of each step until the last: of 40,000 values more memory than a process has. Joined in pairs, and
 * these in pairs, they take little.
 */
export function joinNeighbours({ doc, beforeState }: Y.Transaction): void {
  for (const [client, structs] of doc.store.clients) {
    const last = structs.at(-1)
    const before = beforeState.get(client) ?? 0
    if (last === undefined || last.id.clock - before < few) continue
    const from = Y.findIndexSS(structs, before)
    if (structs.length - from < few) continue
    const joined = joinPairs(structs.slice(from))
    if (joined.length === structs.length - from) continue
    structs.length = from
    for (const struct of joined) structs.push(struct)
  }
}

type Stored = Y.Item | Y.GC

function joinPairs(structs: readonly Stored[]): readonly Stored[] {
  const joined: Stored[] = []
  for (let i = 0; i < structs.length; i++) {
    const [left, right] = [structs[i], structs[i + 1]]
    if (left === undefined) continue
    joined.push(left)
    if (right !== undefined && isValues(left) && isValues(right) && left.mergeWith(right)) i++
  }
  return joined.length < structs.length ? joinPairs(joined) : joined
}

const isValues = (struct: Stored): struct is Y.Item =>
  struct instanceof Y.Item &&
  !struct.deleted &&
  struct.parentSub === null &&
  (struct.content instanceof Y.ContentAny || struct.content instanceof Y.ContentJSON)
