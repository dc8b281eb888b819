import { Heap } from './heap.ts'
import type { Deletion } from './structs.ts'

/** Deletions of what has not come, each kept once, or as a longer one from the same clock on. */
export class WaitingDeletions {
  readonly #clients = new Map<number, Waiting>()

  get isEmpty(): boolean {
    return this.#clients.size === 0
  }

  add({ client, clock, len }: Deletion): void {
    let waiting = this.#clients.get(client)
    if (waiting === undefined) this.#clients.set(client, (waiting = { lengths: new Map(), queue: new Heap() }))
    const known = waiting.lengths.get(clock)
    if (known === undefined) waiting.queue.push(clock, clock)
    waiting.lengths.set(clock, Math.max(known ?? 0, len))
  }

  /** Whether there is anything to be taken out. */
  isDue(stateOf: (client: number) => number): boolean {
    for (const [client, { queue }] of this.#clients) if (queue.least < stateOf(client)) return true
    return false
  }

  /** Takes out those of which at least the beginning has come. */
  take(stateOf: (client: number) => number): readonly Deletion[] {
    const taken: Deletion[] = []
    for (const [client, { lengths, queue }] of this.#clients) {
      const state = stateOf(client)
      while (queue.least < state) {
        const clock = queue.pop() ?? 0
        taken.push({ client, clock, len: lengths.get(clock) ?? 0 })
        lengths.delete(clock)
      }
      if (queue.isEmpty) this.#clients.delete(client)
    }
    return taken
  }

  *all(): Iterable<Deletion> {
    for (const [client, { lengths }] of this.#clients) for (const [clock, len] of lengths) yield { client, clock, len }
  }
}

interface Waiting {
  /** By first clock. */
  readonly lengths: Map<number, number>
  readonly queue: Heap<number>
}
