import { lanes } from '@rejoin/base'
import type { OutboxLimits } from './options.ts'
import { notQueued } from './parcel.ts'
import type { Doc } from './parcel.ts'
import { Queue } from './queue.ts'

export const laneCount: number = lanes.length

/** A document whose turn it is, and the rank of the lane it queued in. */
export interface Turn {
  readonly doc: Doc
  readonly rank: number
  /** How often the lane had been passed over. */
  readonly passed: number
}

/**
 * The documents that may start a round, first come first served in each lane. The most urgent lane goes first,
 * but a lane that was passed over `patience` times is served next.
 */
export class LaneQueues {
  readonly #patience: readonly number[]
  readonly #queues = lanes.map(() => new Queue<Doc>())
  readonly #passed = lanes.map(() => 0)

  constructor(patience: OutboxLimits['patience']) {
    this.#patience = lanes.map((lane) => patience[lane])
  }

  /** A document queues once, in the most urgent lane it was added for. */
  add(doc: Doc, rank: number): void {
    if (doc.queued !== notQueued && doc.queued <= rank) return
    doc.queued = rank
    this.#queues[rank]?.push(doc)
  }

  next(): Turn | undefined {
    const rank = this.#choose()
    const doc = this.#queues[rank]?.shift()
    if (doc === undefined) return undefined
    doc.queued = notQueued
    const passed = this.#passed[rank] ?? 0
    this.#count(rank)
    return { doc, rank, passed }
  }

  /** There was no room for it: it is the first of its lane again, and the lane has waited as long as before. */
  putBack({ doc, rank, passed }: Turn): void {
    if (doc.queued !== notQueued) return
    doc.queued = rank
    this.#queues[rank]?.unshift(doc)
    this.#passed[rank] = passed
  }

  /** Lanes are chosen most urgent first, unless another has waited long enough. */
  #choose(): number {
    let urgent = laneCount
    for (let rank = 0; rank < laneCount; rank++) {
      if (this.#isEmpty(rank)) continue
      if (rank > 0 && (this.#passed[rank] ?? 0) >= (this.#patience[rank] ?? 0)) return rank
      if (urgent === laneCount) urgent = rank
    }
    return urgent
  }

  #count(served: number): void {
    this.#passed[served] = 0
    for (let rank = served + 1; rank < laneCount; rank++)
      this.#passed[rank] = this.#isEmpty(rank) ? 0 : (this.#passed[rank] ?? 0) + 1
  }

  /** Drops the places of documents that have moved to another lane or gone. */
  #isEmpty(rank: number): boolean {
    const queue = this.#queues[rank]
    if (queue === undefined) return true
    for (let doc = queue.peek(); doc !== undefined; doc = queue.peek()) {
      if (doc.queued === rank) return false
      queue.shift()
    }
    return true
  }
}
