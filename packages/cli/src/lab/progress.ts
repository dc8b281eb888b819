import { spanOf } from '@rejoin/lab/campaign'
import { fixed, whole } from '../replay/text.ts'
import type { Status } from '../status-line.ts'

export interface Progress {
  readonly done: number
  /** Had been done before the time began that is spoken of. */
  readonly before: number
  readonly all: number
  /** Since then. */
  readonly elapsedMs: number
}

export function statusOf({ done, before, all, elapsedMs }: Progress): Status {
  const share = done / all
  const text = `${fixed(100 * share, 1).padStart(5)} % · ${whole(done)} of ${whole(all)} runs`
  if (done === before) return { share, text }
  return { share, text: `${text} · ${spanOf(((all - done) * elapsedMs) / (done - before))} left` }
}

export function stoppedAt(done: number, all: number, out: string | undefined): string {
  const kept = out === undefined ? 'without --out they are not kept' : `the same command goes on with ${out}`
  return `Stopped after ${whole(done)} of ${whole(all)} runs; ${kept}.`
}
