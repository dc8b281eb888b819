import { acceptValue, badValue } from '@rejoin/schema'
import type { Field, Json, TreeDraft, TreeNode } from '@rejoin/schema'
import type { DraftRegisters } from '../draft/registers.ts'
import type { FieldAccess } from '../draft/scope.ts'
import { Forest, treeDepthMax } from '../places/forest.ts'
import { nodesOf } from '../places/nodes.ts'
import type { Node } from '../places/nodes.ts'
import { makeRoom } from '../places/room.ts'
import type { Placed } from '../places/room.ts'
import { acceptList, checkIndex } from './arguments.ts'
import type { KindRules, Reading } from './kind.ts'
import { fittingItems, removeItem } from './items.ts'

/** Three keys per node at most: that it is there, what it has been changed to, where it has been moved. */
export const treeRules: KindRules = {
  keys: 'family',
  draft: (access) => new TreeField(access),
  initialise: (access, value) => new TreeField(access).plant(null, acceptList(access.field, value)),
  read({ field, document, misfit }) {
    return document === undefined ? [] : shownNodes(forestOf(field, document.registers, misfit))
  },
}

function forestOf(field: Field, registers: DraftRegisters, misfit: Reading['misfit']): Forest {
  return new Forest(fittingItems(field, nodesOf({ family: field.key, registers, misfit }), misfit))
}

function shownNodes(forest: Forest, parent: string | null = null): readonly TreeNode<Json>[] {
  return forest.children(parent).map(({ id, value }) => ({ id, value, children: shownNodes(forest, id) }))
}

class TreeField implements TreeDraft<unknown, Json> {
  readonly #access: FieldAccess
  /** What is shown; right for the version below. */
  #shown: Forest | undefined
  #version = -1

  constructor(access: FieldAccess) {
    this.#access = access
  }

  children(parent: string | null): readonly string[] {
    return this.#read()
      .children(parent)
      .map(({ id }) => id)
  }

  parent(id: string): string | null | undefined {
    const forest = this.#read()
    return forest.node(id) === undefined ? undefined : forest.parent(id)
  }

  value(id: string): Json | undefined {
    return this.#read().node(id)?.value
  }

  nodes(): readonly TreeNode<Json>[] {
    return shownNodes(this.#read())
  }

  insert(parent: string | null, index: number, value: unknown): string {
    this.#access.writing()
    const [id = ''] = this.#insert(parent, index, [value])
    return id
  }

  /** Puts seeds below a node, behind what is there. */
  plant(parent: string | null, seeds: readonly unknown[]): void {
    this.#access.writing()
    const { field } = this.#access
    const accepted = seeds.map((seed) => acceptSeed(field, seed))
    const values = accepted.map(({ value }) => value)
    const ids = this.#insert(parent, this.#forest().children(parent).length, values)
    for (const [n, { children }] of accepted.entries()) if (children.length > 0) this.plant(ids[n] ?? null, children)
  }

  set(id: string, value: unknown): void {
    this.#access.writing()
    const { field } = this.#access
    const node = this.#require(id)
    const accepted = acceptValue(field, value)
    this.#write(
      () => this.#registers.put(`${field.key}/${id}/v`, accepted),
      (forest) => forest.put({ ...node, value: accepted }, forest.parent(id)),
    )
  }

