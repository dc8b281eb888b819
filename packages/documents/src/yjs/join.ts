import * as Y from 'yjs'
import { cut } from './structs.ts'
import type { Ranges, Struct } from './structs.ts'

/**
 * The structs of one client, ascending and without gaps, made as few and small as they can be with the same
 * effect. `deletions` are the clocks of that client that the same update deletes.
 */
export function joinStructs(structs: readonly Struct[], deletions: Ranges): Struct[] {
  const result: Struct[] = []
  let next = 0
  for (const whole of structs) {
    let rest: Struct | undefined = whole
    while (rest !== undefined) {
      const struct: Struct = rest
      const start: number = struct.id.clock
      while (endOf(deletions[next]) <= start) next++
      const range = deletions[next]
      const deleted = range !== undefined && range.clock <= start
      const length = (deleted || range === undefined ? endOf(range) : range.clock) - start
      rest = length < struct.length ? cut(struct, length) : undefined
      if (deleted) erase(struct)
      const last = result.at(-1)
      if (last === undefined || !join(last, struct)) result.push(struct)
    }
  }
  return result
}

const endOf = (range: Ranges[number] | undefined): number => (range === undefined ? Infinity : range.clock + range.len)

/** Leaves the content out. Types and nested documents stay: other structs may lie inside them. */
function erase(struct: Struct): void {
  if (!(struct instanceof Y.Item) || struct.content instanceof Y.ContentType) return
  if (struct.content instanceof Y.ContentDoc || struct.content instanceof Y.ContentFormat) return
  struct.content = new Y.ContentDeleted(struct.length)
}

/**
 * Adds `right` to `left`, the struct before it, if Yjs gets back exactly these two where it has to split the
 * result: it gives the right half the left one's last id as origin, and its right origin.
 */
function join(left: Struct, right: Struct): boolean {
  if (!(left instanceof Y.Item)) return left instanceof Y.GC && right instanceof Y.GC && left.mergeWith(right)
  if (!(right instanceof Y.Item) || !Y.compareIDs(right.origin, left.lastId)) return false
  if (!Y.compareIDs(left.rightOrigin, right.rightOrigin) || !joinContent(left.content, right.content)) return false
  left.length += right.length
  return true
}

function joinContent(left: Y.Item['content'], right: Y.Item['content']): boolean {
  if (left instanceof Y.ContentString && right instanceof Y.ContentString) return left.mergeWith(right)
  if (left instanceof Y.ContentDeleted && right instanceof Y.ContentDeleted) return left.mergeWith(right)
  if (!(left instanceof Y.ContentAny) || !(right instanceof Y.ContentAny)) return false
  // Its own way copies all of the left at each join.
  for (const value of right.arr) left.arr.push(value)
  return true
}
