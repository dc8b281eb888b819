import type { Deed } from '../fields/deed.ts'
import type { Act } from './act.ts'

/**
 * What a text or order would be had all been done on one device, in the order of true time: items or symbols, each where
 * it was put. What is gone keeps its place, so that what somebody put behind it who still saw it has one.
 */
export function centralOf(acts: readonly Act[]): readonly string[] {
  const copy = new Copy()
  for (const { deed } of acts) redo(copy, deed)
  return copy.read()
}

function redo(copy: Copy, deed: Deed): void {
  switch (deed.do) {
    case 'type':
      return copy.put(deed.symbols, deed.after)
    case 'erase':
      return copy.delete(deed.symbols)
    case 'place':
      return copy.put([deed.item], deed.after)
    case 'move':
      return copy.move(deed.item, deed.after)
    case 'remove':
      return copy.delete([deed.item])
    default:
      return
  }
}

interface Link {
  readonly name: string
  isThere: boolean
  before: Link
  next: Link | undefined
}

/** A list, linked by names. */
class Copy {
  readonly #first: Link
  readonly #links = new Map<string, Link>()

  constructor() {
    const first: Omit<Link, 'before'> = { name: '', isThere: false, next: undefined }
    this.#first = Object.assign(first, { before: first as Link })
  }

  /** One behind another. */
  put(names: Iterable<string>, after: string | null): void {
    let before = this.#find(after)
    for (const name of names) {
      const link = { name, isThere: true, before, next: before.next }
      this.#links.set(name, link)
      this.#tie(link, before)
      before = link
    }
  }

  delete(names: Iterable<string>): void {
    for (const name of names) {
      const link = this.#links.get(name)
      if (link !== undefined) link.isThere = false
    }
  }

  /** What is gone is not moved any more. */
  move(name: string, after: string | null): void {
    const link = this.#links.get(name)
    if (link === undefined || !link.isThere || after === name) return
    link.before.next = link.next
    if (link.next !== undefined) link.next.before = link.before
    this.#tie(link, this.#find(after))
  }

  read(): readonly string[] {
    const names: string[] = []
    for (let link = this.#first.next; link !== undefined; link = link.next) if (link.isThere) names.push(link.name)
    return names
  }

  #tie(link: Link, before: Link): void {
    link.before = before
    link.next = before.next
    if (before.next !== undefined) before.next.before = link
    before.next = link
  }

  #find(name: string | null): Link {
    return (name === null ? undefined : this.#links.get(name)) ?? this.#first
  }
}
