import * as Y from 'yjs'
import type { Update } from '../engine.ts'
import { encodeTransaction, hasChanged } from './encode.ts'

/** Catches the updates of the local transactions of a Y.Doc, and gives each once: to the caller of `call`, or to `tell`. */
export class Capture {
  readonly #doc: Y.Doc
  #tell: ((update: Update | undefined) => void) | undefined
  #caught: Uint8Array[] = []
  #foreign = false
  #calling = false
  #listening = false

  constructor(doc: Y.Doc) {
    this.#doc = doc
  }

  start(): void {
    if (!this.#listening) this.#doc.on('afterTransactionCleanup', this.#keep)
    this.#listening = true
  }

  stop(): void {
    if (this.#listening) this.#doc.off('afterTransactionCleanup', this.#keep)
    this.#listening = false
  }

  /** From now on `tell` gets what nobody has taken once all transactions have ended. */
  tell(tell: (update: Update | undefined) => void): void {
    this.#tell = tell
    this.start()
    this.#doc.on('afterAllTransactions', this.give)
  }

  end(): void {
    this.stop()
    this.#doc.off('afterAllTransactions', this.give)
  }

  /** Runs a transaction of which the caller gives the update itself, along with what observers write in answer. */
  call<T>(run: () => T): T {
    const outer = this.#calling
    this.#calling = true
    try {
      return run()
    } finally {
      this.#calling = outer
      this.#foreign = false
    }
  }

  /** What was caught and not yet given, as one update. */
  take(): Update | undefined {
    const [first, ...more] = this.#caught
    this.#caught = []
    if (first === undefined) return undefined
    return { encoding: 'yjs-1', bytes: more.length === 0 ? first : Y.mergeUpdates([first, ...more]) }
  }

  /** Tells of what nobody has taken. Never inside `call`, whose caller takes it. */
  readonly give = (): void => {
    if (this.#calling) return
    const update = this.take()
    const changed = update !== undefined || this.#foreign
    this.#foreign = false
    if (changed) this.#tell?.(update)
  }

  readonly #keep = (transaction: Y.Transaction): void => {
    if (!hasChanged(transaction)) return
    if (!transaction.local) this.#foreign = true
    else if (this.#calling || this.#tell !== undefined) this.#caught.push(encodeTransaction(transaction))
  }
}
