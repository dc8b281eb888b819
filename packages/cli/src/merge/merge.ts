import { ok } from '@rejoin/base'
import type { Result } from '@rejoin/base'
import type { Engine } from '@rejoin/documents'
import { monotonicMs } from '../platform/clock.ts'
import { seededDraw } from '../replay/plan.ts'
import type { ConcurrentTrace } from '@rejoin/lab/trace'
import { deliver } from './delivery.ts'
import type { End } from './end.ts'
import type { MergeFigures, MergeOptions, MergeReport } from './figures.ts'
import { arranged } from './order.ts'
import { judge } from './verdict.ts'
import { writeSession } from './writing.ts'

/**
 * Writes the session as its authors, delivers what they wrote to fresh replicas, each in an order of its own draw,
 * and says whether all end with what the trace says. The error is the end of a sentence that begins with the name
 * of the file.
 */
export async function mergeSession(
  trace: ConcurrentTrace,
  engine: Engine,
  options: Omit<MergeOptions, 'trace' | 'engine'>,
  show: (report: MergeReport) => Promise<void>,
): Promise<Result<MergeFigures, string>> {
  const { order, replicas, seed } = options
  const total = trace.transactions.length
  const start = monotonicMs()
  const written = await writeSession(trace, engine, (done) => show({ kind: 'writing', done, total }))
  if (!written.ok) return written
  const writingMs = monotonicMs() - start

  const { updates } = written.value
  const draw = seededDraw(seed)
  const ends: End[] = [...written.value.ends]
  let deliveryMs = 0
  let chunk = 0
  for (let replica = 1; replica <= replicas; replica++) {
    const delivery = arranged(updates, order, draw)
    chunk = Math.min(options.chunk ?? Infinity, delivery.length)
    const { end, ms } = await deliver(engine, delivery, {
      who: `replica ${replica}`,
      chunk,
      show: (done) => show({ kind: 'delivering', replica, done, total: delivery.length }),
    })
    ends.push(end)
    deliveryMs += ms
  }

  const { endContentMatches, hashesEqual, ok: held, failures } = judge(trace.endContent, ends)
  return ok({
    engine: engine.name,
    trace: trace.name,
    order,
    transactions: total,
    replicas,
    endContentMatches,
    hashesEqual,
    seconds: seconds(writingMs + deliveryMs),
    ok: held,
    writingSeconds: seconds(writingMs),
    deliverySeconds: seconds(deliveryMs),
    authors: trace.authors,
    chunk,
    seed,
    failures,
  })
}

const seconds = (ms: number): number => Number((ms / 1000).toFixed(3))
