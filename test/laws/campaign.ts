import { after, batchOf } from './state.ts'
import type { Batch, Result, State } from './state.ts'

export interface CampaignDeps {
  readonly jobs: number
  /** Ends it after so many batches of all sittings, or after so much time of this one. */
  readonly batches: number | undefined
  readonly forMs: number | undefined
  nowMs(): number
  tryBatch(batch: Batch): Promise<Result>
  /** Is told the state after each batch, in their order. */
  moved(state: State): void
  isStopped(): boolean
}

/** Tries batches from where the state is; several at once, whose results come into the state in their order. */
export async function runCampaign(before: State, deps: CampaignDeps): Promise<State> {
  const beganMs = deps.nowMs()
  const results = new Map<number, Result>()
  let begun = before.next
  let state = before
  const isOver = (): boolean =>
    deps.isStopped() ||
    (deps.batches !== undefined && begun >= deps.batches) ||
    (deps.forMs !== undefined && deps.nowMs() - beganMs >= deps.forMs)
  const work = async (): Promise<void> => {
    while (!isOver()) {
      const number = begun++
      const result = await deps.tryBatch(batchOf(state, number))
      // What was still running is lost by the signal, and not by a fault of its own.
      if (deps.isStopped()) return
      results.set(number, result)
      for (let done = results.get(state.next); done !== undefined; done = results.get(state.next)) {
        results.delete(state.next)
        state = { ...after(state, done), elapsedMs: before.elapsedMs + deps.nowMs() - beganMs }
        deps.moved(state)
      }
    }
  }
  await Promise.all(Array.from({ length: deps.jobs }, work))
  return state
}
