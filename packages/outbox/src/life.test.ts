import { describe, expect, test } from 'vitest'
import { Bench, row, space } from './rows.test.helper.ts'
import type { OutboxEffect } from './types.ts'

/** The life of one entry, alone in its document. */
type State = 'waiting' | 'sealing' | 'unsent' | 'sent' | 'unsure' | 'asked' | 'delayed' | 'paused' | 'stored' | 'taken'
type Event =
  | 'link'
  | 'unlink'
  | 'sealed'
  | 'seal-failed'
  | 'ack'
  | 'reject'
  | 'retry'
  | 'retry of the link'
  | 'gap'
  | 'unknown'
  | 'due'
  | 'taken'
  | 'left'

/** What it does, and what a new link would do afterwards: so its state shows from outside. */
type Expected = readonly [effects: string, after: 'seals' | 'is sealing' | 'sends' | 'asks' | 'waits' | 'is gone']

const nothing = (after: Expected[1]): Expected => ['', after]

const table: Record<State, Record<Event, Expected>> = {
  waiting: {
    'link': ['seal', 'is sealing'],
    'unlink': nothing('seals'),
    'sealed': nothing('seals'),
    'seal-failed': nothing('seals'),
    'ack': nothing('seals'),
    'reject': nothing('seals'),
    'retry': nothing('seals'),
    'retry of the link': nothing('seals'),
    'gap': nothing('seals'),
    'unknown': nothing('seals'),
    'due': nothing('seals'),
    'taken': nothing('seals'),
    'left': nothing('is gone'),
  },
  sealing: {
    'link': nothing('is sealing'),
    'unlink': nothing('is sealing'),
    'sealed': ['send', 'asks'],
    'seal-failed': ['wake', 'waits'],
    'ack': nothing('is sealing'),
    'reject': nothing('is sealing'),
    'retry': nothing('is sealing'),
    'retry of the link': nothing('is sealing'),
    'gap': nothing('is sealing'),
    'unknown': nothing('is sealing'),
    'due': nothing('is sealing'),
    'taken': nothing('is sealing'),
    'left': nothing('is gone'),
  },
  unsent: {
    'link': ['send', 'asks'],
    'unlink': nothing('sends'),
    'sealed': nothing('sends'),
    'seal-failed': nothing('sends'),
    'ack': nothing('sends'),
    'reject': nothing('sends'),
    'retry': nothing('sends'),
    'retry of the link': nothing('sends'),
    'gap': nothing('sends'),
    'unknown': nothing('sends'),
    'due': nothing('sends'),
    'taken': nothing('sends'),
    'left': nothing('is gone'),
  },
  sent: {
    'link': ['ask', 'asks'],
    'unlink': nothing('asks'),
    'sealed': nothing('asks'),
    'seal-failed': nothing('asks'),
    'ack': ['stored', 'is gone'],
    'reject': ['take', 'is gone'],
    'retry': ['wake', 'waits'],
    'retry of the link': ['wake', 'waits'],
    'gap': ['wake', 'waits'],
    'unknown': nothing('asks'),
    'due': nothing('asks'),
    'taken': nothing('asks'),
    'left': nothing('is gone'),
  },
  unsure: {
    'link': ['ask', 'asks'],
    'unlink': nothing('asks'),
    'sealed': nothing('asks'),
    'seal-failed': nothing('asks'),
    'ack': ['stored', 'is gone'],
    'reject': ['take', 'is gone'],
    'retry': nothing('asks'),
    'retry of the link': nothing('asks'),
    'gap': nothing('asks'),
    'unknown': nothing('asks'),
    'due': nothing('asks'),
    'taken': nothing('asks'),
    'left': nothing('is gone'),
  },
  asked: {
    'link': ['ask', 'asks'],
    'unlink': nothing('asks'),
    'sealed': nothing('asks'),
    'seal-failed': nothing('asks'),
    'ack': ['stored', 'is gone'],
    'reject': ['take', 'is gone'],
    'retry': ['wake', 'waits'],
    'retry of the link': ['wake', 'waits'],
    'gap': ['wake', 'waits'],
    'unknown': ['send', 'asks'],
    'due': nothing('asks'),
    'taken': nothing('asks'),
    'left': nothing('is gone'),
  },
  delayed: {
    'link': nothing('waits'),
    'unlink': nothing('waits'),
    'sealed': nothing('waits'),
    'seal-failed': nothing('waits'),
    'ack': ['stored wake', 'is gone'],
    'reject': ['take wake', 'is gone'],
    'retry': nothing('waits'),
    'retry of the link': nothing('waits'),
    'gap': nothing('waits'),
    'unknown': nothing('waits'),
    'due': ['send', 'asks'],
    'taken': nothing('waits'),
    'left': ['wake', 'is gone'],
  },
  paused: {
    'link': nothing('waits'),
    'unlink': nothing('waits'),
    'sealed': nothing('waits'),
    'seal-failed': nothing('waits'),
    'ack': ['stored', 'is gone'],
    'reject': ['take', 'is gone'],
    'retry': nothing('waits'),
    'retry of the link': nothing('waits'),
    'gap': nothing('waits'),
    'unknown': nothing('waits'),
    'due': ['send', 'asks'],
    'taken': nothing('waits'),
    'left': ['wake', 'is gone'],
  },
  stored: {
    'link': nothing('is gone'),
    'unlink': nothing('is gone'),
    'sealed': nothing('is gone'),
    'seal-failed': nothing('is gone'),
    'ack': nothing('is gone'),
    'reject': nothing('is gone'),
    'retry': nothing('is gone'),
    'retry of the link': nothing('is gone'),
    'gap': nothing('is gone'),
    'unknown': nothing('is gone'),
    'due': nothing('is gone'),
    'taken': nothing('is gone'),
    'left': nothing('is gone'),
  },
  taken: {
    'link': nothing('is gone'),
    'unlink': nothing('is gone'),
    'sealed': nothing('is gone'),
    'seal-failed': nothing('is gone'),
    'ack': nothing('is gone'),
    'reject': nothing('is gone'),
    'retry': nothing('is gone'),
    'retry of the link': nothing('is gone'),
    'gap': nothing('is gone'),
    'unknown': nothing('is gone'),
    'due': nothing('is gone'),
    'taken': nothing('is gone'),
    'left': nothing('is gone'),
  },
}

