import type { SpaceId, UserId, WriterId } from '@rejoin/base'
import { clientIdOf } from '@rejoin/documents'
import type { Names } from '@rejoin/documents'
import { encodeAuthor } from '../replica/author-record.ts'
import type { BatchBuilder } from '../replica/committer.ts'
import { keys } from '../replica/keys.ts'

/** A writer goes on to its next client id only where it met its own operations; most never do. */
const clientIdsTried = 4

export interface AuthorsDeps {
  /** Who writes here; undefined as long as nobody has signed in. */
  readonly user: UserId | undefined
  /** The CRDT client ids that were picked since the open. */
  readonly own: () => readonly number[]
  /** Writers that are remembered in one space. */
  readonly authorsMax: number
}

/** Who wrote what: the server names the user of each writer, and a writer's client ids are hashes of it. */
export class Authors {
  readonly #deps: AuthorsDeps
  /** Writers of this replica, of this open and earlier ones. */
  readonly #own = new Writers()
  readonly #spaces = new Map<SpaceId, Writers>()

  constructor(deps: AuthorsDeps) {
    this.#deps = deps
  }

  /** A writer of this replica. */
  own(writer: WriterId, user: UserId): void {
    this.#own.add(writer, user)
  }

  restore(space: SpaceId, writer: WriterId, user: UserId): void {
    this.#in(space).add(writer, user)
  }

  /** The server has told who a writer is: noted with what it wrote. */
  learn(batch: BatchBuilder, space: SpaceId, writer: WriterId, user: UserId): void {
    const writers = this.#in(space)
    if (writers.userOf(writer) === user) return
    writers.add(writer, user)
    batch.put(keys.author(space, writer), encodeAuthor(user))
    const { oldest } = writers
    if (writers.size <= this.#deps.authorsMax || oldest === undefined) return
    writers.forget(oldest)
    batch.remove(keys.author(space, oldest))
  }

  /** For telling people who made a write. Of writers that nobody has named, nobody. */
  namesIn(space: SpaceId): Names {
    const { user, own } = this.#deps
    const by = (client: number): UserId | undefined => {
      if (own().includes(client)) return user
      return this.#own.find(client) ?? this.#spaces.get(space)?.find(client)
    }
    const mine = (client: number): boolean => own().includes(client) || (user !== undefined && by(client) === user)
    return { by, mine }
  }

  /** The space was left. */
  drop(space: SpaceId): void {
    this.#spaces.delete(space)
  }

  #in(space: SpaceId): Writers {
    const known = this.#spaces.get(space) ?? new Writers()
    this.#spaces.set(space, known)
    return known
  }
}

/** Writers and their users, found by client id. Ids are worked out when first asked for, the first of each writer first. */
class Writers {
  readonly #users = new Map<WriterId, UserId>()
  /** By the number of the id. */
  readonly #ids = Array.from({ length: clientIdsTried }, () => new Map<number, WriterId>())
  /** Writers whose ids of that number are not worked out yet. */
  readonly #waiting = Array.from({ length: clientIdsTried }, () => new Set<WriterId>())

  get size(): number {
    return this.#users.size
  }

  get oldest(): WriterId | undefined {
    return this.#users.keys().next().value
  }

  userOf(writer: WriterId): UserId | undefined {
    return this.#users.get(writer)
  }

  add(writer: WriterId, user: UserId): void {
    this.#users.set(writer, user)
    for (const waiting of this.#waiting) waiting.add(writer)
  }

  forget(writer: WriterId): void {
    this.#users.delete(writer)
    for (const waiting of this.#waiting) waiting.delete(writer)
  }

  find(client: number): UserId | undefined {
    for (const [k, ids] of this.#ids.entries()) {
      const waiting = this.#waiting[k]
      for (const writer of waiting ?? []) ids.set(clientIdOf(writer, k), writer)
      waiting?.clear()
      const writer = ids.get(client)
      const user = writer === undefined ? undefined : this.#users.get(writer)
      if (user !== undefined) return user
    }
    return undefined
  }
}
