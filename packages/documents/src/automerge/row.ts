import type { WriteId } from '../engine.ts'
import type { Deletion, Insertion } from './operations.ts'

/** What stands in a text or list, or stood there, or marks a place there. */
export interface Element extends WriteId {
  /** As it is stored; undefined for what has no form in JSON. */
  readonly value: string | undefined
  /** It counts: it is no end of a mark. */
  readonly seen: boolean
  /** What deleted it, first of all that were read. */
  readonly deletedBy: WriteId | undefined
  readonly left: Element | null
  readonly right: Element | null
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type Link = Mutable<Omit<Element, 'left' | 'right'>> & { left: Link | null; right: Link | null }

/**
 * All that ever stood in a text or list, in its order, by id. Automerge itself finds only what still stands, and
 * in a list nothing by its id. Filled with operations in an order in which each comes after those it builds on.
 */
export class Row {
  readonly #byClient = new Map<number, Map<number, Link>>()
  #first: Link | null = null

  get first(): Element | null {
    return this.#first
  }

  get(id: WriteId): Element | undefined {
    return this.#find(id)
  }

  /** Whether an element of ours is there. */
  stands(id: WriteId): boolean {
    const link = this.#find(id)
    return link?.value !== undefined && link.deletedBy === undefined
  }

  /** Among those behind one element the newest comes first, with all that is behind it. */
  insert({ id: { client, clock }, behind, value, seen }: Insertion): void {
    let left = behind === null ? null : this.#find(behind)
    if (left === undefined) return
    let right = left === null ? this.#first : left.right
    while (right !== null && isNewer(right, { client, clock })) {
      left = right
      right = right.right
    }
    const link: Link = { client, clock, value, seen, deletedBy: undefined, left, right }
    if (left === null) this.#first = link
    else left.right = link
    if (right !== null) right.left = link
    this.#ofClient(client).set(clock, link)
  }

  delete({ id, element }: Deletion): void {
    const link = this.#find(element)
    if (link !== undefined) link.deletedBy ??= id
  }

  /** Other software has put something else in the place of its value. */
  spoil(element: WriteId): void {
    const link = this.#find(element)
    if (link !== undefined) link.value = undefined
  }

  #find({ client, clock }: WriteId): Link | undefined {
    return this.#byClient.get(client)?.get(clock)
  }

  #ofClient(client: number): Map<number, Link> {
    const known = this.#byClient.get(client)
    if (known !== undefined) return known
    const made = new Map<number, Link>()
    this.#byClient.set(client, made)
    return made
  }
}

const isNewer = (a: WriteId, b: WriteId): boolean => a.clock > b.clock || (a.clock === b.clock && a.client > b.client)
