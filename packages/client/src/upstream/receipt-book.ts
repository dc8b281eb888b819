import { addNumber, addRun, hasNumber, noIntervals, without } from '@rejoin/base'
import type { Intervals, WriterId } from '@rejoin/base'
import type { Store } from '@rejoin/storage'
import { keys } from '../replica/keys.ts'
import type { Damaged } from '../replica/reading.ts'
import type { BatchBuilder } from '../replica/committer.ts'
import type { TransactionId } from '../replica/row.ts'
import { decodeReceipts, encodeReceipts } from '../replica/writer-records.ts'
import type { Receipts } from '../replica/writer-records.ts'

const none: Receipts = { stored: noIntervals, rejected: noIntervals }

/** How the transactions of every writer ended, on disk; those of writers with unanswered work also in memory. */
export class ReceiptBook {
  readonly #store: Store
  readonly #damaged: Damaged
  readonly #open = new Map<WriterId, Receipts>()

  constructor(store: Store, damaged: Damaged) {
    this.#store = store
    this.#damaged = damaged
  }

  /** Reads the book of a writer whose transactions may still end. */
  async open(writer: WriterId): Promise<void> {
    if (!this.#open.has(writer)) this.#open.set(writer, await this.#read(writer))
  }

  stored(batch: BatchBuilder, writer: WriterId, transactions: Intervals): void {
    const book = this.#open.get(writer) ?? none
    let { stored } = book
    for (let i = 0; i < transactions.length; i += 2)
      stored = addRun(stored, transactions[i] ?? 0, transactions[i + 1] ?? 0)
    this.#put(batch, writer, { ...book, stored })
  }

  rejected(batch: BatchBuilder, writer: WriterId, transactions: Iterable<number>): void {
    const book = this.#open.get(writer) ?? none
    let { rejected } = book
    for (const n of transactions) rejected = addNumber(rejected, n)
    this.#put(batch, writer, { ...book, rejected })
  }

  /** What was rejected is on its way again. */
  reopened(batch: BatchBuilder, { writer, transaction }: TransactionId): void {
    const book = this.#open.get(writer) ?? none
    this.#put(batch, writer, { ...book, rejected: without(book.rejected, [transaction, transaction]) })
  }

  async find(writer: WriterId, transaction: number): Promise<'stored' | 'rejected' | undefined> {
    const book = this.#open.get(writer) ?? (await this.#read(writer))
    if (hasNumber(book.rejected, transaction)) return 'rejected'
    return hasNumber(book.stored, transaction) ? 'stored' : undefined
  }

  async #read(writer: WriterId): Promise<Receipts> {
    const key = keys.receipts(writer)
    const [bytes] = await this.#store.get([key])
    if (bytes === undefined) return none
    const book = decodeReceipts(bytes)
    if (book.ok) return book.value
    this.#damaged(key, bytes)
    return none
  }

  #put(batch: BatchBuilder, writer: WriterId, book: Receipts): void {
    const before = this.#open.get(writer) ?? none
    this.#open.set(writer, book)
    batch.onRevert(() => this.#open.set(writer, before))
    batch.put(keys.receipts(writer), () => encodeReceipts(this.#open.get(writer) ?? book))
  }
}
