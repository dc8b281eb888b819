import type { Node } from './nodes.ts'
import { Sequence } from './sequence.ts'

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
  readonly #children = new Map<string | null, Sequence<Node>>()
  /** Whether every node is where its place says. Then one that is moved or deleted takes nothing else along. */
  readonly regular: boolean

  constructor(nodes: readonly Node[]) {
    for (const node of nodes) this.#nodes.set(node.id, node)
    for (const { id, parent } of nodes)
      this.#parents.set(id, parent !== null && this.#nodes.has(parent) ? parent : null)
    this.#cutCycles()
    this.#cutDepth()
    for (const [parent, siblings] of this.#grouped()) this.#children.set(parent, new Sequence(siblings))
    this.regular = nodes.every(({ id, parent }) => this.parent(id) === parent)
  }

  node(id: string): Node | undefined {
    return this.#nodes.get(id)
  }

  /** Under which node it is shown; null at the top. */
  parent(id: string): string | null {
    return this.#parents.get(id) ?? null
  }

  /** In their order; of null, those at the top. */
  children(parent: string | null): readonly Node[] {
    return this.#children.get(parent)?.items ?? []
  }

  /** Where it is among its siblings. */
  indexOf(id: string): number {
    return this.#children.get(this.parent(id))?.indexOf(id) ?? -1
  }

  /** From a node to the top, itself included; of null, nothing. */
  path(id: string | null): readonly string[] {
    const ids: string[] = []
    for (let at = id; at !== null; at = this.parent(at)) ids.push(at)
    return ids
  }

  /** The node and what is shown below it, level by level. */
  levels(id: string): readonly (readonly string[])[] {
    const levels: string[][] = []
    for (let level = [id]; level.length > 0;) {
      levels.push(level)
      level = level.flatMap((each) => this.children(each).map((child) => child.id))
    }
    return levels
  }

  /** Whether, by the places that are stored, one node would be below the other or in a cycle with it. */
  leadsTo(id: string, other: string): boolean {
    const seen = new Set<string>()
    let at = this.#nodes.get(id)?.parent
    for (; at !== undefined && at !== null && at !== other && !seen.has(at); at = this.#nodes.get(at)?.parent)
      seen.add(at)
    return at === other
  }

  /** A new node, another value of one, or in a regular forest another place. */
  put(node: Node, parent: string | null = node.parent): void {
    this.#children.get(this.parent(node.id))?.delete(node.id)
    this.#nodes.set(node.id, node)
    this.#parents.set(node.id, parent)
    const siblings = this.#children.get(parent) ?? new Sequence<Node>([])
    this.#children.set(parent, siblings)
    siblings.put(node)
  }

  /** In a regular forest: the node with everything under it. */
  delete(id: string): void {
    const gone = this.levels(id).flat()
    this.#children.get(this.parent(id))?.delete(id)
    for (const each of gone) {
      this.#nodes.delete(each)
      this.#parents.delete(each)
      this.#children.delete(each)
    }
  }

  #cutCycles(): void {
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
    const children = this.#grouped()
    let level = children.get(null) ?? []
    for (let depth = 1; level.length > 0; depth++) {
      level = level.flatMap(({ id }) => children.get(id) ?? [])
      if (depth % treeDepthMax === 0) for (const { id } of level) this.#parents.set(id, null)
    }
  }

  #grouped(): Map<string | null, Node[]> {
    const groups = new Map<string | null, Node[]>()
    for (const node of this.#nodes.values()) {
      const siblings = groups.get(this.parent(node.id))
      if (siblings === undefined) groups.set(this.parent(node.id), [node])
      else siblings.push(node)
    }
    return groups
  }
}

const byStamp = (a: Node, b: Node): number => (a.stamp === b.stamp ? (a.id < b.id ? -1 : 1) : a.stamp - b.stamp)
