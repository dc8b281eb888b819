import type { EngineDocument } from '@rejoin/documents'
import { threadCpuMs } from '../platform/cpu.ts'
import type { Policy } from '../policies/policy.ts'
import { MergingCopy, WholeCopy } from './copy.ts'
import { Mirror } from './mirror.ts'
import { Player } from './player.ts'
import type { Done } from './player.ts'
import { Post } from './post.ts'
import type { Session } from './session.ts'
import { measure } from './measure.ts'
import type { Losses } from './measure.ts'

export interface PlayOptions {
  /**
   * Traces tell no times. `in-order`, which is the default: a second goes by with each transaction. `at-once`: everybody
   * makes one a second, and those that do not know of each other go on at the same time.
   */
  readonly timing?: 'in-order' | 'at-once'
  /** How far the clock of each author is ahead, in milliseconds; nobody's unless told. */
  readonly skewMs?: readonly number[]
  /** Told now and then which share is done. */
  readonly progress?: (share: number) => Promise<void> | void
}

/** What came of a session under a policy. Everything but `cpuMs` follows from the trace. */
export interface SessionResult extends Losses {
  readonly policy: string
  readonly trace: string
  readonly authors: number
  readonly transactions: number
  /** Where one person wrote on several devices: transactions of each turn. */
  readonly turn: number | null
  /** Erasures that were not made, because what they erase was not there: lost, or not come yet. */
  readonly skipped: number
  /** Sets of versions that were shown to any author as a conflict. */
  readonly conflictsShown: number
  /** All authors show the same at the end, and keep the same. */
  readonly convergent: boolean
  /** What the updates take that the authors sent. */
  readonly bytes: number
  /** Processor time of the thread. */
  readonly cpuMs: number
}

/**
 * Plays a session under a policy: each author has a copy of the text, which takes in what the trace says it had at each
 * transaction, and makes this there, by characters. Where the policy keeps several versions, the next write replaces
 * those that its author sees: long before an hour is over, so that nobody ever settles a conflict here and `manual` comes
 * to the same as `multi-value`.
 */
export async function playSession(session: Session, policy: Policy, options: PlayOptions = {}): Promise<SessionResult> {
  const { timing = 'in-order', skewMs = [], progress } = options
  const engineOf = await policy.open()
  const begunMs = threadCpuMs()
  const { transactions, authors, typed } = session
  let nowMs = beginsAt
  const byArrival = policy.byArrival === true
  const post = new Post(byArrival ? authors : authors - 1)
  const done: Done = { erased: new Uint8Array(typed), skipped: 0, conflicts: new Set() }
  const documents: EngineDocument[] = []
  const players = Array.from({ length: authors }, (_, author) => {
    const clock = { now: () => nowMs + (skewMs[author] ?? 0) }
    const document = engineOf(clock).create()
    documents.push(document)
    document.setClient(author + 1)
    const copy =
      policy.form === 'merging' ? new MergingCopy(document) : new WholeCopy(document, policy.registers, clock)
    return new Player(author, session, { copy, mirror: new Mirror(typed, session.before), post, done, byArrival })
  })
  try {
    let bytes = 0
    for (const [index, transaction] of transactions.entries()) {
      nowMs = beginsAt + stepMs * (timing === 'in-order' ? index + 1 : transaction.time)
      const sent = players[transaction.author]?.carry(index, transaction)
      if (sent !== undefined) post.put(index, sent)
      bytes += sent?.update.bytes.length ?? 0
      if (index % toldEvery === 0) await progress?.(index / transactions.length)
    }
    for (const player of players) player.finish(session)
    const copies = players.map(({ copy }) => copy)
    return {
      policy: policy.name,
      trace: session.name,
      authors,
      transactions: transactions.length,
      turn: session.turn,
      ...measure(session, done, copies[0]?.versions() ?? [new Int32Array()], copies[0]?.read() ?? new Int32Array()),
      skipped: done.skipped,
      conflictsShown: done.conflicts.size,
      convergent: new Set(copies.map((copy) => [copy.read(), ...copy.versions()].join(';'))).size <= 1,
      bytes,
      cpuMs: threadCpuMs() - begunMs,
    }
  } finally {
    for (const document of documents) document.dispose()
  }
}

/** Clocks show a time of today: 2026-11-20, in milliseconds since 1970. */
const beginsAt = 1_795_132_800_000
const stepMs = 1_000
const toldEvery = 256
