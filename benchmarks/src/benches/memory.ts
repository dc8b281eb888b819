import assert from 'node:assert/strict'
import { memoryStore } from '@rejoin/storage/memory'
import { openReplica, typeInto } from '../author-session.ts'
import type { Replica } from '../author-session.ts'
import type { Bench, Case, Contestant } from '../bench.ts'
import { serve } from '../serving.ts'
import type { Serving } from '../serving.ts'
import type { Measured } from '../server-process.ts'
import { readTrace } from '../trace.ts'
import { textAfter } from '@rejoin/lab/trace'
import type { Trace } from '@rejoin/lab/trace'

const space = 'growing'
const mb = 2 ** 20
/** Transactions until the next ack is awaited. An entry holds all that waits: this keeps entries small and the log long. */
const burst = 100

/** One log that grows in one server: what the server holds must not grow with it. */
export const memory: Bench = {
  name: 'memory',
  about: 'resident memory of a server process, garbage collected, while the log of a space doubles and doubles again',
  prepare: async ({ quick, folder, traceFile }) => {
    const trace = readTrace(traceFile, quick ? 16_000 : Number.POSITIVE_INFINITY)
    const serving = await serve(folder, 'unfolded')
    try {
      const base = await baseOf(trace, serving)
      const author = await openReplica(memoryStore(), space, serving)
      const note = await author.notes.create({})
      const session: Session = { trace, serving, author, note, base }
      const sizes = [8, 4, 2, 1].map((part) => Math.floor(trace.transactions.length / part))
      return sizes.map((size, i) => caseOf(session, sizes[i - 1] ?? 0, size))
    } catch (cause) {
      await serving.stop()
      throw cause
    }
  },
}

interface Session {
  readonly trace: Trace
  readonly serving: Serving
  readonly author: Replica
  readonly note: Awaited<ReturnType<Replica['notes']['create']>>
  /** Of the server that has all its code loaded and has served another space. */
  readonly base: Measured
}

async function baseOf({ transactions }: Trace, serving: Serving): Promise<Measured> {
  const other = 'warm-up'
  await using replica = await openReplica(memoryStore(), other, serving)
  await using note = await replica.notes.create({})
  await typeInto(note, { transactions: transactions.slice(0, 1000) })
  await replica.settled()
  return serving.measure(other)
}

function caseOf(session: Session, before: number, size: number): Case {
  const last = size === session.trace.transactions.length
  return {
    name: `a log of ${size} transactions`,
    count: size - before,
    unit: 'transactions',
    size,
    once: true,
    contestants: [growing(session, before, size)],
    ...(last && {
      dispose: async () => {
        await session.author.close()
        await session.serving.stop()
      },
    }),
  }
}

function growing(session: Session, before: number, size: number): Contestant {
  const { author, base, note, serving, trace } = session
  return {
    name: 'a replica pushes up to there',
    role: 'subject',
    run: async () => {
      for (let from = before; from < size; from += burst) {
        const transactions = trace.transactions.slice(from, Math.min(from + burst, size))
        const last = await typeInto(note, { transactions }, from)
        await last?.stored
      }
      await author.settled()
      return serving.measure(space)
    },
    verify: async () => {
      assert.equal(author.status.now.pending, 0)
      assert.deepEqual(await joined(session), {
        body: textAfter(trace, size),
        position: size,
      })
    },
    figures: (result) => {
      const { rssBytes, entries, logBytes } = result as Measured
      return {
        'MB': rssBytes / mb,
        'MB before (base)': base.rssBytes / mb,
        'entries': entries,
        'KB of log': logBytes / 1024,
      }
    },
    costs: (result) => {
      const { rssBytes } = result as Measured
      return { 'server memory': rssBytes, 'server memory above its base': rssBytes - base.rssBytes }
    },
  }
}

/** What a replica reads that has nothing but the log. */
async function joined({ note, serving }: Session): Promise<unknown> {
  await using rejoin = await openReplica(memoryStore(), space, serving)
  await rejoin.settled()
  await using copy = await rejoin.notes.open(note.id)
  const { body, position } = copy?.view() ?? {}
  return { body, position }
}
