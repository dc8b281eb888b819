import type { Copy, Sent } from './copy.ts'
import type { Mirror, Splice } from './mirror.ts'
import type { Post } from './post.ts'
import type { Session, SessionTransaction } from './session.ts'

/** What has really been done, of what the trace has. */
export interface Done {
  /** By character: whether somebody erased it where it was. */
  readonly erased: Uint8Array
  /** Erasures of what was not there. */
  skipped: number
  /** The sets of versions that were shown to anybody. */
  readonly conflicts: Set<string>
}

export interface PlayerDeps {
  readonly copy: Copy
  readonly mirror: Mirror
  readonly post: Post
  readonly done: Done
  /** The policy decides by the place in the log: what is an author's own comes back with that. */
  readonly byArrival: boolean
}

/** One author of a session: takes in what the trace says it has, and does there what the trace says it does. */
export class Player {
  readonly #deps: PlayerDeps
  readonly #author: number
  /** How many transactions of the session it has: those of others, and of its own those that have come back. */
  readonly #has: Uint8Array
  /** Its own that have not come back. */
  #own: number[] = []

  constructor(author: number, { transactions }: Session, deps: PlayerDeps) {
    this.#author = author
    this.#deps = deps
    this.#has = new Uint8Array(transactions.length)
  }

  get copy(): Copy {
    return this.#deps.copy
  }

  carry(index: number, { takesIn, strokes }: SessionTransaction): Sent | undefined {
    const { byArrival, copy, mirror, done } = this.#deps
    this.#take(takesIn)
    this.#look()
    const splices: Splice[] = []
    for (const stroke of strokes) {
      for (const character of stroke.erased) {
        if (mirror.has(character)) done.erased[character] = 1
        else done.skipped++
      }
      splices.push(...mirror.make(stroke))
    }
    const sent = copy.write(splices)
    this.#look()
    this.#has[index] = 1
    if (byArrival) this.#own.push(index)
    return sent
  }

  /** Takes in all that it lacks. */
  finish({ transactions }: Session): void {
    const lacking: number[] = []
    for (const [index, { author }] of transactions.entries())
      if (author !== this.#author && this.#has[index] === 0) lacking.push(index)
    this.#take(lacking, Infinity)
    this.#look()
  }

  /** With those of its own that the log has before them. */
  #take(indexes: readonly number[], upTo: number = indexes.at(-1) ?? -1): void {
    const { copy, post, done, byArrival } = this.#deps
    const back = this.#own.filter((index) => index < upTo)
    const all = back.length === 0 ? indexes : [...indexes, ...back].sort((a, b) => a - b)
    if (all.length === 0) return
    if (back.length > 0) this.#own = this.#own.filter((index) => index >= upTo)
    const sent: Sent[] = []
    for (const index of all) {
      this.#has[index] = 1
      const each = post.fetch(index)
      if (each === undefined) continue
      // The log counts from 1.
      sent.push(byArrival ? { ...each, update: { ...each.update, seq: index + 1 } } : each)
    }
    if (sent.length === 0) return
    copy.take(sent)
    const { conflict } = copy
    if (conflict !== undefined) done.conflicts.add(conflict)
  }

  #look(): void {
    const { copy, mirror } = this.#deps
    if (copy.isOther) mirror.show(copy.read())
  }
}