const waiting = (): Bench => new Bench().start([row(1, 'a')])
const sealing = (): Bench => waiting().link()

function sent(): Bench {
  const bench = sealing()
  bench.seal()
  return bench
}

function unsent(): Bench {
  const bench = sealing()
  const plan = bench.plan()
  bench.step({ kind: 'unlinked', space })
  bench.seal(plan)
  return bench
}

function unsure(): Bench {
  const bench = sent()
  bench.step({ kind: 'unlinked', space })
  return bench
}

const states: Record<State, () => Bench> = {
  waiting,
  sealing,
  unsent,
  sent,
  unsure,
  asked: () => unsure().link(),
  delayed: () => sent().answer(1, { kind: 'retry', error: 'checksum' }),
  paused: () => sent().answer(1, { kind: 'retry', error: 'unavailable' }),
  stored: () => sent().ack(1),
  taken: () => sent().reject(1),
}

/** The plan that the outbox made, or would have made. */
const plan = sealing().plan()

const events: Record<Event, (bench: Bench) => unknown> = {
  'link': (bench) => bench.link(),
  'unlink': (bench) => bench.step({ kind: 'unlinked', space }),
  'sealed': (bench) => bench.seal(plan),
  'seal-failed': (bench) => bench.step({ kind: 'seal-failed', plan }),
  'ack': (bench) => bench.ack(1),
  'reject': (bench) => bench.reject(1),
  'retry': (bench) => bench.answer(1, { kind: 'retry', error: 'checksum' }),
  'retry of the link': (bench) => bench.answer(1, { kind: 'retry', error: 'rate-limited' }),
  'gap': (bench) => bench.answer(1, { kind: 'retry', error: 'gap' }),
  'unknown': (bench) => bench.answer(1, { kind: 'unknown' }),
  'due': (bench) => bench.step({ kind: 'due' }),
  'taken': (bench) => bench.step({ kind: 'taken', take: 1, space, rows: [1] }),
  'left': (bench) => bench.step({ kind: 'left', space }),
}

const kindsOf = (effects: readonly OutboxEffect[]): string => effects.map(({ kind }) => kind).join(' ')

function afterNewLink(bench: Bench): string {
  bench.step({ kind: 'unlinked', space: 'all' })
  const { unansweredEntries, waitingRows } = bench.outbox.stats()
  if (unansweredEntries + waitingRows === 0) return 'is gone'
  if (unansweredEntries > bench.outbox.unanswered(space).length) return 'is sealing'
  const kinds = kindsOf(bench.link().effects)
  return { 'seal': 'seals', 'send': 'sends', 'ask': 'asks', '': 'waits' }[kinds] ?? kinds
}

describe('[OB32] an entry', () => {
  for (const [state, row] of Object.entries(table) as [State, Record<Event, Expected>][])
    for (const [event, [effects, after]] of Object.entries(row) as [Event, Expected][])
      test(`[OB32] that is ${state}, on ${event}: ${effects || 'nothing'}, and ${after}`, () => {
        const bench = states[state]()
        bench.effects = []
        events[event](bench)
        expect([kindsOf(bench.effects), afterNewLink(bench)]).toEqual([effects, after])
      })
})
