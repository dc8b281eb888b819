import { retryOf } from '@rejoin/base'
import type { ErrorKind, UserId } from '@rejoin/base'
import type { OutboxEffect } from '@rejoin/outbox'
import { nobody } from '../replica/meta.ts'
import type { Origin } from '../replica/row.ts'
import { nameOf } from '../replica/row.ts'
import type { SealedRecord } from '../replica/sealed-record.ts'
import type { TakenTransaction } from './taken.ts'

export type Take = Extract<OutboxEffect, { kind: 'take' }>

/** Why a row goes to quarantine. */
export interface Reason {
  readonly kind: ErrorKind
  readonly message: string
}

/** Writes are made again so often after a refusal that is over by itself; one that is not over yet would go on for ever. */
const healedMax = 3

/** What the answer to an entry means for all that was taken with it. */
export class Refusal {
  readonly #take: Take
  /** Rows of the entry that was refused, and of its group. */
  readonly #refused = new Set<number>()
  /** Rows that may have been sent, in whichever entry. */
  readonly #sealed = new Set<number>()
  readonly #isOver: boolean

  /** `sealed` are the entries that were taken; `isOver` if what was refused is taken when it is made again now. */
  constructor(take: Take, sealed: readonly SealedRecord[], isOver: boolean) {
    this.#take = take
    this.#isOver = isOver
    const first = sealed.find(({ info: { id } }) => id.writer === take.first.writer && id.n === take.first.n)
    for (const { info } of sealed) {
      const isOfGroup = info.group !== 0 && info.group === first?.info.group && info.id.writer === first.info.id.writer
      for (const row of info.rows) {
        this.#sealed.add(row)
        if (info === first?.info || isOfGroup) this.#refused.add(row)
      }
    }
  }

  /**
   * What the transaction becomes, or undefined if it goes to quarantine whatever it says: it was refused itself, or
   * the server may have it, or it is somebody else's.
   */
  originOf(transaction: TakenTransaction, principal: UserId): Origin | undefined {
    const [first] = transaction
    if (first === undefined || (first.write.transaction === 0 && first.write.of === undefined)) return undefined
    if (transaction.some(({ record }) => record.principal !== principal && record.principal !== nobody))
      return undefined
    if (!this.#isFinal && transaction.some(({ row }) => this.#sealed.has(row))) return undefined
    const isRefused = transaction.some(({ row }) => this.#refused.has(row))
    const healed = (first.write.of?.healed ?? 0) + (isRefused ? 1 : 0)
    if (isRefused && (!this.#isOver || healed > healedMax)) return undefined
    return { ...nameOf(first.record, first.write), healed }
  }

  reasonOf(row: number): Reason {
    const { error: kind, message } = this.#take
    if (this.#refused.has(row) || (!this.#isFinal && this.#sealed.has(row))) return { kind, message }
    return { kind: 'depends', message: `It builds on a write that was refused (${kind}): ${message}` }
  }

  /**
   * The entry will never be in the log, so nor will any that comes behind it. Who gave up asking does not know that:
   * what was sent may still arrive.
   */
  get #isFinal(): boolean {
    const retry = retryOf(this.#take.error)
    return retry === 'never' || retry === 'after-repair'
  }
}
