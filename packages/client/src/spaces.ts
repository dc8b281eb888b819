import { RejoinError, spaceId } from '@rejoin/base'
import type { SpaceId } from '@rejoin/base'
import { emptyToken, interestIn } from '@rejoin/protocol'
import type { Interest } from '@rejoin/protocol'
import type { Collections, InterestOption } from './api.ts'
import { SpaceState } from './downstream/space-state.ts'
import type { Stream } from './downstream/space-state.ts'
import type { Leaving } from './leaving.ts'
import type { Committer } from './replica/committer.ts'

export interface SpacesDeps {
  readonly collections: Collections
  /** The default space of each kind. */
  readonly named: Readonly<Record<string, string>>
  readonly committer: Committer
  readonly leaving: Leaving
  /** A stream was opened, durably; the server should hear of it. */
  readonly opened: (space: SpaceState, stream: Stream) => void
}

/** The spaces that this replica has joined: which kinds they are, and what of them it wants. */
export class Spaces {
  /** Called when there is another space. */
  readonly watchers: Set<() => void> = new Set()
  readonly #deps: SpacesDeps
  readonly #states: Map<SpaceId, SpaceState>

  constructor(deps: SpacesDeps, states: Map<SpaceId, SpaceState>) {
    this.#deps = deps
    this.#states = states
  }

  /** The spaces of a kind, the default one first. */
  ofKind(kind: string): readonly SpaceId[] {
    const first = this.#deps.named[kind]
    const joined = [...this.#states.values()].filter((space) => space.kind === kind).map(({ space }) => space)
    if (first === undefined || !this.#states.has(spaceId(first))) return joined
    return [spaceId(first), ...joined.filter((space) => space !== first)]
  }

  /** Joins the default space of every kind that a collection lives in. */
  async joinNamed(): Promise<void> {
    for (const kind of new Set(Object.values(this.#deps.collections).map((collection) => collection.space))) {
      const named = this.#deps.named[kind]
      if (named !== undefined) await this.join(spaceId(named), kind, undefined)
    }
  }

  /** Joins spaces of which this device knows nothing any more but what lies in them. */
  async joinAgain(spaces: readonly { readonly space: SpaceId; readonly collection: string }[]): Promise<void> {
    const all = Object.values(this.#deps.collections)
    for (const { space, collection } of spaces) {
      const kind = all.find(({ name }) => name === collection)?.space
      if (kind !== undefined) await this.join(space, kind, undefined)
    }
  }

  /** Durable when it resolves. If the store refuses, it rejects, and the join is done when the store takes it. */
  async join(space: SpaceId, kind: string, option: InterestOption | undefined): Promise<void> {
    const known = this.#states.get(space)
    if (known?.left === true) throw new RejoinError('not-found', `The space ${space} is being left.`)
    if (known !== undefined && known.kind !== kind)
      throw new RejoinError('bad-config', `The space ${space} is joined as ${known.kind} already, not as ${kind}.`)
    const interest = this.#interestOf(kind, option)
    const state = known ?? new SpaceState(space, { kind, seen: emptyToken, cursors: [] })
    const stream = state.widen(interest)
    this.#states.set(space, state)
    if (known === undefined) for (const joined of this.watchers) joined()
    if (stream !== undefined) {
      const durable = (): void => {
        if (!state.left) this.#deps.opened(state, stream)
      }
      this.#deps.committer.contribute({ write: (batch) => (state.left ? undefined : state.write(batch)), durable })
    }
    await this.#deps.committer.flush()
  }

  async widen(space: SpaceId, more: InterestOption): Promise<void> {
    const state = this.#states.get(space)
    if (state === undefined) throw new RejoinError('not-found', `The space ${space} is not joined; call join first.`)
    await this.join(space, state.kind, more)
  }

  /** Drops every local copy; what the server does not have goes to quarantine. Returns how many writes that were. */
  async leave(space: SpaceId): Promise<number> {
    const state = this.#states.get(space)
    return state === undefined || state.left ? 0 : this.#deps.leaving.leave(state)
  }

  #interestOf(kind: string, option: InterestOption | undefined): Interest {
    const own = Object.values(this.#deps.collections).filter((collection) => collection.space === kind)
    const whole = option?.entities === undefined ? own.map(({ name }) => name) : []
    return interestIn(option?.collections ?? whole, option?.entities ?? [])
  }
}
