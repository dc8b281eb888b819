import type { Clock, RejoinError, SpaceId, Timers } from '@rejoin/base'
import type { Outbox } from '@rejoin/outbox'
import type { StoreFailure } from '@rejoin/storage'
import type { Status } from './api.ts'
import type { SpaceState } from './downstream/space-state.ts'
import type { CallApp } from './guarded.ts'
import type { Receipts } from './receipts.ts'
import type { Damages } from './replica/damage.ts'
import type { Counters } from './replica/meta.ts'
import type { Network } from './session/network.ts'
import { StatusBoard } from './status.ts'
import type { DisputeBook } from './views/dispute-book.ts'

export interface HealthDeps {
  readonly clock: Clock
  readonly timers: Timers
  readonly callApp: CallApp
  readonly outbox: Outbox
  readonly receipts: Receipts
  readonly counters: Counters
  readonly settling: { readonly unsettled: number }
  readonly network: Network | undefined
  readonly states: ReadonlyMap<SpaceId, SpaceState>
  readonly damages: Damages
  readonly disputes: DisputeBook
  readonly engines: { readonly failure: RejoinError | undefined }
  /** Writes in quarantine at the open. */
  readonly quarantined: number
}

/** Puts the status together from what the parts know. */
export class Health {
  readonly #deps: HealthDeps
  readonly board: StatusBoard
  /** Spaces that are not level; the others need not be looked at. */
  readonly #behind = new Set<SpaceState>()
  /** By space, entities that have bytes which no engine can read. */
  readonly #unreadable = new Map<SpaceId, Set<string>>()
  #quarantined: number
  #storageProblem: Status['storageProblem']
  #problem: Status['problem']
  #isBroken = false
  #lastSyncedAt: number | undefined

  constructor(deps: HealthDeps) {
    this.#deps = deps
    this.#quarantined = deps.quarantined
    for (const space of deps.states.values()) this.#behind.add(space)
    this.board = new StatusBoard({
      compute: () => this.#status(),
      later: (show) => void deps.timers.after(0, show),
      callApp: deps.callApp,
    })
  }

  touch(): void {
    this.board.touch()
  }

  /** Whether the space is level may have changed. */
  space(space: SpaceState): void {
    const isBehind = !space.left && !space.level
    if (isBehind) this.#behind.add(space)
    else this.#behind.delete(space)
    this.touch()
  }

  /** An entity was found to have bytes that no engine can read. */
  unreadable(space: SpaceId, entity: string): void {
    this.#unreadable.set(space, (this.#unreadable.get(space) ?? new Set()).add(entity))
    this.touch()
  }

  /** The space was left, with all that was in it. */
  left(space: SpaceState): void {
    this.#unreadable.delete(space.space)
    this.space(space)
  }

  store(failure: StoreFailure | undefined): void {
    this.#storageProblem = failure && problemOf(failure)
    this.touch()
  }

  quarantined(writes: number): void {
    this.#quarantined += writes
    this.touch()
  }

  problem(problem: Status['problem']): void {
    if (this.#isBroken) return
    this.#problem = problem
    this.touch()
  }

  /** The last problem there is; shown at once, since the replica is about to be closed. */
  broken(message: string): void {
    this.problem({ kind: 'closed', message })
    this.#isBroken = true
    this.board.show()
  }

  /** Another connection mends no engine. */
  #shownProblem(): Status['problem'] {
    const { failure } = this.#deps.engines
    if (this.#isBroken || failure === undefined) return this.#problem
    return { kind: failure.kind, message: failure.message }
  }

  #status(): Status {
    const { outbox, receipts, counters, settling, network, clock, damages, disputes } = this.#deps
    const { waitingWrites, unansweredWrites, heldDocuments } = outbox.stats()
    const pending = receipts.inMemory + waitingWrites + unansweredWrites
    const online = network?.connection !== undefined
    const isIdle = pending === 0 && heldDocuments === 0 && settling.unsettled === 0
    const synced = online && isIdle && this.#storageProblem === undefined && this.#behind.size === 0
    if (synced) this.#lastSyncedAt = clock.now()
    return {
      online,
      synced,
      pending,
      rejected: this.#quarantined,
      damaged: damages.all,
      lost: damages.lost,
      lastSyncedAt: this.#lastSyncedAt,
      problem: this.#shownProblem(),
      conflicts: disputes.open,
      contests: disputes.contests,
      unreadable: [...this.#unreadable.values()].reduce((sum, entities) => sum + entities.size, 0),
      storage: this.#storageProblem === undefined ? 'ok' : 'failing',
      storageProblem: this.#storageProblem,
      skewMs: counters.skewMs,
    }
  }
}

/** A conflict is no answer that a replica, alone on its store, can have. */
const problemOf = ({ kind, message }: StoreFailure): NonNullable<Status['storageProblem']> => ({
  kind: kind === 'conflict' ? 'storage-unavailable' : kind,
  message,
})