  move(id: string, parent: string | null, index: number): void {
    this.#access.writing()
    const { field } = this.#access
    const forest = this.#forest()
    const node = this.#require(id)
    if (parent !== null) this.#require(parent)
    if (forest.path(parent).includes(id)) throw badValue(field, `node ${id} cannot be moved under itself`)
    this.#checkDepth(parent, forest.levels(id).length)
    const siblings = forest.children(parent).filter((other) => other.id !== id)
    checkIndex(field, index, siblings.length)
    if (node.parent === parent && forest.parent(id) === parent && forest.indexOf(id) === index) return
    const { positions, moved } = makeRoom(siblings, index, 1, this.#access.tag())
    this.#place(this.#loose(id, parent), null)
    this.#place([...moved, ...positions.map((position) => ({ id, position }))], parent)
  }

  delete(id: string): void {
    this.#access.writing()
    const forest = this.#forest()
    // One that is gone already is what was asked for.
    if (forest.node(id) === undefined) return
    const remove = (): void => {
      for (const each of forest.levels(id).flat()) removeItem(this.#access.field, this.#registers, each)
    }
    if (forest.regular) this.#write(remove, () => forest.delete(id))
    else remove()
  }

  #insert(parent: string | null, index: number, values: readonly unknown[]): readonly string[] {
    const { field } = this.#access
    if (parent !== null) this.#require(parent)
    this.#checkDepth(parent, 1)
    const siblings = this.#forest().children(parent)
    checkIndex(field, index, siblings.length)
    const accepted = values.map((value) => acceptValue(field, value))
    const { positions, moved } = makeRoom(siblings, index, accepted.length, this.#access.tag())
    this.#place(moved, parent)
    return accepted.map((value, n) => {
      const node = { id: this.#access.newId(), value, parent, position: positions[n] ?? '', stamp: Infinity }
      this.#write(
        () => this.#registers.put(`${field.key}/${node.id}`, [value, parent, node.position]),
        (forest) => forest.put(node),
      )
      return node.id
    })
  }

  /**
   * What is at the top only because a cycle that the node is in is cut there, or is so deep: it would go with the node.
   * So that everything else stays where it is seen, it is put where it is shown.
   */
  #loose(id: string, parent: string | null): readonly Placed[] {
    const forest = this.#forest()
    if (forest.regular) return []
    const tops = new Set([forest.path(id).at(-1), forest.path(parent).at(-1)])
    return [...tops].flatMap((top) => {
      const node = top === undefined || top === id || !forest.leadsTo(top, id) ? undefined : forest.node(top)
      return node ?? []
    })
  }

  #place(places: readonly Placed[], parent: string | null): void {
    for (const { id, position } of places) {
      const put = (): void => this.#registers.put(`${this.#access.field.key}/${id}/p`, [parent, position])
      const forest = this.#shown
      const node = forest?.node(id)
      if (forest?.regular && node !== undefined)
        this.#write(put, () => forest.put({ ...node, parent, position, stamp: Infinity }))
      else put()
    }
  }

  #checkDepth(parent: string | null, height: number): void {
    if (this.#forest().path(parent).length + height <= treeDepthMax) return
    throw badValue(this.#access.field, `a tree is at most ${treeDepthMax} deep (treeDepthMax)`)
  }

  #require(id: string): Node {
    const node = this.#forest().node(id)
    if (node === undefined) throw badValue(this.#access.field, `no node with the id ${id} is here`)
    return node
  }

  #read(): Forest {
    this.#access.reading()
    return this.#forest()
  }

  #forest(): Forest {
    const { field } = this.#access
    const version = this.#registers.versionOf(field.key)
    if (this.#shown !== undefined && this.#version === version) return this.#shown
    this.#shown = forestOf(field, this.#registers, () => undefined)
    this.#version = version
    return this.#shown
  }

  /** Shows what is written without reading all of it again, if what is shown was right before. */
  #write(write: () => void, show: (forest: Forest) => void): void {
    const forest = this.#shown
    const right = this.#version === this.#registers.versionOf(this.#access.field.key)
    write()
    if (forest === undefined || !right) return
    show(forest)
    this.#version = this.#registers.versionOf(this.#access.field.key)
  }

  get #registers(): DraftRegisters {
    return this.#access.document.registers
  }
}

/** A node to be made, its value not checked yet. */
function acceptSeed(field: Field, seed: unknown): { readonly value: unknown; readonly children: readonly unknown[] } {
  if (typeof seed !== 'object' || seed === null || Array.isArray(seed))
    throw badValue(field, 'a node is given as { value, children }')
  const children: unknown = Reflect.get(seed, 'children') ?? []
  return { value: Reflect.get(seed, 'value'), children: acceptList(field, children) }
}
