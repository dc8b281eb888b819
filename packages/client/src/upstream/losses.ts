import { eachNumber, parseDocumentKey } from '@rejoin/base'
import type { DocumentKey, SpaceId, WriterId } from '@rejoin/base'
import type { Receipts } from '../receipts.ts'
import type { BatchBuilder } from '../replica/committer.ts'
import { giveUp } from '../replica/damage.ts'
import type { Damages } from '../replica/damage.ts'
import { numberOf, partsOf, underEntity } from '../replica/keys.ts'
import type { Transactions } from '../replica/row.ts'
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
  readonly #lost = new Set<string>()

  constructor(deps: LossesDeps) {
    this.#deps = deps
  }

  write(batch: BatchBuilder, key: string, bytes: Uint8Array): void {
    const { book } = this.#deps
    giveUp(batch, key, bytes)
    for (const { writer, numbers } of this.#receiptsIn(key)) book.rejected(batch, writer, eachNumber(numbers))
  }

  /** To be called once they are given up durably. */
  add(keys: readonly string[]): void {
    if (keys.length === 0) return
    const { damages, receipts, changed } = this.#deps
    for (const key of keys) {
      damages.lose(key)
      for (const { writer, numbers } of this.#receiptsIn(key))
        if (writer === this.#deps.writer)
          for (const n of eachNumber(numbers)) receipts.rejected(n, 'storage-corrupt', lostMessage)
      this.#lost.add(key)
    }
    changed()
  }

  /** Whether a row of the entity was lost since the open: what was in one transaction with it is there in part. */
  touches(space: SpaceId, document: DocumentKey): boolean {
    const { collection, entity } = parseDocumentKey(document)
    const { from, to } = underEntity('row', space, collection, entity)
    return [...this.#lost].some((key) => from <= key && key < to)
  }

  #receiptsIn(key: string): readonly Transactions[] {
    return this.#deps.receipts.rows.get(numberOf(partsOf(key)[3] ?? '')) ?? []
  }
}
