import type { EngineName } from '../engines.ts'

/** The field with the bare documents of an engine. */
export const rawRate: Readonly<Record<EngineName, RawRate>> = {
  yjs: 'rawYjsTransactionsPerSecond',
  automerge: 'rawAutomergeTransactionsPerSecond',
}

type RawRate = 'rawYjsTransactionsPerSecond' | 'rawAutomergeTransactionsPerSecond'

/** The one object of `--json`; documented field by field in the README. */
export interface Figures extends Readonly<Partial<Record<RawRate, number>>> {
  readonly trace: string
  readonly engine: EngineName
  readonly transactions: number
  readonly seconds: number
  readonly transactionsPerSecond: number
  readonly entriesAcked: number
  readonly bytesUp: number
  readonly bytesDown: number
  readonly rawUpdateBytes: number
  readonly cuts: number
  readonly kills: number
  readonly unackedAtKills: readonly number[]
  readonly madeOffline: number
  readonly catchUpMs: number
  readonly rawApplyMs: number
  readonly serverRssMb: number
  readonly textMatches: boolean
  readonly countersExact: boolean
  readonly hashesEqual: boolean
  readonly outboxesEmpty: boolean
  readonly exactlyOnce: boolean
  readonly ok: boolean
  readonly commentsExact: boolean
  readonly serverKills: number
  readonly unackedAtServerKills: readonly number[]
  readonly unackedAtCuts: readonly number[]
  readonly seed: number
  /** What did not hold, in sentences. Empty if `ok`. */
  readonly failures: readonly string[]
}
