import { addNumber, addRun, hasNumber, noIntervals, RejoinError, without } from '@rejoin/base'
import type { ErrorKind, Intervals, WriterId } from '@rejoin/base'
import type { Receipt, ReceiptState } from './api.ts'
import type { Transactions } from './replica/row.ts'

interface Deferred {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: RejoinError) => void
}

export const receiptId = (writer: WriterId, transaction: number): string => `${writer}-${transaction}`

/** The parts of a receipt's id; undefined if it is none. Transaction 0 stands for every edit that changed nothing. */
export function parseReceiptId(id: string): { readonly writer: string; readonly transaction: number } | undefined {
  const match = /^([0-9a-f]{32})-(0|[1-9][0-9]{0,14})$/.exec(id)
  return match?.[1] === undefined ? undefined : { writer: match[1], transaction: Number(match[2]) }
}

/**
 * The transactions of this open of the store. They become durable in order, so `memory` and `device` are
 * one watermark; promises exist only for those that somebody asked for.
 */
export class Receipts {
  readonly #writer: WriterId
  /** The transactions of each row of this open that still waits, should its bytes turn out to be damaged. */
  readonly rows: Map<number, readonly Transactions[]> = new Map()
  #made = 0
  #durable = 0
  #inMemory = 0
  #closed: ((isDurable: boolean) => RejoinError) | undefined
  #stored: Intervals = noIntervals
  #rejected: Intervals = noIntervals
  readonly #reasons = new Map<number, RejoinError>()
  readonly #deviceWaits = new Map<number, Deferred>()
  readonly #storedWaits = new Map<number, Deferred>()

  constructor(writer: WriterId) {
    this.#writer = writer
  }

  /** The number of the next transaction, which did so many writes. */
  next(writes: number): number {
    this.#made += 1
    this.#inMemory += writes
    return this.#made
  }

  /** Writes that are not yet on this device's disk. */
  get inMemory(): number {
    return this.#inMemory
  }

  receipt(transaction: number): Receipt {
    return new TransactionReceipt(this, transaction, receiptId(this.#writer, transaction))
  }

  stateOf(transaction: number): ReceiptState {
    if (hasNumber(this.#stored, transaction)) return 'stored'
    if (hasNumber(this.#rejected, transaction)) return 'rejected'
    return transaction <= this.#durable ? 'device' : 'memory'
  }

  /** Every transaction up to this one is durable: so many writes more. */
  durable(upTo: number, writes: number): void {
    this.#inMemory -= writes
    for (let n = this.#durable + 1; n <= upTo && this.#deviceWaits.size > 0; n++) settle(this.#deviceWaits, n)
    this.#durable = Math.max(this.#durable, upTo)
  }

  stored(transactions: Intervals): void {
    for (let i = 0; i < transactions.length; i += 2) {
      const [first = 0, last = 0] = transactions.slice(i, i + 2)
      this.#stored = addRun(this.#stored, first, last)
      for (let n = first; n <= last && this.#storedWaits.size > 0; n++) settle(this.#storedWaits, n)
    }
  }

  rejected(transaction: number, kind: ErrorKind, message: string): void {
    const error = new RejoinError(kind, message)
    this.#rejected = addNumber(this.#rejected, transaction)
    this.#reasons.set(transaction, error)
    settle(this.#storedWaits, transaction, error)
  }

  /** What was rejected is on its way again: a person has made it again. */
  reopened(transaction: number): void {
    this.#rejected = without(this.#rejected, [transaction, transaction])
    this.#reasons.delete(transaction)
  }

  deviceOf(transaction: number): Promise<void> {
    if (transaction <= this.#durable) return Promise.resolve()
    return this.#closed === undefined ? wait(this.#deviceWaits, transaction) : refused(this.#closed(false))
  }

  storedOf(transaction: number): Promise<void> {
    if (hasNumber(this.#stored, transaction)) return Promise.resolve()
    const reason = this.#reasons.get(transaction)
    if (reason !== undefined) return refused(reason)
    return this.#closed === undefined
      ? wait(this.#storedWaits, transaction)
      : refused(this.#closed(transaction <= this.#durable))
  }

  /** Settles every promise, now and later: nobody waits for ever on a closed replica. `failure`: why not all is durable. */
  close(failure: RejoinError | undefined): void {
    const ofWrite = (isDurable: boolean): RejoinError => (isDurable ? keptError() : (failure ?? lostError()))
    this.#closed = ofWrite
    for (const waits of [this.#deviceWaits, this.#storedWaits])
      for (const n of [...waits.keys()]) settle(waits, n, ofWrite(n <= this.#durable))
  }
}

const keptError = (): RejoinError =>
  new RejoinError('closed', 'The replica was closed before the server answered; the write is kept on this device.')
const lostError = (): RejoinError => new RejoinError('closed', 'The replica was closed before the write was on disk.')

class TransactionReceipt implements Receipt {
  readonly #receipts: Receipts
  readonly #transaction: number
  readonly id: string

  constructor(receipts: Receipts, transaction: number, id: string) {
    this.#receipts = receipts
    this.#transaction = transaction
    this.id = id
  }

  get state(): ReceiptState {
    return this.#receipts.stateOf(this.#transaction)
  }

  get device(): Promise<void> {
    return this.#receipts.deviceOf(this.#transaction)
  }

  get stored(): Promise<void> {
    return this.#receipts.storedOf(this.#transaction)
  }
}

function refused(reason: RejoinError): Promise<void> {
  const { promise, reject } = Promise.withResolvers<void>()
  quietly(promise)
  reject(reason)
  return promise
}

/** A receipt that nobody awaits must not end the process when it is rejected. */
function quietly(promise: Promise<void>): void {
  promise.catch(() => undefined)
}

function wait(waits: Map<number, Deferred>, transaction: number): Promise<void> {
  let deferred = waits.get(transaction)
  if (deferred === undefined) {
    deferred = Promise.withResolvers<void>()
    quietly(deferred.promise)
    waits.set(transaction, deferred)
  }
  return deferred.promise
}

function settle(waits: Map<number, Deferred>, transaction: number, error?: RejoinError): void {
  const deferred = waits.get(transaction)
  if (deferred === undefined) return
  waits.delete(transaction)
  if (error === undefined) deferred.resolve()
  else deferred.reject(error)
}
