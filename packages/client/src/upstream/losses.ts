import { eachNumber, noIntervals } from '@rejoin/base'
import type { Intervals, WriterId } from '@rejoin/base'
import type { Receipts } from '../receipts.ts'
import type { BatchBuilder } from '../replica/committer.ts'
import { giveUp } from '../replica/damage.ts'
import type { Damages } from '../replica/damage.ts'
import { numberOf, partsOf } from '../replica/keys.ts'
import type { ReceiptBook } from './receipt-book.ts'

export interface LossesDeps {
  readonly writer: WriterId
  readonly damages: Damages
  readonly receipts: Receipts
  readonly book: ReceiptBook
  readonly changed: () => void
}

const lostMessage = 'The bytes of this write are damaged on this device, and the server never had it.'

/** Unsent rows that are found damaged while the replica is open: kept aside, counted, and said by their receipts. */
export class Losses {
  readonly #deps: LossesDeps

  constructor(deps: LossesDeps) {
    this.#deps = deps
  }

  write(batch: BatchBuilder, key: string, bytes: Uint8Array): void {
    const { book, writer } = this.#deps
    giveUp(batch, key, bytes)
    book.rejected(batch, writer, eachNumber(this.#transactionsIn(key)))
  }

  /** To be called once they are given up durably. */
  add(keys: readonly string[]): void {
    if (keys.length === 0) return
    const { damages, receipts, changed } = this.#deps
    for (const key of keys) {
      damages.lose(key)
      for (const n of eachNumber(this.#transactionsIn(key))) receipts.rejected(n, 'storage-corrupt', lostMessage)
    }
    changed()
  }

  #transactionsIn(key: string): Intervals {
    return this.#deps.receipts.rows.get(numberOf(partsOf(key)[3] ?? '')) ?? noIntervals
  }
}
