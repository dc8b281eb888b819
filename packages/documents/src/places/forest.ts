import type { Node } from './nodes.ts'
import { byPlace } from './room.ts'

/** How deep a tree is shown. What nests much deeper, much software cannot take as JSON. */
export const treeDepthMax = 100

/**
 * The nodes of a tree as they are shown: each exactly once, under its parent or at the top. At the top are those put
 * there; those whose parent is gone; of each cycle, which moves made without knowing of each other can close, the
 * node whose place has the lowest stamp, ties by id; and what would be deeper than `treeDepthMax`.
 */
export class Forest {
  readonly #nodes = new Map<string, Node>()
  readonly #parents = new Map<string, string | null>()
  readonly #children = new Map<string | null, Node[]>()

  constructor(nodes: Iterable<Node>) {
    for (const node of nodes) this.#nodes.set(node.id, node)
    this.#cutCycles()
    for (const node of this.#nodes.values()) this.#childrenOf(this.parent(node.id)).push(node)
    this.#cutDepth()
    for (const children of this.#children.values()) children.sort(byPlace)
  }

  node(id: string): Node | undefined {
    return this.#nodes.get(id)
  }

  /** Where it is shown; null at the top. */
  parent(id: string): string | null {
    return this.#parents.get(id) ?? null
  }

  /** In their order; of null, those at the top. */
  children(parent: string | null): readonly Node[] {
    return this.#children.get(parent) ?? []
  }

  /** A node and everything under it, level by level. */
  under(id: string): readonly string[] {
    const ids = [id]
    for (const each of ids) for (const child of this.children(each)) ids.push(child.id)
    return ids
  }

  /** From a node to the top, itself included. */
  path(id: string): readonly string[] {
    const ids: string[] = []
    for (let at: string | null = id; at !== null; at = this.parent(at)) ids.push(at)
    return ids
  }

  #cutCycles(): void {
    for (const { id, parent } of this.#nodes.values())
      this.#parents.set(id, parent !== null && this.#nodes.has(parent) ? parent : null)
    const done = new Set<string>()
    for (const id of this.#nodes.keys()) {
      const walk = new Set<string>()
      let at: string | null = id
      for (; at !== null && !done.has(at) && !walk.has(at); at = this.parent(at)) walk.add(at)
      // The walk has come back to itself, not to another one.
      if (at !== null && walk.has(at)) this.#parents.set(this.#lowestOf(at), null)
      for (const each of walk) done.add(each)
    }
  }

  /** The member of a cycle, given any, at which it is cut. */
  #lowestOf(member: string): string {
    let lowest = this.#nodes.get(member)
    for (let at = this.parent(member); at !== null && at !== member; at = this.parent(at)) {
      const node = this.#nodes.get(at)
      if (node !== undefined && (lowest === undefined || byStamp(node, lowest) < 0)) lowest = node
    }
    return lowest?.id ?? member
  }

  #cutDepth(): void {
    const tops = this.#childrenOf(null)
    let level: readonly Node[] = tops
    for (let depth = 1; level.length > 0; depth++) {
      const next = level.flatMap((node) => this.children(node.id))
      if (depth % treeDepthMax === 0) {
        for (const node of level) this.#children.delete(node.id)
        for (const node of next) {
          this.#parents.set(node.id, null)
          tops.push(node)
        }
      }
      level = next
    }
  }

  #childrenOf(parent: string | null): Node[] {
    const children = this.#children.get(parent) ?? []
    this.#children.set(parent, children)
    return children
  }
}

const byStamp = (a: Node, b: Node): number => a.stamp - b.stamp || (a.id < b.id ? -1 : 1)
